// What a reward model is made from: the fine-tuned model whose answers were ranked.
import { Anchor, Text } from '@mantine/core'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../../app-state.ts'
import { CheckpointSelect } from '../../../components/training/checkpoint-select.tsx'
import { startOptions } from './recipe.ts'
import { changeRecipe } from './recipe-store.ts'

export function StartField({
  start,
  checkpoints,
  runs,
  wanted,
}: {
  start: CheckpointSummary | undefined
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
  /** The person's own choice. */
  wanted: string | null
}) {
  const options = startOptions(checkpoints)
  if (options.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        No fine-tuned model yet.{' '}
        <Anchor component="button" type="button" fz="sm" onClick={() => useApp.getState().showSft('train')}>
          Train one in phase 2
        </Anchor>
        : its answers are what is ranked, and it becomes the reward model.
      </Text>
    )
  return (
    <CheckpointSelect
      label="Fine-tuned model"
      placeholder="Choose a model"
      options={options}
      chosen={start}
      wanted={wanted}
      checkpoints={checkpoints}
      runs={runs}
      onChoose={checkpoint => changeRecipe({ checkpoint })}
    />
  )
}
