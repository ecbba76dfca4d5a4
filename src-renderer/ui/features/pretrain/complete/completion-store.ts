// The playground's state: it outlives switching tabs, and holds the one generation that may be running.
import { create } from 'zustand'
import { type LabErrorFacts, toFacts } from '../../../../../src-shared/contract/errors.ts'
import type { CheckpointSummary, TokenPiece } from '../../../../../src-shared/contract/lab-contract.ts'
import { type ModelChoice, runOf } from '../../../components/model-choice.ts'
import { type SamplingDraft, samplingOf } from '../../../components/sampling-draft.ts'
import { untakable } from '../../../components/token-text.ts'
import { formatCount, formatCounted } from '../../../format.ts'
import { call, subscribe } from '../../../lab.ts'
import {
  asked,
  type CompletionText,
  fullText,
  started,
  type TakenToken,
  taking,
  undone,
} from './completion-text.ts'

export interface CompletionState {
  /** null until the first model there is was chosen. */
  readonly choice: ModelChoice | null
  readonly text: CompletionText
  readonly sampling: SamplingDraft
  /** Id of the generation that is running. */
  readonly generation: string | null
  /** It was asked to stop and is at its last token. */
  readonly stopping: boolean
  /** How the last generation ended. */
  readonly outcome: string | null
  readonly error: LabErrorFacts | null
}

/** The article's example of a context whose next word is open: car, movie, sport, colour … */
export const FAVOURITE = 'What is your favourite'

export const useCompletion = create<CompletionState>(() => ({
  choice: null,
  text: started(FAVOURITE),
  sampling: { maxTokens: 100, temperature: 0.8, topK: 0, topP: 1, seed: 1 },
  generation: null,
  stopping: false,
  outcome: null,
  error: null,
}))

const { getState, setState } = useCompletion

/**
 * Another model. Tokens taken so far stay what they are within one run; for another run they become part of the prompt,
 * since ids mean nothing to another tokenizer.
 */
export const chooseModel = (choice: ModelChoice) =>
  setState(now => ({
    choice,
    text: now.choice && runOf(now.choice) === runOf(choice) ? now.text : started(fullText(now.text)),
    outcome: null,
    error: null,
  }))

export const chooseCheckpoint = (checkpoint: CheckpointSummary) =>
  chooseModel({ kind: 'checkpoint', checkpoint })

/** A new prompt; the tokens taken so far become part of it. */
export function write(prompt: string): void {
  stop()
  setState({ text: started(prompt), outcome: null, error: null })
}

export const setSampling = (change: Partial<SamplingDraft>) =>
  setState(now => ({ sampling: { ...now.sampling, ...change } }))

export function take(piece: TokenPiece, probability: number): void {
  if (getState().generation !== null || untakable(piece) !== null) return
  setState(now => ({
    text: taking(now.text, { piece, logProb: Math.log(probability), by: 'person' }),
    outcome: null,
  }))
}

export function undo(): void {
  if (getState().generation === null) setState(now => ({ text: undone(now.text), outcome: null }))
}

const endings = {
  end: 'The model ended the text.',
  length: 'Stopped at the maximum length.',
  stopped: 'Stopped by you.',
} as const

/** Tokens come faster than a screen is worth redrawing: they are added a few at a time. */
const FLUSH_MS = 40

/** Lets a model run from the text as it stands. Settles when it ended; a failure stands in `error`. */
export async function letRun(checkpoint: string): Promise<void> {
  const { text, sampling: draft, generation: busy } = getState()
  const sampling = samplingOf(draft)
  if (busy !== null || sampling === null) return
  const generation = `generation-${crypto.randomUUID()}`
  setState({ generation, stopping: false, outcome: null, error: null })

  let waiting: TakenToken[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const isCurrent = () => getState().generation === generation
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const added = waiting
    waiting = []
    if (added.length > 0 && isCurrent())
      setState(now => ({ text: { ...now.text, taken: [...now.text.taken, ...added] } }))
  }
  const unsubscribe = subscribe('generation', token => {
    if (token.generation !== generation) return
    waiting.push({ piece: token.piece, logProb: token.logProb, by: 'sampler' })
    timer ??= setTimeout(flush, FLUSH_MS)
  })
  try {
    const result = await call('generation.start', { generation, checkpoint, ...asked(text), sampling })
    flush()
    if (isCurrent())
      setState({
        outcome: `${endings[result.stopped]} ${formatCounted(result.tokens.length, 'token')} at ${formatCount(Math.round(result.tokensPerSecond))} tokens/s.`,
      })
  } catch (error) {
    flush()
    if (isCurrent()) setState({ error: toFacts(error) })
  } finally {
    unsubscribe()
    if (isCurrent()) setState({ generation: null, stopping: false })
  }
}

/** Asks the engine to stop; what was written stays. */
export function stop(): void {
  const { generation } = getState()
  if (generation === null) return
  setState({ stopping: true })
  call('generation.stop', { generation }).catch(error => setState({ stopping: false, error: toFacts(error) }))
}
