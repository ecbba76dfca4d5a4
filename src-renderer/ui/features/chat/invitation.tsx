// What to ask first, and what is missing for the comparison that the chat is for.
import { Button, Group, Text } from '@mantine/core'
import { X } from 'lucide-react'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../app-state.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import classes from './chat.module.css'
import { useChat, write } from './chat-store.ts'
import { focusComposer } from './composer.tsx'
import { IconButton } from './icon-button.tsx'

const suggestions = ['Which is the nearest star?', 'Who are you?', 'Tell me a short story.'] as const

export function Invitation() {
  return (
    <EmptyState title="Ask all columns the same">
      One message goes to every column, with the same seed. A base model goes on with the text, by more
      questions as gladly as by an answer; a fine-tuned one answers.
      <Group gap={6} justify="center" mt="sm">
        {suggestions.map(prompt => (
          <Button
            key={prompt}
            size="compact-xs"
            variant="default"
            onClick={() => {
              write(prompt)
              focusComposer()
            }}
          >
            {prompt}
          </Button>
        ))}
      </Group>
    </EmptyState>
  )
}

/** What base | SFT | RLHF lacks, and where it is made. */
export function LineIncomplete({ missing }: { missing: 'pretrain' | 'sft' | 'ppo' | null }) {
  const show = useApp(state => state.show)
  const told = useChat(state => state.missingTold)
  if (!told || missing !== 'ppo') return null
  return (
    <div className={`${classes.setup} ${classes.columnLine}`} role="status">
      <Text fz="sm" c="dimmed" style={{ flex: 1 }}>
        There is no RLHF model yet. Phase 4 makes one: from the fine-tuned model, prompts, and the reward
        model of phase 3.
      </Text>
      <Button size="compact-xs" variant="default" style={{ flex: 'none' }} onClick={() => show('ppo')}>
        Go to reinforcement learning
      </Button>
      <IconButton
        icon={X}
        label="Close this message"
        onClick={() => useChat.setState({ missingTold: false })}
      />
    </div>
  )
}

/** While there is no fine-tuned model. */
export function OnlyBase({ models }: { models: readonly CheckpointSummary[] }) {
  const show = useApp(state => state.show)
  if (models.length === 0 || models.some(model => model.phase !== 'pretrain')) return null
  return (
    <div className={`${classes.setup} ${classes.columnLine}`}>
      <Text fz="sm" c="dimmed">
        There are base models only: they continue a text, and answer nothing. Phase 2 makes an assistant of
        one.
      </Text>
      <Button size="compact-xs" variant="default" style={{ flex: 'none' }} onClick={() => show('sft')}>
        Go to fine-tuning
      </Button>
    </div>
  )
}
