// One message for all columns, and the seed that they all draw with.
import { Textarea } from '@mantine/core'
import { type KeyboardEvent, memo } from 'react'
import { ActionButton } from '../../components/action-button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { samplingProblem } from '../../components/sampling-draft.ts'
import { SeedField } from '../../components/sampling-fields.tsx'
import classes from './chat.module.css'
import { promptOf, setSeed, useChat, write } from './chat-store.ts'

/** Enter sends, with Ctrl too; Shift+Enter is a new line; Enter that ends a composition of characters is not meant. */
export const sendsNow = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' && !event.shiftKey && !event.altKey && !event.nativeEvent.isComposing

/** To go on writing, after what took the focus away. */
export const focusComposer = (): void => document.querySelector<HTMLElement>('[data-composer]')?.focus()

export const Composer = memo(function Composer({
  columns,
  running,
  obstacle,
  onSend,
  onStop,
}: {
  columns: number
  running: boolean
  /** Why nothing can be sent to these columns, or null. */
  obstacle: string | null
  onSend: (prompt: string) => void
  onStop: () => void
}) {
  const prompt = useChat(promptOf)
  const seed = useChat(state => state.seed)
  const error = useChat(state => state.error)
  const reason =
    obstacle ??
    samplingProblem({ seed }, ['seed']) ??
    (prompt.trim() === '' ? 'Write a message first.' : null)
  const toWhom = columns > 2 ? `all ${columns} models` : columns === 2 ? 'both models' : 'the model'
  return (
    <div className={classes.composer}>
      {error && (
        <div style={{ marginBottom: 6 }}>
          <ErrorNote error={error} onClose={() => useChat.setState({ error: null })} />
        </div>
      )}
      <div className={classes.composerLine}>
        <Textarea
          style={{ flex: 1 }}
          size="sm"
          aria-label={`Message to ${toWhom}`}
          aria-describedby="chat-composer-keys"
          placeholder={`Message to ${toWhom}`}
          autosize
          minRows={1}
          maxRows={8}
          maxLength={100_000}
          value={prompt}
          data-composer
          onChange={event => write(event.currentTarget.value)}
          onKeyDown={event => {
            if (!sendsNow(event)) return
            event.preventDefault()
            if (!running && !reason) onSend(prompt)
          }}
        />
        <div style={{ width: 84 }}>
          <SeedField value={seed} onChange={setSeed} labelled={false} />
        </div>
        {running ? (
          <ActionButton color="red" variant="light" onClick={onStop}>
            {columns > 1 ? 'Stop all' : 'Stop'}
          </ActionButton>
        ) : (
          <ActionButton disabledReason={reason} onClick={() => onSend(prompt)}>
            Send
          </ActionButton>
        )}
      </div>
      <div className={classes.foot} style={{ paddingTop: 2 }}>
        <span id="chat-composer-keys">Enter sends · Shift+Enter for a new line · Esc stops the writing</span>
        <span style={{ marginLeft: 'auto' }}>
          All columns draw with the same seed; it counts up with every message.
        </span>
      </div>
    </div>
  )
})
