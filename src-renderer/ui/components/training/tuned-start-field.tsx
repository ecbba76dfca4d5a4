// What a run of phase 3 or 4 is made from: a fine-tuned model.
import { Anchor, Text } from '@mantine/core'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../app-state.ts'
import { CheckpointSelect } from './checkpoint-select.tsx'
import { startOptions } from './tuned-starts.ts'

export function TunedStartField({
  start,
  checkpoints,
  runs,
  wanted,
  use,
  onChoose,
}: {
  start: CheckpointSummary | undefined
  checkpoints: readonly CheckpointSummary[]
  runs: readonly RunSummary[]
  /** The person's own choice. */
  wanted: string | null
  /** What becomes of it, after “Train one in phase 2:”. */
  use: string
  onChoose: (checkpoint: string | null) => void
}) {
  const options = startOptions(checkpoints)
  if (options.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        No fine-tuned model yet.{' '}
        <Anchor component="button" type="button" fz="sm" onClick={() => useApp.getState().showSft('train')}>
          Train one in phase 2
        </Anchor>
        : {use}
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
      onChoose={onChoose}
    />
  )
}
