// What several screens share and the core does not own: which tab, which run, what the person set.
import { create } from 'zustand'
import { DEFAULT_LABELER, LABELER } from '../../src-shared/preferences/labeler-name.ts'
import type { GivenFile } from './grant-files.ts'
import { call } from './lab.ts'
import { patchQuery, useQuery } from './queries.ts'

export interface RecipeAsk {
  /** Key of a preset in src-shared/config/presets.ts. */
  readonly preset: string
  readonly sources: readonly { readonly corpus: string; readonly weight: number }[]
}

export type PretrainView = 'train' | 'data' | 'tokens' | 'complete'
export type SftView = 'train' | 'demonstrations' | 'mask' | 'exhibit'
export type RewardView = 'train' | 'rankings' | 'report' | 'playground'
export type PpoView = 'train' | 'microscope' | 'alarm'

/** What the ranking bench shows: a set to be ranked on, or one card of it whose label is to be mended. */
export interface BenchAsk {
  readonly set: string
  /** Number of the prompt to be mended; null = the next one in turn. */
  readonly card: number | null
  /** Whose label of it; absent = one's own, else anybody's. */
  readonly labeler?: string | undefined
}

interface AppState {
  /** Id of a row of tabs.tsx. */
  tab: string
  pretrainView: PretrainView
  sftView: SftView
  rewardView: RewardView
  ppoView: PpoView
  /** null = the ranking bench is closed. */
  bench: BenchAsk | null
  /** The run that the Runs tab shows in full; null = the list. */
  openRun: string | null
  /** Runs whose curves lie over each other, in the order chosen. */
  overlay: readonly string[]
  /** Grows when a person asks for a new run: the recipe takes the focus. */
  newRunAsked: number
  /** What the recipe of the next run is to start from; taken, and set to null, by the phase's tab. */
  recipeAsked: RecipeAsk | null
  /** Files that are to become demonstrations, to be looked at before; taken, and set to null, by the phase's tab. */
  demonstrationFiles: readonly GivenFile[] | null
  /** Files that are to become rankings, likewise. */
  preferenceFiles: readonly GivenFile[] | null
  /** Files that are to become prompts of phase 4, likewise. */
  promptFiles: readonly GivenFile[] | null
  /** Run of phase 4 that is to be shown; taken, and set to null, by the phase's tab. */
  ppoAsked: string | null
  /** Checkpoint that is to complete a text; taken, and set to null, by the phase's tab. */
  completionAsked: string | null
  /** Run that is to be talked to, beside the model it was made from; taken, and set to null, by the chat. */
  chatAsked: string | null
  /** Run whose reward model is to be shown; taken, and set to null, by the phase's tab. */
  rewardAsked: string | null
  show: (tab: string) => void
  showPretrain: (view: PretrainView) => void
  showSft: (view: SftView) => void
  /** @param run whose reward model is to be shown; absent = as before */
  showReward: (view: RewardView, run?: string) => void
  /** @param run that is to be shown; absent = as before */
  showPpo: (view: PpoView, run?: string) => void
  importDemonstrations: (files: readonly GivenFile[]) => void
  importPreferences: (files: readonly GivenFile[]) => void
  /** Goes on ranking where this set was left. */
  openBench: (set: string) => void
  /** One prompt of a set whatever was said of it, to mend its label. */
  openCard: (set: string, number: number, labeler?: string) => void
  closeBench: () => void
  newRun: () => void
  askRecipe: (ask: RecipeAsk) => void
  askCompletion: (checkpoint: string) => void
  askChat: (run: string) => void
  showRun: (run: string | null) => void
  setOverlay: (runs: readonly string[]) => void
}

export const useApp = create<AppState>((set, get) => ({
  tab: 'overview',
  pretrainView: 'train',
  sftView: 'train',
  rewardView: 'train',
  ppoView: 'train',
  bench: null,
  openRun: null,
  overlay: [],
  newRunAsked: 0,
  recipeAsked: null,
  demonstrationFiles: null,
  preferenceFiles: null,
  promptFiles: null,
  ppoAsked: null,
  completionAsked: null,
  chatAsked: null,
  rewardAsked: null,
  show: tab => {
    // Who leaves the bench's tab leaves the bench.
    set(tab === 'reward' ? { tab } : { tab, bench: null })
    void setSetting('ui.tab', tab)
  },
  showPretrain: pretrainView => {
    get().show('pretrain')
    set({ pretrainView })
  },
  showSft: sftView => {
    get().show('sft')
    set({ sftView })
  },
  showReward: (rewardView, run) => {
    get().show('reward')
    set({ rewardView, ...(run === undefined ? {} : { rewardAsked: run }) })
  },
  showPpo: (ppoView, run) => {
    get().show('ppo')
    set({ ppoView, ...(run === undefined ? {} : { ppoAsked: run }) })
  },
  importDemonstrations: demonstrationFiles => {
    if (demonstrationFiles.length === 0) return
    get().showSft('demonstrations')
    set({ demonstrationFiles })
  },
  importPreferences: preferenceFiles => {
    if (preferenceFiles.length === 0) return
    get().showReward('rankings')
    set({ preferenceFiles })
  },
  openBench: ranked => {
    get().show('reward')
    set({ bench: { set: ranked, card: null } })
  },
  openCard: (of, card, labeler) => {
    get().show('reward')
    set({ bench: { set: of, card, labeler } })
  },
  closeBench: () => set({ bench: null }),
  newRun: () => {
    // Of the phase that is on screen.
    if (get().tab === 'sft') get().showSft('train')
    else if (get().tab === 'reward') get().showReward('train')
    else if (get().tab === 'ppo') get().showPpo('train')
    else get().showPretrain('train')
    set(state => ({ newRunAsked: state.newRunAsked + 1 }))
  },
  askRecipe: recipeAsked => {
    get().showPretrain('train')
    set({ recipeAsked })
  },
  askCompletion: completionAsked => {
    get().showPretrain('complete')
    set({ completionAsked })
  },
  askChat: chatAsked => {
    set({ chatAsked })
    get().show('chat')
  },
  showRun: run => {
    set(run === null ? { openRun: null } : { openRun: run, tab: 'runs', bench: null })
    if (run !== null) void setSetting('ui.tab', 'runs')
  },
  setOverlay: overlay => set({ overlay }),
}))

/** Settings of the UI: key in the core's table, and what holds until the person chose. */
const uiSettings = {
  'ui.theme': 'auto' as 'auto' | 'light' | 'dark',
  'ui.reducedMotion': false,
  /** Weight of the moving average in charts, 0–0.99. */
  'ui.smoothing': 0.6,
  'ui.tab': 'overview',
  /** Whether a training run says that answers of its wait to be compared. */
  'ui.abBreaks': true,
  /** Id of the conversation that is open; '' = a new one. */
  'ui.chat': '',
  /** Turns of the chat whose names were seen. */
  'ui.chatSeen': [] as readonly number[],
  /** Who ranks, and votes in the chat. */
  [LABELER]: DEFAULT_LABELER,
}
export type UiSettings = typeof uiSettings

/** Stored values are used only where they still have the default's type: settings outlive versions. */
export function readUiSettings(stored: Readonly<Record<string, unknown>>): UiSettings {
  const known = Object.entries(uiSettings).map(([key, fallback]) => {
    const value = stored[key]
    const same = typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback)
    return [key, same ? value : fallback]
  })
  return Object.fromEntries(known) as UiSettings
}

export function useSettings(): UiSettings {
  const { data } = useQuery('settings.all', {})
  return readUiSettings(data ?? {})
}

/** Takes effect at once; the core writes it down. */
export async function setSetting<K extends keyof UiSettings>(key: K, value: UiSettings[K]): Promise<void> {
  patchQuery('settings.all', {}, all => ({ ...all, [key]: value }))
  await call('settings.set', { key, value })
}
