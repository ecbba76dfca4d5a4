// What to ask first, and what is missing for the comparison that the chat is for.
import { Button, Group, Text } from '@mantine/core'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../app-state.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import classes from './chat.module.css'
import { write } from './chat-store.ts'
import { focusComposer } from './composer.tsx'

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
