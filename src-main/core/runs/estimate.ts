// What a run will cost, before it starts: memory, tokens, time, and everything that stands in its way.
import { freemem } from 'node:os'
import { countParameters, flopsPerToken, type ModelConfig } from '../../../src-shared/config/model-config.ts'
import { type PretrainConfig, tokensPerStep } from '../../../src-shared/config/pretrain-config.ts'
import type { DeviceInfo } from '../../../src-shared/contract/engine-contract.ts'
import type { LabErrorFacts } from '../../../src-shared/contract/errors.ts'
import type { Estimate } from '../../../src-shared/contract/lab-contract.ts'

/** TF.js's WASM module addresses 32 bits, of which some is its own. */
const WASM_BYTES = 3.5 * 2 ** 30

/**
 * Bytes that a composed step holds per parameter at its peak, during the update: value, gradient, two moments, each
 * beside its successor and its flat copy. Measured under WASM, where XNNPACK keeps packed copies of the weights too
 * (docs/log.md): 78–82; counted for WebGPU.
 */
const BYTES_PER_PARAMETER = { wasm: 80, cpu: 80, webgpu: 48 }
/** TF.js's pools and the backward pass's own arrays, over the activations that are kept. Measured: 1.2–1.35. */
const ACTIVATION_OVERHEAD = 1.25

/**
 * Bytes alive at the end of a forward pass: per token and layer the block's inputs, normed inputs, q, k, v, attention
 * output, the MLP's two inner vectors; per head the (T, T) attention weights that `composed` keeps; and the head's chunk.
 */
export function activationBytes(model: ModelConfig, batchSize: number): number {
  const rows = batchSize * model.contextLength
  const kv = (model.nKvHead * model.nEmbd) / model.nHead
  const inner = (model.family === 'gpt2' ? 2 : 3) * model.nInner
  const perLayer =
    rows * (6 * model.nEmbd + 2 * kv + inner) + batchSize * model.nHead * model.contextLength ** 2
  const head = 3 * Math.min(rows, 1024) * model.vocabularySize
  return 4 * (model.nLayer * perLayer + 4 * rows * model.nEmbd + head)
}

/**
 * @param flopsPerSecond what this device reached in its last run, or null
 * @param problems what the caller found wrong already
 */
export function estimateRun(
  model: ModelConfig,
  config: PretrainConfig,
  device: DeviceInfo | null,
  flopsPerSecond: number | null,
  problems: readonly LabErrorFacts[],
): Estimate {
  const parameters = countParameters(model)
  const weights = 4 * parameters.total
  const optimizer = (BYTES_PER_PARAMETER[device?.backend ?? 'wasm'] - 4) * parameters.total
  const activations = ACTIVATION_OVERHEAD * activationBytes(model, config.batchSize)
  const total = weights + optimizer + activations
  // A browser tells nobody how much memory a GPU has; the CPU's is known.
  const available =
    device === null || device.backend === 'webgpu'
      ? null
      : Math.min(freemem(), device.backend === 'wasm' ? WASM_BYTES : Number.POSITIVE_INFINITY)
  const fits = available === null || total <= available
  const plannedTokens = config.steps * tokensPerStep(config, model.contextLength)
  const flops = plannedTokens * flopsPerToken(model)
  return {
    parameters,
    memory: { weights, optimizer, activations, total, available, fits },
    tokensPerStep: tokensPerStep(config, model.contextLength),
    plannedTokens,
    tokensPerParameter: plannedTokens / parameters.total,
    flops,
    minutes: flopsPerSecond === null ? null : flops / flopsPerSecond / 60,
    problems: fits
      ? [...problems]
      : [
          ...problems,
          {
            code: 'no-space',
            what: 'the run needs more memory than there is',
            where: 'memory',
            expected: `at most ${gigabytes(available!)}`,
            got: gigabytes(total),
            fix: 'use a smaller batch with more accumulation, a shorter context or a smaller model',
          },
        ],
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`
