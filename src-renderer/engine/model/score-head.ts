// The head of a model that scores, in the place of the unembedding: it reads some rows, and gives each one number.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'
import type { Parameter, ParameterSpec } from './parameter.ts'

/** As `transformers` names it in …ForSequenceClassification. */
export const SCORE_HEAD = 'score.weight'

/**
 * A hundredth of N(0, 1/√(C + 1)), no bias. At its whole size (Ziegler et al. 2019) a fine-tuned model's answers differ by
 * nearly two at the start, and the loss begins at 0.8–1.1 instead of ln 2 (docs/log.md).
 */
export const scoreHead = ({ nEmbd }: ModelConfig): ParameterSpec => ({
  name: SCORE_HEAD,
  shape: [1, nEmbd],
  start: { std: 0.01 / Math.sqrt(nEmbd + 1) },
  transposed: true,
})

/** What reading scores leaves behind for the backward pass. */
export interface ScoreActivations {
  /** (R) */
  readonly scores: DeviceArray
  /** (R): rows of `hidden` that were read. */
  readonly rows: DeviceArray
  /** (R, C): those rows. */
  readonly read: DeviceArray
}

/** Scores (R, 1) at the rows `ends` (R) of `hidden` (B·T, C). */
export function readScores(
  kernels: Kernels,
  head: Parameter,
  hidden: DeviceArray,
  ends: Int32Array,
): ScoreActivations {
  const rows = kernels.upload(ends, [ends.length])
  const read = kernels.embed(rows, hidden)
  return { scores: kernels.linear(read, head.value), rows, read }
}

/** Adds the head's gradient of Σ dScores·scores, dScores (R, 1). @returns dHidden (positions, C) */
export function scoresBackward(
  kernels: Kernels,
  head: Parameter,
  { rows, read }: ScoreActivations,
  dScores: DeviceArray,
  positions: number,
): DeviceArray {
  const { dx, dWeight } = kernels.linearBackward(dScores, read, head.value, false, {
    ...(head.gradient ? { dWeight: head.gradient } : {}),
  })
  head.putGradient(dWeight)
  // Every row that was read gives its gradient back to its own place; the others have none.
  const dHidden = kernels.embedBackward(dx, rows, positions)
  kernels.free(dx)
  return dHidden
}
