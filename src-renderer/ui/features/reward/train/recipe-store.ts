// The reward model in the making and the run on screen: they outlive switching tabs.
import { create } from 'zustand'
import { type LabErrorFacts, toFacts } from '../../../../../src-shared/contract/errors.ts'
import type { CheckpointSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { toastError } from '../../../components/toast.tsx'
import { call } from '../../../lab.ts'
import { inTraining } from '../../../run-status.ts'
import { defaultRunName, emptyRecipe, type Recipe, requestOf } from './recipe.ts'
import { parseKept, RECIPE_SETTING } from './recipe-storage.ts'

interface RewardState {
  readonly recipe: Recipe
  /** Whether what the workspace kept is read; until then nothing is written. */
  readonly opened: boolean
  /** The run that NOW, the report and the playground show; null = the foremost one. */
  readonly run: string | null
  readonly starting: boolean
  readonly error: LabErrorFacts | null
}

export const useReward = create<RewardState>(() => ({
  recipe: emptyRecipe,
  opened: false,
  run: null,
  starting: false,
  error: null,
}))
const { getState, setState } = useReward

export const changeRecipe = (change: Partial<Recipe>): void =>
  setState(now => ({ recipe: { ...now.recipe, ...change }, error: null }))

/** Takes up the recipe that this workspace kept, once; from then on every change is kept. */
export function openRecipe(stored: unknown): void {
  if (!getState().opened) setState({ recipe: parseKept(stored) ?? emptyRecipe, opened: true })
}

/** A number being typed is not worth writing down. */
const KEEP_AFTER_MS = 300
let keeping: ReturnType<typeof setTimeout> | undefined
useReward.subscribe((now, before) => {
  if (!before.opened || now.recipe === before.recipe) return
  clearTimeout(keeping)
  keeping = setTimeout(() => {
    void call('settings.set', { key: RECIPE_SETTING, value: getState().recipe }).catch(toastError)
  }, KEEP_AFTER_MS)
})

export const showRunHere = (run: string | null): void => setState({ run })
export const clearStartError = (): void => setState({ error: null })

/** Starts the run that the recipe describes and brings it on screen; a failure stands in `error`. */
export async function startRun(start: CheckpointSummary, sets: readonly PreferenceSet[]): Promise<void> {
  if (getState().starting) return
  const { recipe } = getState()
  setState({ starting: true, error: null })
  try {
    const runs = await call('runs.list', {})
    const name = recipe.name.trim() || defaultRunName(start, runs)
    const { run } = await call('reward.start', { ...requestOf(recipe, start, sets), name })
    // A run that has to wait leaves the one in training on screen, if it is of this phase.
    const training = inTraining(runs)
    setState({ run: training?.phase === 'reward' ? null : run })
  } catch (error) {
    setState({ error: toFacts(error) })
  } finally {
    setState({ starting: false })
  }
}
