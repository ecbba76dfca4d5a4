// The run of phase 4 in the making, the run that the tab's views show, and what the doctor's advice does to the next recipe.
import type { CheckpointSummary, LabMethods } from '../../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../../src-shared/contract/method.ts'
import type { Advice } from '../../../../../src-shared/ppo/doctor-rule.ts'
import { keptRecipeStore } from '../../../components/training/recipe-store.ts'
import { call } from '../../../lab.ts'
import { defaultPpoName, emptyPpoRecipe, parsePpoRecipe } from './recipe.ts'

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

/** Takes a setting that the doctor suggests into the recipe of the next run. */
export const takeAdvice = ({ field, value }: Advice): void =>
  changeRecipe({ config: { ...usePpo.getState().recipe.config, [field]: value } })
