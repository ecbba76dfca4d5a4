// Training as the train loop does it (accumulation, clipping, a falling rate), without a core.
import { generateBatch } from '../../../src-renderer/engine/generate/generate.ts'
import type { Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../src-renderer/engine/model/transformer.ts'
import { AdamW } from '../../../src-renderer/engine/optim/adamw.ts'
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import { accumulate, tinyBatch } from '../tiny-models.ts'

const MICRO_BATCHES = 2
const RATE = 3e-3
/** Large enough that gradients which are 0 but for rounding (those of key biases) do not become steps of full length. */
const EPSILON = 1e-6

export interface Training {
  readonly steps: number
  readonly batchSize: number
  readonly length: number
  /** Called after every step, when what is in memory is what a checkpoint would hold. */
  readonly atBoundary?: (step: number) => void
}

export interface Trained {
  readonly losses: Float64Array
  readonly norms: Float64Array
  readonly weights: Map<string, Float32Array<ArrayBuffer>>
}

/** @param after called with the trained model before it is disposed */
export async function train(
  kernels: Kernels,
  config: ModelConfig,
  { steps, batchSize, length, atBoundary }: Training,
  after: (model: Transformer) => Promise<void> = async () => {},
): Promise<Trained> {
  const model = new Transformer(config, kernels)
  model.initialize(11)
  const optimizer = new AdamW(model, { beta1: 0.9, beta2: 0.99, epsilon: EPSILON, weightDecay: 0.1 })
  const losses = new Float64Array(steps)
  const norms = new Float64Array(steps)
  for (let step = 1; step <= steps; step++) {
    model.zeroGradients()
    const tokens = MICRO_BATCHES * batchSize * length
    let loss = 0
    for (let micro = 0; micro < MICRO_BATCHES; micro++)
      loss += await accumulate(model, tinyBatch(config, batchSize, length, `${step % 5}/${micro}`))
    const norm = (await optimizer.gradientNorm()) / tokens
    losses[step - 1] = loss / tokens
    norms[step - 1] = norm
    const learningRate = RATE * (1 - step / (2 * steps))
    optimizer.step({ learningRate, step, gradientScale: Math.min(1, 1 / norm) / tokens })
    atBoundary?.(step)
  }
  const weights = new Map<string, Float32Array<ArrayBuffer>>()
  for (const { name } of model.parameters) weights.set(name, await model.readTensor(name))
  await after(model)
  optimizer.dispose()
  model.dispose()
  return { losses, norms, weights }
}

/** Five texts of several lengths, some of which outgrow the context, drawn in three slots. */
export async function write(model: Transformer): Promise<{ tokens: Int32Array; logProbs: Float32Array }[]> {
  const texts = [1, 7, 30, 2, 19].map((length, i) => ({
    tokens: Int32Array.from({ length }, (_, t) => (i * 29 + t * 7) % model.config.vocabularySize),
    sampling: { maxTokens: 10 + 4 * i, temperature: 1, topK: 0, topP: 1, seed: i },
    stopTokens: [],
  }))
  return generateBatch(model, texts, 3)
}
