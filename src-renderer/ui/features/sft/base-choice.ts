// Which model fine-tuning starts from: every checkpoint of phases 1 and 2, with where it comes from.
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { bestOfNewestRun, checkpointLabel, usableModels } from '../../components/model-choice.ts'

/** Checkpoints that can be fine-tuned, newest first. */
export const possibleBases = (checkpoints: readonly CheckpointSummary[]): CheckpointSummary[] =>
  usableModels(checkpoints, ['pretrain', 'sft'])

/** What stands chosen until the person chooses. */
export const defaultBase = (checkpoints: readonly CheckpointSummary[]): CheckpointSummary | undefined =>
  bestOfNewestRun(checkpoints, ['pretrain'])

/** A select's groups: base models, then models that are fine-tuned already. */
export function baseOptions(checkpoints: readonly CheckpointSummary[]) {
  const bases = possibleBases(checkpoints)
  return [
    { group: 'Base models', of: 'pretrain' },
    { group: 'Fine-tuned already', of: 'sft' },
  ].flatMap(({ group, of }) => {
    const items = bases.filter(c => c.phase === of).map(c => ({ value: c.id, label: checkpointLabel(c) }))
    return items.length > 0 ? [{ group, items }] : []
  })
}
