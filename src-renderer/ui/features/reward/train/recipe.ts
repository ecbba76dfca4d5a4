// The recipe of a reward model to be: the fine-tuned model, the preferences, and what stands in the way.
import type { CheckpointSummary, RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { freeName } from '../../../components/training/free-name.ts'
import {
  chosenSets,
  type Recipe,
  type StartFacts,
  trainingObstacle,
} from '../../../components/training/recipe.ts'

/**
 * The sets that the recipe reads. Until the person chooses: those of the last run, or else every set that makes pairs,
 * the chat's votes among them.
 */
export const setsOf = (
  recipe: Pick<Recipe, 'sets'>,
  sets: readonly PreferenceSet[],
  runs: readonly Pick<RunSummary, 'createdAt' | 'data'>[],
): PreferenceSet[] =>
  chosenSets(
    recipe,
    sets,
    runs,
    data => data.preferences?.sets,
    live => live.filter(set => set.pairs > 0),
  )

/** Why the run cannot start yet, the nearest obstacle first; null = it can. */
export function obstacle(facts: StartFacts<PreferenceSet>): string | null {
  const { start, wanted, sets } = facts
  if (!start)
    return wanted
      ? 'The chosen model is gone: choose another.'
      : 'There is no fine-tuned model yet: train one in phase 2.'
  if (sets.length === 0) return 'Choose the rankings to learn from.'
  if (sets.every(set => set.pairs === 0)) return 'The chosen rankings make no pair yet: rank some responses.'
  return trainingObstacle(facts)
}

/** What a run is called when nobody named it: the model it starts from and that it rewards. */
export const defaultRunName = (
  start: Pick<CheckpointSummary, 'runName'>,
  runs: readonly Pick<RunSummary, 'name'>[],
): string => freeName(start.runName, ' reward', new Set(runs.map(run => run.name)))
