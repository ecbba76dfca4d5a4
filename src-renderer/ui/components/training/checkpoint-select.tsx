// A select of the checkpoints that a run may start from: short in the field, whole in the list, with where it comes from.
import { Select, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { checkpointLabel } from '../model-choice.ts'
import { baseSentence, shortPlace } from './checkpoint-place.ts'

/** Pixels of the field that its borders, its arrow and the step take, and of a character of the name. */
const BESIDE_NAME = 150
const CHARACTER = 8

export function CheckpointSelect({
  label,
  placeholder,
  options,
  chosen,
  wanted,
  checkpoints,
  runs,
  onChoose,
}: {
  /** For screen readers. */
  label: string
  placeholder: string
  /** Groups, or single ones, by id and their whole name. */
  options: readonly {
    readonly group: string
    readonly items: readonly { readonly value: string; readonly label: string }[]
  }[]
  chosen: CheckpointSummary | undefined
  /** The person's own choice. */
  wanted: string | null
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
  onChoose: (checkpoint: string | null) => void
}) {
  const { ref, width } = useElementSize<HTMLDivElement>()
  const room = Math.floor((width - BESIDE_NAME) / CHARACTER)
  const whole = new Map(options.flatMap(({ items }) => items.map(({ value, label }) => [value, label])))
  const short = options.map(({ group, items }) => ({
    group,
    items: items.map(({ value }) => ({
      value,
      label: shortPlace(checkpoints.find(each => each.id === value)!, room),
    })),
  }))
  return (
    <div ref={ref}>
      <Select
        aria-label={label}
        data={short}
        renderOption={({ option }) => (
          <Text inherit style={{ overflowWrap: 'anywhere' }}>
            {whole.get(option.value)}
          </Text>
        )}
        comboboxProps={{ width: 340, position: 'bottom-start' }}
        value={chosen?.id ?? null}
        title={chosen && checkpointLabel(chosen)}
        placeholder={placeholder}
        searchable
        error={
          !chosen && wanted !== null
            ? 'The chosen checkpoint is gone: a run keeps its newest ones and its best.'
            : undefined
        }
        description={chosen && baseSentence(chosen, checkpoints, runs)}
        inputWrapperOrder={['input', 'description', 'error']}
        onChange={onChoose}
      />
    </div>
  )
}
