// The recipe in the making and the run on screen: they outlive switching tabs. Starting a run, with a tokenizer trained
// for it first where the recipe says so.
import * as v from 'valibot'
import { create } from 'zustand'
import { type LabErrorFacts, toFacts } from '../../../../../src-shared/contract/errors.ts'
import type { CorpusSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { toastError } from '../../../components/toast.tsx'
import { finishedJob } from '../../../finished-job.ts'
import { call } from '../../../lab.ts'
import { inTraining } from '../../../run-status.ts'
import { withArrivals, withWorld } from './mixture-shares.ts'
import { emptyRecipe, type Recipe, requestOf, type TokenizerChoice } from './recipe.ts'
import { parseKept, RECIPE_SETTING } from './recipe-storage.ts'
import { defaultRunName } from './run-name.ts'

interface TrainState {
  readonly recipe: Recipe
  /** Corpora that the recipe has met; null = none yet. */
  readonly seen: readonly string[] | null
  /** Whether what the workspace kept is read; until then nothing is written. */
  readonly opened: boolean
  /** The run that NOW and WHAT IT SAYS show; null = the foremost one. */
  readonly run: string | null
  readonly starting: boolean
  /** The tokenizer being trained for the run that is starting. */
  readonly tokenizerJob: string | null
  readonly error: LabErrorFacts | null
}

export const useTrain = create<TrainState>(() => ({
  recipe: emptyRecipe,
  seen: null,
  opened: false,
  run: null,
  starting: false,
  tokenizerJob: null,
  error: null,
}))
const { getState, setState } = useTrain

export const changeRecipe = (change: Partial<Recipe>): void =>
  setState(now => ({ recipe: { ...now.recipe, ...change }, error: null }))

/** Takes up the recipe that this workspace kept, once; from then on every change is kept. */
export function openRecipe(stored: unknown): void {
  if (!getState().opened) setState({ ...parseKept(stored), opened: true })
}

/** A slider on its way is not worth writing down. */
const KEEP_AFTER_MS = 300
let keeping: ReturnType<typeof setTimeout> | undefined
useTrain.subscribe((now, before) => {
  if (!before.opened || (now.recipe === before.recipe && now.seen === before.seen)) return
  clearTimeout(keeping)
  keeping = setTimeout(() => {
    const { recipe, seen } = getState()
    void call('settings.set', { key: RECIPE_SETTING, value: { recipe, seen } }).catch(toastError)
  }, KEEP_AFTER_MS)
})

/** Lets texts that came in since the last look join the mixture. */
export function meetCorpora(corpora: readonly CorpusSummary[]): void {
  const { recipe, seen } = getState()
  if (seen !== null && corpora.every(c => seen.includes(c.id))) return
  const sources = withArrivals(recipe.sources, corpora, seen)
  setState({
    seen: corpora.map(c => c.id),
    ...(sources === recipe.sources ? {} : { recipe: { ...recipe, sources } }),
  })
}

const madeWorld = v.object({ corpora: v.array(v.object({ corpus: v.string(), weight: v.number() })) })

/** The starter world joins with the weights it was made for. @param result of its job */
export async function takeWorld(result: unknown): Promise<void> {
  const { corpora } = v.parse(madeWorld, result)
  const listed = await call('corpora.list', {})
  meetCorpora(listed)
  changeRecipe({
    sources: withWorld(
      getState().recipe.sources,
      corpora.map(c => ({ corpus: c.corpus, share: c.weight })),
      new Map(listed.map(c => [c.id, c.bytes])),
    ),
  })
}

export const showRunHere = (run: string | null): void => setState({ run })
export const clearStartError = (): void => setState({ error: null })

const madeTokenizer = v.object({ id: v.string() })

async function tokenizerFor(recipe: Recipe, choice: TokenizerChoice): Promise<string> {
  if (choice.kind === 'existing') return choice.id
  const { job } = await call('tokenizers.train', {
    kind: choice.kind,
    corpora: recipe.sources.filter(s => s.share > 0).map(s => s.corpus),
    ...(choice.kind === 'bpe' && choice.vocabularySize !== null
      ? { vocabularySize: choice.vocabularySize }
      : {}),
  })
  setState({ tokenizerJob: job })
  return v.parse(madeTokenizer, await finishedJob(job)).id
}

/** Starts the run that the recipe describes and brings it on screen; a failure stands in `error`. */
export async function startRun(choice: TokenizerChoice): Promise<void> {
  if (getState().starting) return
  const { recipe } = getState()
  setState({ starting: true, error: null, tokenizerJob: null })
  try {
    const tokenizer = await tokenizerFor(recipe, choice)
    // From here on the tokenizer is there: another start does not train it again.
    if (getState().recipe.tokenizer === recipe.tokenizer)
      changeRecipe({ tokenizer: { kind: 'existing', id: tokenizer } })
    const [corpora, runs] = await Promise.all([call('corpora.list', {}), call('runs.list', {})])
    const name = recipe.name.trim() || defaultRunName(recipe, corpora, runs)
    const { run } = await call('pretrain.start', {
      ...requestOf(recipe, tokenizer),
      name,
    })
    // A run that has to wait leaves the one in training on screen.
    setState({ run: inTraining(runs) ? null : run })
  } catch (error) {
    setState({ error: toFacts(error) })
  } finally {
    setState({ starting: false, tokenizerJob: null })
  }
}
