// What a task takes at least, whoever does it: FLOPs, and bytes between memory and cores. Kernels that do more than that
// (a second pass over the text for every token, copies) are not credited with it.
import { countParameters, flopsPerToken } from '../config/model-config.ts'
import { activationBytes } from '../config/training-memory.ts'
import type { BenchSize } from './sizes.ts'

export interface Work {
  /** Tokens trained on, or written. */
  readonly tokens: number
  readonly flops: number
  readonly bytes: number
}

/**
 * One optimizer step.
 * FLOPs: tokens × `flopsPerToken`.
 * Bytes: each parameter is read forward and backward (8), its gradient is written (4), AdamW reads weight, gradient and
 * two moments (16) and writes all but the gradient (12); activations are written once and read once.
 */
export function trainingWork({ model, batchSize }: Pick<BenchSize, 'model' | 'batchSize'>): Work {
  const tokens = batchSize * model.contextLength
  const activations = activationBytes(model, batchSize, { attentionWeights: false })
  return {
    tokens,
    flops: tokens * flopsPerToken(model),
    bytes: 40 * countParameters(model).total + 2 * activations,
  }
}

/**
 * All new tokens of a batch, keys and values kept.
 * FLOPs: 2 per matmul weight and token, and 4·L·width·t for attention over the t positions so far.
 * Bytes: each new token reads every weight once for the whole batch, and its own sequence's keys and values so far.
 */
export function generationWork({ model, generation }: Pick<BenchSize, 'model' | 'generation'>): Work {
  const { batchSize, newTokens } = generation
  const { nLayer, nEmbd, nKvHead, nHead } = model
  const parameters = countParameters(model)
  const kvWidth = (nKvHead * nEmbd) / nHead
  const positions = (newTokens * (newTokens + 1)) / 2
  return {
    tokens: batchSize * newTokens,
    flops: batchSize * (newTokens * 2 * parameters.matmul + 4 * nLayer * nEmbd * positions),
    bytes: newTokens * 4 * parameters.total + batchSize * positions * 2 * 4 * nLayer * kvWidth,
  }
}

export const benchWork = (size: BenchSize, mode: 'train' | 'generate'): Work =>
  mode === 'train' ? trainingWork(size) : generationWork(size)

/** The formulas above, for whoever reads the figures. */
export const WORK_NOTE =
  'FLOPs of training: per token 6 per matmul weight and 6·layers·width·context for causal attention; of writing: 2 per ' +
  'matmul weight and 4·layers·width·position. Bytes: 40 per parameter and step, activations once out and once in; in ' +
  'writing, all weights once per token of the batch and the keys and values so far.'
