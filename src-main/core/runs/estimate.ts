// What a run will cost, before it starts: memory, tokens, time, and everything that stands in its way.
import { freemem } from 'node:os'
import { countParameters, flopsPerToken, type ModelConfig } from '../../../src-shared/config/model-config.ts'
import { type TrainConfig, tokensPerStep } from '../../../src-shared/config/train-config.ts'
import {
  type TrainingMemory,
  trainingMemory,
  WASM_BYTES,
} from '../../../src-shared/config/training-memory.ts'
import type { DeviceInfo } from '../../../src-shared/contract/device-info.ts'
import { LabError, type LabErrorFacts } from '../../../src-shared/contract/errors.ts'
import type { Estimate } from '../../../src-shared/contract/lab-contract.ts'

/**
 * @param config `batchSize` in rows of the context's length
 * @param flopsPerSecond what this device reached in its last run, or null
 * @param problems what the caller found wrong already
 * @param memory of a phase that holds more than one model
 */
export function estimateRun(
  model: ModelConfig,
  config: TrainConfig,
  device: DeviceInfo | null,
  flopsPerSecond: number | null,
  problems: readonly LabErrorFacts[],
  memory: TrainingMemory = trainingMemory(model, config.batchSize, {
    backend: device?.backend ?? 'wasm',
    kernels: device?.kernels ?? 'composed',
  }),
): Estimate {
  const parameters = countParameters(model)
  const { weights, optimizer, activations, total } = memory
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
            what:
              available === WASM_BYTES
                ? 'the run needs more memory than WebAssembly can address'
                : 'the run needs more memory than is free',
            where: 'memory',
            expected: `at most ${gigabytes(available!)}`,
            got: gigabytes(total),
            fix: 'use a smaller batch with more accumulation, a shorter context or a smaller model',
          },
        ],
  }
}

/** @throws LabError the first of the problems */
export function requireNone([problem]: readonly LabErrorFacts[]): void {
  if (problem) throw new LabError(problem)
}

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`
