// What training a model holds in memory, by backend and kernels.
import { countParameters, type ModelConfig } from './model-config.ts'

export interface TrainingMemory {
  /** Bytes each; `optimizer` holds gradients and moments too. */
  readonly weights: number
  readonly optimizer: number
  readonly activations: number
  readonly total: number
}

/** WASM addresses 32 bits, of which TF.js takes some itself. */
export const WASM_BYTES = 3.5 * 2 ** 30

/**
 * Bytes held per parameter at a step's peak, the update: value, gradient and two moments. `composed` has each beside its
 * successor and its flat copy, measured under WASM, where XNNPACK keeps packed copies of the weights too (docs/log.md):
 * 78–82; counted for WebGPU. `simd` updates in place.
 */
const BYTES_PER_PARAMETER = { wasm: 80, cpu: 80, webgpu: 48, simd: 16 }
/**
 * TF.js's pools and the backward pass's own arrays, over the activations that are kept. Measured: 1.2–1.35. `simd` frees
 * what the backward pass has used up and takes its place.
 */
const ACTIVATION_OVERHEAD = { composed: 1.25, simd: 1 }

/**
 * Bytes alive at the end of a forward pass: per token and layer the block's inputs, normed inputs, q, k, v, attention
 * output, the MLP's two inner vectors; the head's chunk; and what `attentionWeights` says.
 * @param attentionWeights whether the (T, T) weights of every head are kept, as `composed` does
 */
export function activationBytes(
  model: ModelConfig,
  batchSize: number,
  { attentionWeights }: { attentionWeights: boolean },
): number {
  const rows = batchSize * model.contextLength
  const kv = (model.nKvHead * model.nEmbd) / model.nHead
  const inner = (model.family === 'gpt2' ? 2 : 3) * model.nInner
  const weights = attentionWeights ? batchSize * model.nHead * model.contextLength ** 2 : 0
  const perLayer = rows * (6 * model.nEmbd + 2 * kv + inner) + weights
  const head = 3 * Math.min(rows, 1024) * model.vocabularySize
  return 4 * (model.nLayer * perLayer + 4 * rows * model.nEmbd + head)
}

/** An estimate: within a quarter of what was measured. */
export function trainingMemory(
  model: ModelConfig,
  batchSize: number,
  { backend, kernels }: { backend: 'webgpu' | 'wasm' | 'cpu'; kernels: 'composed' | 'simd' | 'fused' },
): TrainingMemory {
  const { total: parameters } = countParameters(model)
  const simd = kernels === 'simd'
  const weights = 4 * parameters
  const optimizer = (BYTES_PER_PARAMETER[simd ? 'simd' : backend] - 4) * parameters
  const activations =
    ACTIVATION_OVERHEAD[simd ? 'simd' : 'composed'] *
    activationBytes(model, batchSize, { attentionWeights: !simd })
  return { weights, optimizer, activations, total: weights + optimizer + activations }
}

/**
 * Phase 4's four models: policy and value model trained, reference and reward model frozen; and the caches of a batch of
 * answers being written.
 * @param scoring the reward model; null = rules alone
 * @param rows of the context's length that are trained on at once
 */
export function ppoMemory(
  model: ModelConfig,
  scoring: ModelConfig | null,
  rows: number,
  valueModel: 'reward-model' | 'shared',
  device: Parameters<typeof trainingMemory>[2],
): TrainingMemory {
  const policy = trainingMemory(model, rows, device)
  const critic = valueModel === 'shared' ? null : trainingMemory(scoring ?? model, rows, device)
  const frozen = 4 * (countParameters(model).total + (scoring ? countParameters(scoring).total : 0))
  const caches =
    4 * 2 * 64 * model.nLayer * model.contextLength * ((model.nKvHead * model.nEmbd) / model.nHead)
  const weights = policy.weights + (critic?.weights ?? 0) + frozen
  const optimizer = policy.optimizer + (critic?.optimizer ?? 0)
  const activations = Math.max(policy.activations, critic?.activations ?? 0) + caches
  return { weights, optimizer, activations, total: weights + optimizer + activations }
}
