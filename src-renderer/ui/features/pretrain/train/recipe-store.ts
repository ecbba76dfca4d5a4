// The recipe in the making and the run on screen: they outlive switching tabs. Starting a run, with a tokenizer trained
// for it first where the recipe says so.
import * as v from 'valibot'
import { create } from 'zustand'
import { type LabErrorFacts, toFacts } from '../../../../../src-shared/contract/errors.ts'
import { finishedJob } from '../../../finished-job.ts'
import { call } from '../../../lab.ts'
import { emptyRecipe, type Recipe, requestOf, type TokenizerChoice } from './recipe.ts'

interface TrainState {
  readonly recipe: Recipe
  /** The run that NOW and WHAT IT SAYS show; null = the foremost one. */
  readonly run: string | null
  readonly starting: boolean
  /** The tokenizer being trained for the run that is starting. */
  readonly tokenizerJob: string | null
  readonly error: LabErrorFacts | null
}

export const useTrain = create<TrainState>(() => ({
  recipe: emptyRecipe,
  run: null,
  starting: false,
  tokenizerJob: null,
  error: null,
}))
const { getState, setState } = useTrain

export const changeRecipe = (change: Partial<Recipe>): void =>
  setState(now => ({ recipe: { ...now.recipe, ...change }, error: null }))

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
    const name = recipe.name.trim()
    const { run } = await call('pretrain.start', {
      ...requestOf(recipe, tokenizer),
      ...(name ? { name } : {}),
    })
    setState({ run })
  } catch (error) {
    setState({ error: toFacts(error) })
  } finally {
    setState({ starting: false, tokenizerJob: null })
  }
}
