// Where phase 1 stands, from what the core lists: pure, so that every state can be looked at.
import type {
  CorpusSummary,
  RunSummary,
  TokenizerSummary,
} from '../../../../src-shared/contract/lab-contract.ts'
import {
  defaultBytesPerToken,
  estimatedTokens,
  trainingBytes,
} from '../../../../src-shared/tokenizer/estimated-tokens.ts'
import { underWayOf } from '../../run-status.ts'

export interface Standing {
  readonly corpora: number
  readonly documents: number
  readonly bytes: number
  /** Training tokens: bytes over the compression of the newest tokenizer, or over a guess where there is none. */
  readonly estimatedTokens: number
  readonly runs: number
  readonly mostTokensRead: number
  readonly active: RunSummary | null
  /** Paused or interrupted: can go on. */
  readonly waiting: RunSummary | null
  /** Corpora of the starter world are there. */
  readonly starterWorld: boolean
  /** The pre-trained model with the lowest validation loss per byte, where measured; else per token. */
  readonly best: RunSummary | null
}

export function summarise(
  corpora: readonly CorpusSummary[],
  tokenizers: readonly TokenizerSummary[],
  runs: readonly RunSummary[],
): Standing {
  const keptCorpora = corpora.filter(corpus => corpus.removedAt === null)
  const keptRuns = runs.filter(run => run.removedAt === null && run.phase === 'pretrain')
  const bytes = sum(keptCorpora.map(corpus => corpus.bytes))
  const trained = sum(keptCorpora.map(trainingBytes))
  const own = tokenizers
    .filter(
      tokenizer => tokenizer.kind !== 'foreign' && tokenizer.removedAt === null && tokenizer.bytesPerToken,
    )
    .sort((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? 1 : -1))
  return {
    corpora: keptCorpora.length,
    documents: sum(keptCorpora.map(corpus => corpus.documents)),
    bytes,
    estimatedTokens: estimatedTokens(trained, own[0]?.bytesPerToken ?? defaultBytesPerToken(trained)),
    runs: keptRuns.length,
    mostTokensRead: Math.max(0, ...keptRuns.map(run => run.tokens)),
    ...underWayOf(keptRuns),
    starterWorld: keptCorpora.some(corpus => corpus.kind === 'starter-world'),
    best: bestRun(keptRuns),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** Losses per token are only comparable under one tokenizer, so bits per byte decides wherever it was measured. */
function bestRun(runs: readonly RunSummary[]): RunSummary | null {
  const measured = runs.filter(run => run.latest.bits_per_byte !== undefined)
  if (measured.length > 0)
    return measured.reduce((a, b) => (b.latest.bits_per_byte! < a.latest.bits_per_byte! ? b : a))
  const evaluated = runs.filter(run => run.bestEvalLoss !== null)
  return evaluated.length > 0 ? evaluated.reduce((a, b) => (b.bestEvalLoss! < a.bestEvalLoss! ? b : a)) : null
}

/** The doors stay until there is a model, or a run on the way to one. */
export const needsFirstSteps = (standing: Standing): boolean =>
  !standing.best && !standing.active && !standing.waiting

export type NextStep = 'add-text' | 'start-run' | 'watch-run' | 'resume-run' | 'complete'

/** The one thing to do next in phase 1. */
export function nextStep(standing: Standing): NextStep {
  if (standing.active) return 'watch-run'
  if (standing.corpora === 0 && standing.runs === 0) return 'add-text'
  if (standing.waiting) return 'resume-run'
  return standing.best ? 'complete' : 'start-run'
}
