// What is open on the Rankings view: which set, what is searched, which dialog, what the last import said. It outlives
// switching tabs.
import { create } from 'zustand'
import type {
  PreferenceImport,
  PreferenceSet,
} from '../../../../../src-shared/contract/preferences-contract.ts'
import { toastUndo } from '../../../components/toast.tsx'
import { formatCount } from '../../../format.ts'
import type { GivenFile } from '../../../grant-files.ts'
import { call } from '../../../lab.ts'

type BenchRecipe = NonNullable<PreferenceSet['bench']>

interface PreferencesState {
  /** null = the newest. */
  readonly set: string | null
  readonly search: string
  /** The dialog of a new bench, and what it begins with; null = it is closed. */
  readonly newBench: { readonly like: BenchRecipe | null } | null
  /** Files that were dropped while that dialog is open: prompts for it. It takes them, and sets this to null. */
  readonly promptFiles: readonly GivenFile[] | null
  /** Set that a simulated labeler is to rank; null = nobody asked. */
  readonly simulate: string | null
  readonly lastImport: PreferenceImport | null
}
export const usePreferences = create<PreferencesState>(() => ({
  set: null,
  search: '',
  newBench: null,
  promptFiles: null,
  simulate: null,
  lastImport: null,
}))
const { setState } = usePreferences

export const chooseSet = (set: string | null): void => setState({ set, search: '' })
export const setSearch = (search: string): void => setState({ search })

/** Asks which answers are to be sampled and ranked. @param like a bench whose settings it begins with */
export const openNewBench = (like: BenchRecipe | null = null): void => setState({ newBench: { like } })
export const closeNewBench = (): void => setState({ newBench: null, promptFiles: null })
export const openSimulate = (set: string): void => setState({ simulate: set })
export const closeSimulate = (): void => setState({ simulate: null })

/** Goes on with the answers that are not sampled yet. */
export const sampleOn = (set: string): Promise<{ job: string }> => call('ranking.sample', { set })

export async function removeSet(set: Pick<PreferenceSet, 'id' | 'name'>): Promise<void> {
  await call('preferences.remove', { set: set.id })
  toastUndo(`Removed “${set.name}”. Runs that used it stay readable.`, () =>
    call('preferences.restore', { set: set.id }),
  )
}

/** A prompt's number as people count: from 1. */
export const promptName = (number: number): string => formatCount(number + 1)

export async function removePrompt(set: string, number: number): Promise<void> {
  await call('preferences.removePrompts', { set, numbers: [number] })
  toastUndo(`Deleted prompt ${promptName(number)} with its rankings.`, () =>
    call('preferences.restorePrompts', { set, numbers: [number] }),
  )
}
