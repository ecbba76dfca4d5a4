// What a fine-tuning reads: the base that it starts from and the sets of demonstrations.
import { Anchor, Checkbox, Stack, Text } from '@mantine/core'
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { visible } from '../../../components/plain-text.tsx'
import { CheckpointSelect } from '../../../components/training/checkpoint-select.tsx'
import { formatCount, formatCounted } from '../../../format.ts'
import { baseOptions } from '../base-choice.ts'
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
    <CheckpointSelect
      label="Base model"
      placeholder="Choose a base"
      options={options}
      chosen={base}
      wanted={wanted}
      checkpoints={checkpoints}
      runs={runs}
      onChoose={checkpoint => changeRecipe({ checkpoint })}
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
