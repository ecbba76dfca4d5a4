// What a run trains on, whatever its phase: batches as a pure function of (step, micro-batch).
import type { PreferenceBatch, TokenBatch } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { Run } from '../database/queries/runs.ts'
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

export type RunData = TokenRunData | PreferenceRunData

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
  throw new LabError({
    code: 'unsupported',
    what: `this version cannot train the phase "${run.phase}"`,
    where: run.id,
    fix: 'update the app',
  })
}
