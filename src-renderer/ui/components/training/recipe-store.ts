// The recipe in the making of a phase that starts from a checkpoint, and its run on screen: they outlive switching tabs.
import { useEffect } from 'react'
import { create } from 'zustand'
import type { Fields } from '../../../../src-shared/config/field.ts'
import { type LabErrorFacts, toFacts } from '../../../../src-shared/contract/errors.ts'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { call } from '../../lab.ts'
import { useQuery } from '../../queries.ts'
import { inTraining } from '../../run-status.ts'
import { toastError } from '../toast.tsx'
import { emptyRecipe, parseKept, type Recipe, requestOf } from './recipe.ts'

/** What every phase's recipe has. */
export interface NamedRecipe {
  readonly name: string
  /** Only what differs from the defaults of its phase's fields. */
  readonly config: Readonly<Record<string, unknown>>
}

export interface RecipeState<R extends NamedRecipe = Recipe> {
  readonly recipe: R
  /** Whether what the workspace kept is read; until then nothing is written. */
  readonly opened: boolean
  /** The run that the phase's zones and views show; null = the foremost one. */
  readonly run: string | null
  readonly starting: boolean
  readonly error: LabErrorFacts | null
}

/** A number being typed is not worth writing down. */
const KEEP_AFTER_MS = 300

export type RecipeStore = ReturnType<typeof recipeStore>

/**
 * @param fields of its training
 * @param nameFor what a run is called when nobody named it
 */
export const recipeStore = (
  phase: 'sft' | 'reward',
  fields: Fields,
  nameFor: (start: CheckpointSummary, runs: readonly RunSummary[]) => string,
) =>
  keptRecipeStore({
    phase,
    empty: emptyRecipe,
    parse: stored => parseKept(stored, fields),
    async start(recipe, runs, start: CheckpointSummary, sets: readonly { readonly id: string }[]) {
      const name = recipe.name.trim() || nameFor(start, runs)
      return await call(`${phase}.start`, { ...requestOf(recipe, start, sets), name })
    },
  })

/** A phase's recipe in the making, kept by its workspace. */
export function keptRecipeStore<R extends NamedRecipe, Given extends unknown[]>({
  phase,
  empty,
  parse,
  start,
}: {
  phase: RunSummary['phase']
  empty: R
  /** Of what the settings hold, what still makes sense; null = nothing. */
  parse: (stored: unknown) => R | null
  start: (recipe: R, runs: readonly RunSummary[], ...given: Given) => Promise<{ run: string }>
}) {
  const setting = `ui.${phase}Recipe`
  const useRecipe = create<RecipeState<R>>(() => ({
    recipe: empty,
    opened: false,
    run: null,
    starting: false,
    error: null,
  }))
  const { getState } = useRecipe
  const setState = (change: Partial<RecipeState<R>>): void => useRecipe.setState(change)

  let keeping: ReturnType<typeof setTimeout> | undefined
  useRecipe.subscribe((now, before) => {
    if (!before.opened || now.recipe === before.recipe) return
    clearTimeout(keeping)
    keeping = setTimeout(() => {
      void call('settings.set', { key: setting, value: getState().recipe }).catch(toastError)
    }, KEEP_AFTER_MS)
  })

  return {
    useRecipe,

    /** Takes up the recipe among what this workspace kept, once; from then on every change is kept. */
    openRecipe(settings: Readonly<Record<string, unknown>>): void {
      if (!getState().opened) setState({ recipe: parse(settings[setting]) ?? empty, opened: true })
    },

    changeRecipe: (change: Partial<R>): void =>
      setState({ recipe: { ...getState().recipe, ...change }, error: null }),
    showRunHere: (run: string | null): void => setState({ run }),
    clearStartError: (): void => setState({ error: null }),

    /** Starts the run that the recipe describes and brings it on screen; a failure stands in `error`. */
    async startRun(...given: Given): Promise<void> {
      if (getState().starting) return
      const { recipe } = getState()
      setState({ starting: true, error: null })
      try {
        const runs = await call('runs.list', {})
        const { run } = await start(recipe, runs, ...given)
        // A run that has to wait leaves the one in training on screen, if it is of this phase.
        setState({ run: inTraining(runs)?.phase === phase ? null : run })
      } catch (error) {
        setState({ error: toFacts(error) })
      } finally {
        setState({ starting: false })
      }
    },
  }
}

/** Takes up the recipe that this workspace kept as soon as its settings are there. */
export function useKeptRecipe({ openRecipe }: Pick<RecipeStore, 'openRecipe'>): void {
  const settings = useQuery('settings.all', {}).data
  useEffect(() => {
    if (settings) openRecipe(settings)
  }, [settings, openRecipe])
}
