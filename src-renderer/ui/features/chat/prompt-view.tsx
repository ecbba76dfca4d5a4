// What the person wrote: to be edited, which makes a branch, and to be walked from branch to branch.
import { Button, CopyButton, Group, Textarea } from '@mantine/core'
import { Check, Copy, Pencil } from 'lucide-react'
import { useState } from 'react'
import type { ChatTurn } from '../../../../src-shared/contract/chat-contract.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { PlainText } from '../../components/plain-text.tsx'
import { toastError } from '../../components/toast.tsx'
import { call } from '../../lab.ts'
import classes from './chat.module.css'
import { sendsNow } from './composer.tsx'
import { IconButton } from './icon-button.tsx'
import { useObstacles } from './obstacles.ts'
import { Walk } from './walk.tsx'

export function PromptView({
  turn,
  conversation,
  onBranch,
}: {
  turn: ChatTurn
  conversation: string
  /** Sends the edited message in place of this one. @returns whether it was sent */
  onBranch: (prompt: string) => Promise<boolean>
}) {
  const [editing, setEditing] = useState(false)
  const { id, prompt, seed, branches } = turn
  if (editing) return <Editor prompt={prompt} onBranch={onBranch} onDone={() => setEditing(false)} />
  return (
    <div className={`${classes.prompt} ${classes.promptLine}`}>
      <div className={classes.promptText}>
        <span className="visually-hidden">You: </span>
        <PlainText text={prompt} />
      </div>
      <div className={classes.foot}>
        <span>seed {seed}</span>
        <span className={classes.actions}>
          <Walk
            of={branches}
            at={id}
            name="version"
            onGo={turn => void call('chat.change', { conversation, turn }).catch(toastError)}
          />
          <IconButton icon={Pencil} label="Edit this message" onClick={() => setEditing(true)} />
          <CopyButton value={prompt}>
            {({ copied, copy }) => (
              <IconButton
                icon={copied ? Check : Copy}
                label={copied ? 'Copied' : 'Copy this message'}
                onClick={copy}
              />
            )}
          </CopyButton>
        </span>
      </div>
    </div>
  )
}

function Editor({
  prompt,
  onBranch,
  onDone,
}: {
  prompt: string
  onBranch: (prompt: string) => Promise<boolean>
  onDone: () => void
}) {
  const [edited, setEdited] = useState(prompt)
  const { sending } = useObstacles()
  const same = edited.trim() === '' || edited === prompt
  const obstacle = sending ?? (same ? 'Change the message first; to ask the same again, regenerate.' : null)
  const branch = async () => {
    if (!obstacle && (await onBranch(edited))) onDone()
  }
  return (
    <div className={classes.prompt}>
      <Textarea
        aria-label="Edit the message"
        description="What follows is written anew on a branch of its own; this one stays."
        autosize
        autoFocus
        minRows={1}
        maxRows={10}
        maxLength={100_000}
        value={edited}
        onChange={event => setEdited(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            onDone()
          } else if (sendsNow(event)) {
            event.preventDefault()
            void branch()
          }
        }}
      />
      <Group gap="xs" mt={6}>
        <ActionButton size="compact-xs" disabledReason={obstacle} onClick={() => void branch()}>
          Send as a branch
        </ActionButton>
        <Button size="compact-xs" variant="default" onClick={() => onDone()}>
          Cancel
        </Button>
      </Group>
    </div>
  )
}
