// The recipe of a fine-tuning to be: the base, the demonstrations, and what stands in the way.
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { freeName } from '../../../components/training/free-name.ts'
import {
  chosenSets,
  type Recipe,
  type StartFacts,
  trainingObstacle,
} from '../../../components/training/recipe.ts'
import { defaultBase, possibleBases } from '../base-choice.ts'

/** The base that the recipe starts from; undefined = there is none, or the chosen one is gone. */
export const baseOf = (
  recipe: Recipe,
  checkpoints: readonly CheckpointSummary[],
): CheckpointSummary | undefined =>
  recipe.checkpoint === null
    ? defaultBase(checkpoints)
    : possibleBases(checkpoints).find(checkpoint => checkpoint.id === recipe.checkpoint)

/**
 * The sets that the recipe reads. Until the person chooses, those of the last run, or else the first set with rows:
 * neither an import nor a removal puts others in their place.
 */
export const setsOf = (
  recipe: Pick<Recipe, 'sets'>,
  sets: readonly DemonstrationSet[],
  runs: readonly Pick<RunSummary, 'createdAt' | 'data'>[],
): DemonstrationSet[] =>
  chosenSets(
    recipe,
    sets,
    runs,
    data => data.demonstrations?.sets,
    live =>
      live
        .filter(set => set.rows > 0)
        .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
        .slice(0, 1),
  )

/** Why the run cannot start yet, the nearest obstacle first; null = it can. */
export function obstacle(facts: StartFacts<DemonstrationSet>): string | null {
  const { start, wanted, sets } = facts
  if (!start)
    return wanted
      ? 'The chosen base is gone: choose another.'
      : 'There is no base model yet: train one in phase 1.'
  if (sets.length === 0) return 'Choose the demonstrations to learn from.'
  if (sets.every(set => set.rows === 0)) return 'The chosen demonstrations have no row yet.'
  return trainingObstacle(facts)
}

/** What a run is called when nobody named it: its base and that it is fine-tuned. */
export const defaultRunName = (
  base: Pick<CheckpointSummary, 'runName' | 'phase'>,
  runs: readonly Pick<RunSummary, 'name'>[],
): string =>
  freeName(base.runName.replace(/ fine-tuned( \d+)?$/, ''), ' fine-tuned', new Set(runs.map(run => run.name)))
