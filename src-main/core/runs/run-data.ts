// What a run trains on, whatever its phase: batches as a pure function of (step, micro-batch).
import type {
  engineHostMethods,
  PreferenceBatch,
  TokenBatch,
} from '../../../src-shared/contract/engine-contract.ts'
import type { ParsedInputOf } from '../../../src-shared/contract/method.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { Run } from '../database/queries/runs.ts'
import { openPpoData } from './ppo-data.ts'
import { openPretrainData } from './pretrain-data.ts'
import { openRewardData } from './reward-data.ts'
import { openSftData } from './sft-data.ts'
import type { RunParts } from './training-session.ts'

interface CommonRunData {
  /** Optimizer steps in which all is read once, where that is the same for all data of the run; not always whole. */
  readonly stepsPerEpoch?: number
  /** The row's account of its data, now that it was read. */
  describe(data: Run['data']): Run['data']
  close(): void
}

/** Phases 1 and 2: the next token is the target. */
export interface TokenRunData extends CommonRunData {
  /** Micro-batch `micro` of step `step`, both from 0. */
  batch(step: number, micro: number): TokenBatch | Promise<TokenBatch>
  /** Evaluation batch `index`, the same at every evaluation; null after the last, or when nothing is kept for it. */
  evalBatch(index: number): TokenBatch | null
}

/** Phase 3: the preferred response is. */
export interface PreferenceRunData extends CommonRunData {
  preferenceBatch(step: number, micro: number): PreferenceBatch
  preferenceEvalBatch(part: 'validation' | 'reference', index: number): PreferenceBatch | null
}

type HostInput<K extends keyof typeof engineHostMethods> = ParsedInputOf<(typeof engineHostMethods)[K]>

/** Phase 4: prompts, and what answers to them are worth; token batches are phase 1's, where they are mixed in. */
export interface PpoRunData extends TokenRunData {
  rolloutPrompts(step: number): Int32Array<ArrayBuffer>[]
  heldOutPrompts(): Int32Array<ArrayBuffer>[]
  ruleRewards(answers: Omit<HostInput<'host.ruleRewards'>, 'run'>): Float32Array<ArrayBuffer>
  heldOutAnswers(answers: HostInput<'host.heldOutAnswers'>): Record<string, number>
}

export type RunData = TokenRunData | PreferenceRunData | PpoRunData

/**
 * @param signal ends what takes long because an engine has to answer first
 * @throws LabError when the data is gone, damaged, or not what the run was started with; `cancelled`; `engine-lost`
 */
export function openRunData(
  parts: RunParts,
  run: Run,
  tokenizer: Tokenizer,
  signal: AbortSignal,
): Promise<RunData> {
  if (run.phase === 'pretrain') return openPretrainData(parts, run)
  if (run.phase === 'sft') return openSftData(parts, run, tokenizer)
  if (run.phase === 'reward') return openRewardData(parts, run, tokenizer, signal)
  return openPpoData(parts, run, tokenizer)
}
