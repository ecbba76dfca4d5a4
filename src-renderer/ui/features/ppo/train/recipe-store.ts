// The run of phase 4 in the making, the run that the tab's views show, and what the doctor's advice does to the next recipe.
import type { CheckpointSummary, LabMethods } from '../../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../../src-shared/contract/method.ts'
import type { Advice } from '../../../../../src-shared/ppo/doctor-rule.ts'
import type { LikeRun } from '../../../components/training/like-run.ts'
import { keptRecipeStore } from '../../../components/training/recipe-store.ts'
import { call } from '../../../lab.ts'
import { defaultPpoName, emptyPpoRecipe, type PpoRecipe, parsePpoRecipe, recipeLike } from './recipe.ts'

export const ppoStore = keptRecipeStore({
  phase: 'ppo',
  empty: emptyPpoRecipe,
  parse: parsePpoRecipe,
  async start(
    recipe,
    runs,
    start: Pick<CheckpointSummary, 'runName'>,
    request: InputOf<LabMethods['ppo.estimate']>,
  ) {
    return await call('ppo.start', { ...request, name: recipe.name.trim() || defaultPpoName(start, runs) })
  },
})
export const { useRecipe: usePpo, changeRecipe, showRunHere } = ppoStore

/**
 * Makes the recipe of the next run that of `run`, with the setting that the doctor suggests.
 * @returns a function that brings back what stood there before
 */
export function takeAdvice(run: LikeRun, advice: Advice): () => void {
  const { recipe } = usePpo.getState()
  changeRecipe(recipeLike(run, advice, recipe))
  return () => changeRecipe(recipe)
}

/** Whether the recipe is the run's with the advice followed, and nothing else changed. */
export const adviceTaken = (recipe: PpoRecipe, run: LikeRun, advice: Advice): boolean => {
  const { name: _, ...parts } = recipe
  return inOrder(parts) === inOrder(recipeLike(run, advice, recipe))
}

/** As JSON with sorted keys: what the settings give back has others. */
const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
