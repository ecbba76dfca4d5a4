// The fine-tuned models that phases 3 and 4 start from.
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { bestOfNewestRun, checkpointLabel, usableModels } from '../model-choice.ts'
import { visible } from '../plain-text.tsx'
import type { Recipe } from './recipe.ts'

/** The fine-tuned checkpoints that a later phase can start from: the best of each run first, the newest run first. */
export function possibleStarts(checkpoints: readonly CheckpointSummary[]): CheckpointSummary[] {
  const tuned = usableModels(checkpoints, ['sft'])
  const newest = [...new Set(tuned.map(each => each.run))]
  return tuned.sort(
    (a, b) =>
      newest.indexOf(a.run) - newest.indexOf(b.run) || Number(b.best) - Number(a.best) || b.step - a.step,
  )
}

/** A select's groups, one per run. */
export const startOptions = (checkpoints: readonly CheckpointSummary[]) =>
  [...Map.groupBy(possibleStarts(checkpoints), each => each.run).values()].map(own => ({
    group: visible(own[0]!.runName),
    items: own.map(each => ({ value: each.id, label: checkpointLabel(each) })),
  }))

/** The fine-tuned model that the recipe starts from; undefined = there is none, or the chosen one is gone. */
export const startOf = (
  recipe: Pick<Recipe, 'checkpoint'>,
  checkpoints: readonly CheckpointSummary[],
): CheckpointSummary | undefined =>
  recipe.checkpoint === null
    ? bestOfNewestRun(checkpoints, ['sft'])
    : possibleStarts(checkpoints).find(checkpoint => checkpoint.id === recipe.checkpoint)
