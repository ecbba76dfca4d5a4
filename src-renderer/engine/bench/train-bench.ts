// Training speed of our kernels and of stock TF.js, on the backend that is open, with the same model and batches.
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import {
  flopsPerToken,
  type ModelConfig,
  parseModelShape,
  resolveModel,
} from '../../../src-shared/config/model-config.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import { Decoder } from '../generate/decoder.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { Transformer } from '../model/transformer.ts'
import { AdamW } from '../optim/adamw.ts'
import { StockGpt } from './stock-gpt.ts'

export interface BenchSize {
  readonly name: string
  readonly nLayer: number
  readonly nHead: number
  readonly nEmbd: number
  readonly contextLength: number
  readonly vocabularySize: number
  readonly batchSize: number
}

/** 0.84 M parameters: the model that the project's claims about speed are made on. */
export const SMALL: BenchSize = {
  name: 'small',
  nLayer: 4,
  nHead: 4,
  nEmbd: 128,
  contextLength: 128,
  vocabularySize: 256,
  batchSize: 8,
}

/** For GPUs emulated on the CPU, where one step of `SMALL` takes minutes. */
export const MINIMAL: BenchSize = {
  name: 'minimal',
  nLayer: 1,
  nHead: 2,
  nEmbd: 64,
  contextLength: 32,
  vocabularySize: 64,
  batchSize: 2,
}

export interface BenchResult {
  readonly size: string
  readonly mode: 'train' | 'generate'
  readonly backend: string
  readonly kernels: 'stock' | Kernels['name']
  /** Of the median step. */
  readonly tokensPerSecond: number
  /** Kernel launches in one step; on webgpu alone. */
  readonly dispatches?: number
  /** Bytes of all arrays bound in one step, each launch counted; on webgpu alone. */
  readonly boundBytes?: number
  /** Device memory held afterwards: TF.js's pools never shrink, so this was the peak of all that ran before too. */
  readonly peakBytes: number
  /** Time in which JavaScript was busy and the GPU not waited for. */
  readonly jsMsPerStep: number
}

export interface BenchOptions {
  /** `stock` = TF.js as it is; else these kernels. */
  readonly kernels: 'stock' | Kernels
  readonly size: BenchSize
  /** Steps timed, after two that are not. */
  readonly steps: number
}

const WARMUP_STEPS = 2

const configOf = ({ nLayer, nHead, nEmbd, contextLength, vocabularySize }: BenchSize): ModelConfig =>
  resolveModel(parseModelShape({ nLayer, nHead, nEmbd, contextLength }), vocabularySize)

function randomTokens({ batchSize, contextLength, vocabularySize }: BenchSize, step: number) {
  const random = randomStream(1, 'bench', step)
  return Int32Array.from({ length: batchSize * contextLength }, () => random.integer(vocabularySize))
}

/** For a first idea of a device's speed, in about a second on a CPU. */
const CALIBRATION: BenchSize = {
  name: 'calibration',
  nLayer: 2,
  nHead: 4,
  nEmbd: 128,
  contextLength: 64,
  vocabularySize: 256,
  batchSize: 8,
}

/** Training speed on this device, from a few steps of a small model; real runs refine it. */
export async function measureFlops(
  kernels: Kernels,
  software: boolean,
): Promise<{ flopsPerSecond: number; flopsPerStep: number }> {
  const size = software ? MINIMAL : CALIBRATION
  const { tokensPerSecond } = await benchTraining({ kernels, size, steps: software ? 1 : 4 })
  const perToken = flopsPerToken(configOf(size))
  return {
    flopsPerSecond: tokensPerSecond * perToken,
    flopsPerStep: size.batchSize * size.contextLength * perToken,
  }
}

/** Trains on random tokens. The step is the whole one: forward, backward, norm of the gradient, AdamW, loss read back. */
export async function benchTraining({ kernels, size, steps }: BenchOptions): Promise<BenchResult> {
  const peer = kernels === 'stock' ? stockTrainer(size) : ourTrainer(kernels, size)
  try {
    const measured = await timed(steps, step => peer.step(step))
    const tokens = size.batchSize * size.contextLength
    return {
      size: size.name,
      mode: 'train',
      backend: tf.getBackend(),
      kernels: kernels === 'stock' ? 'stock' : kernels.name,
      tokensPerSecond: (tokens * 1000) / measured.msPerStep,
      jsMsPerStep: measured.jsMsPerStep,
      ...measured.counted,
      peakBytes: deviceBytes(),
    }
  } finally {
    peer.dispose()
  }
}

/** Writes `steps` tokens, one after the other, with cached keys and values. */
export async function benchGeneration({
  kernels,
  size,
  steps,
}: BenchOptions & { kernels: Kernels }): Promise<BenchResult> {
  const config = configOf(size)
  const model = new Transformer(config, kernels)
  model.initialize(1)
  const decoder = new Decoder(model)
  try {
    await decoder.prefill([Int32Array.of(0)], [0])
    const { msPerStep, jsMsPerStep, counted } = await timed(steps, async step => {
      if (decoder.full(0)) await decoder.prefill([Int32Array.of(0)], [0])
      await decoder.step([step % config.vocabularySize], [0])
    })
    return {
      size: size.name,
      mode: 'generate',
      backend: tf.getBackend(),
      kernels: kernels.name,
      tokensPerSecond: 1000 / msPerStep,
      jsMsPerStep,
      ...counted,
      peakBytes: deviceBytes(),
    }
  } finally {
    decoder.dispose()
    model.dispose()
  }
}

interface Trainer {
  /** Everything up to the read-back runs before the first await. */
  step(step: number): Promise<unknown>
  dispose(): void
}

function stockTrainer(size: BenchSize): Trainer {
  const model = new StockGpt(configOf(size), 1e-3)
  return {
    step(step) {
      const tokens = randomTokens(size, step)
      return model.step(tokens, randomTokens(size, step + 1), size.batchSize, size.contextLength)
    },
    dispose: () => model.dispose(),
  }
}

function ourTrainer(kernels: Kernels, size: BenchSize): Trainer {
  const model = new Transformer(configOf(size), kernels)
  model.initialize(1)
  const optimizer = new AdamW(model, { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 })
  const n = size.batchSize * size.contextLength
  let steps = 0
  return {
    async step(step) {
      model.zeroGradients()
      const logProbs = kernels.scope(() => {
        const tokens = kernels.upload(randomTokens(size, step), [n])
        const activations = model.forward(tokens, size.batchSize, size.contextLength)
        const head = model.logProbs(activations, kernels.upload(randomTokens(size, step + 1), [n]))
        model.backward(activations, head, kernels.upload(new Float32Array(n).fill(-1), [n]))
        return head.logProbs
      })
      const norm = (await optimizer.gradientNorm()) / n
      optimizer.step({ learningRate: 1e-3, step: ++steps, gradientScale: Math.min(1, 1 / norm) / n })
      await kernels.read(logProbs)
      kernels.free(logProbs)
    },
    dispose() {
      optimizer.dispose()
      model.dispose()
    },
  }
}

async function timed(steps: number, body: (step: number) => Promise<unknown>) {
  for (let step = 0; step < WARMUP_STEPS; step++) await body(step)
  const counted = await countDispatches(() => body(WARMUP_STEPS))
  const whole: number[] = []
  const js: number[] = []
  for (let step = 0; step < steps; step++) {
    const start = performance.now()
    const done = body(WARMUP_STEPS + 1 + step)
    js.push(performance.now() - start)
    await done
    whole.push(performance.now() - start)
  }
  return { msPerStep: median(whole), jsMsPerStep: median(js), counted }
}

/** Not the mean: one step in which the machine did something else should not count. */
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Runs one step with TF.js's launch function counted; nothing to count on other backends than webgpu. */
async function countDispatches(step: () => Promise<unknown>): Promise<object> {
  if (tf.getBackend() !== 'webgpu') {
    await step()
    return {}
  }
  const backend = tf.backend() as WebGPUBackend
  const launch = backend.runWebGPUProgram
  let dispatches = 0
  let boundBytes = 0
  backend.runWebGPUProgram = function (...args) {
    const out = launch.apply(this, args)
    dispatches++
    for (const { shape } of [...args[1], out]) boundBytes += 4 * shape.reduce((a, b) => a * b, 1)
    return out
  }
  try {
    await step()
  } finally {
    backend.runWebGPUProgram = launch
  }
  return { dispatches, boundBytes }
}

function deviceBytes(): number {
  const backend = tf.backend()
  if (tf.getBackend() === 'wasm')
    return (backend as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength
  const { numBytesAllocatedInGPU, numBytes } = tf.memory() as tf.MemoryInfo & {
    numBytesAllocatedInGPU?: number
  }
  return numBytesAllocatedInGPU ?? numBytes
}
