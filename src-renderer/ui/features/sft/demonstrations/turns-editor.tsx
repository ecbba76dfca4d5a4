// Turns of prompt and response as fields: add, take out, a system message above them.
import { ActionIcon, Button, Group, Stack, Text, Textarea, Tooltip } from '@mantine/core'
import { Plus, X } from 'lucide-react'
import type { RefObject } from 'react'
import { type DraftProblem, emptyTurn, type RowDraft, type Turn } from './row-draft.ts'

type Conversation = Pick<RowDraft, 'system' | 'turns'>

const many = (turns: readonly Turn[], index: number) => (turns.length > 1 ? ` ${index + 1}` : '')

export function TurnsEditor({
  conversation: { system, turns },
  problem,
  first,
  onChange,
}: {
  conversation: Conversation
  /** Shown at its field. */
  problem: DraftProblem | null
  /** Takes the first prompt's field. */
  first?: RefObject<HTMLTextAreaElement | null>
  onChange: (change: Partial<Conversation>) => void
}) {
  const change = (index: number, part: Partial<Turn>) =>
    onChange({ turns: turns.map((turn, i) => (i === index ? { ...turn, ...part } : turn)) })
  const error = (field: DraftProblem['field'], turn: number) =>
    problem?.field === field && problem.turn === turn ? problem.sentence : undefined
  return (
    <Stack gap={8}>
      {system !== null && (
        <Message
          label="System message"
          description="Put before the first prompt: who the assistant is, how it is to answer."
          value={system}
          error={error('system', 0)}
          onChange={text => onChange({ system: text })}
          onRemove={() => onChange({ system: null })}
          removeLabel="Take the system message out"
        />
      )}
      {turns.map((turn, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: turns have no other name than their place
        <Stack key={index} gap={6}>
          <Message
            label={`Prompt${many(turns, index)}`}
            value={turn.prompt}
            error={error('prompt', index)}
            fieldRef={index === 0 ? first : undefined}
            onChange={prompt => change(index, { prompt })}
            onRemove={
              turns.length > 1 ? () => onChange({ turns: turns.filter((_, i) => i !== index) }) : undefined
            }
            removeLabel={`Take turn ${index + 1} out`}
          />
          <Message
            label={`Response${many(turns, index)}`}
            trained={turn.weight !== 0}
            value={turn.response}
            error={error('response', index)}
            onChange={response => change(index, { response })}
          />
        </Stack>
      ))}
      <Group gap="xs">
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Plus size={12} />}
          onClick={() => onChange({ turns: [...turns, emptyTurn] })}
        >
          Add a turn
        </Button>
        {system === null && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<Plus size={12} />}
            onClick={() => onChange({ system: '' })}
          >
            System message
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function Message({
  label,
  description,
  value,
  error,
  trained,
  fieldRef,
  onChange,
  onRemove,
  removeLabel,
}: {
  label: string
  description?: string
  value: string
  error: string | undefined
  /** Of a response: whether the loss counts it. */
  trained?: boolean
  fieldRef?: RefObject<HTMLTextAreaElement | null>
  onChange: (text: string) => void
  onRemove?: () => void
  removeLabel?: string
}) {
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={2} wrap="nowrap">
        <Text fz="xs" fw={600} aria-hidden>
          {label}
          {trained !== undefined && (
            <Text span fz="xs" fw={400} c={trained ? 'var(--lab-phase-sft)' : 'dimmed'}>
              {' '}
              {trained ? 'trained on' : 'read, not trained on (weight 0)'}
            </Text>
          )}
        </Text>
        {onRemove && (
          <Tooltip label={removeLabel}>
            <ActionIcon size="xs" aria-label={removeLabel} onClick={onRemove}>
              <X size={12} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      <Textarea
        ref={fieldRef}
        aria-label={label}
        description={description}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        value={value}
        error={error}
        onChange={event => onChange(event.currentTarget.value)}
      />
    </div>
  )
}
