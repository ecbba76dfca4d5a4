// What a fine-tuning reads: the base that it starts from and the sets of demonstrations.
import { Anchor, Checkbox, Select, Stack, Text } from '@mantine/core'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { checkpointLabel } from '../../../components/model-choice.ts'
import { visible } from '../../../components/plain-text.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { baseOptions, baseSentence, shortPlace } from '../base-choice.ts'
import { changeRecipe } from './recipe-store.ts'

export function BaseField({
  base,
  checkpoints,
  runs,
  wanted,
}: {
  base: CheckpointSummary | undefined
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
  /** The person's own choice. */
  wanted: string | null
}) {
  const options = baseOptions(checkpoints)
  const whole = new Map(options.flatMap(({ items }) => items.map(({ value, label }) => [value, label])))
  const short = options.map(({ group, items }) => ({
    group,
    items: items.map(({ value }) => ({
      value,
      label: shortPlace(checkpoints.find(each => each.id === value)!),
    })),
  }))
  if (options.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        No base model yet.{' '}
        <Anchor
          component="button"
          type="button"
          fz="sm"
          onClick={() => useApp.getState().showPretrain('train')}
        >
          Train one in phase 1
        </Anchor>
        : fine-tuning teaches a model to answer, with what it has learnt there.
      </Text>
    )
  return (
    <Select
      aria-label="Base model"
      data={short}
      renderOption={({ option }) => (
        <Text inherit style={{ overflowWrap: 'anywhere' }}>
          {whole.get(option.value)}
        </Text>
      )}
      comboboxProps={{ width: 340, position: 'bottom-start' }}
      value={base?.id ?? null}
      title={base && checkpointLabel(base)}
      placeholder="Choose a base"
      searchable
      error={
        !base && wanted !== null
          ? 'The chosen checkpoint is gone: a run keeps its newest ones and its best.'
          : undefined
      }
      description={base && baseSentence(base, checkpoints, runs)}
      inputWrapperOrder={['input', 'description', 'error']}
      onChange={checkpoint => changeRecipe({ checkpoint })}
    />
  )
}

export function SetsField({
  sets,
  chosen,
}: {
  sets: readonly DemonstrationSet[]
  chosen: readonly DemonstrationSet[]
}) {
  const showSft = useApp(state => state.showSft)
  const live = sets.filter(set => set.removedAt === null)
  if (live.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        None yet.{' '}
        <Anchor component="button" type="button" fz="sm" onClick={() => showSft('demonstrations')}>
          Import, write or take some
        </Anchor>
        , or drop a file in this window.
      </Text>
    )
  const ids = chosen.map(set => set.id)
  return (
    <Stack gap={4}>
      {live.map(set => (
        <Checkbox
          key={set.id}
          label={`${visible(set.name)} · ${formatCounted(set.rows, 'row')}`}
          checked={ids.includes(set.id)}
          onChange={event =>
            changeRecipe({
              sets: event.currentTarget.checked ? [...ids, set.id] : ids.filter(id => id !== set.id),
            })
          }
        />
      ))}
      {chosen.length > 1 && (
        <Text fz="xs" c="dimmed" className="tabular">
          {formatCount(chosen.reduce((sum, set) => sum + set.rows, 0))} rows in all
        </Text>
      )}
    </Stack>
  )
}
