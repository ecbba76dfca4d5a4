// Models and batches small enough for the cpu backend, at sizes that no tile divides.
import type { Activations, Transformer } from '../../src-renderer/engine/model/transformer.ts'
import { type ModelConfig, parseModelShape, resolveModel } from '../../src-shared/config/model-config.ts'
import { randomStream } from '../../src-shared/random/counter.ts'
import { normals } from './gradient-check.ts'

export const tinyModel = (changes: Record<string, unknown> = {}, vocabularySize = 65): ModelConfig =>
  resolveModel(
    parseModelShape({ nLayer: 2, nHead: 2, nEmbd: 24, contextLength: 33, ...changes }),
    vocabularySize,
  )

/** Every kind of model there is. */
export const kinds: [string, Record<string, unknown>][] = [
  ['gpt2, tied head', { family: 'gpt2' }],
  ['gpt2, own head', { family: 'gpt2', tieEmbeddings: false }],
  ['llama, tied head', { family: 'llama' }],
  ['llama, grouped KV heads, own head', { family: 'llama', nHead: 6, nKvHead: 2, tieEmbeddings: false }],
]

/** Larger first weights than training uses, so that every path of the gradient carries something. */
export async function widen(model: Transformer, std: number): Promise<void> {
  model.initialize(1)
  for (const { name, size } of model.parameters) {
    const values = await model.readTensor(name)
    const noise = normals(size, `widen/${name}`, std)
    model.loadTensor(
      name,
      values.map((x, i) => x + noise[i]!),
    )
  }
}

export function tinyBatch(config: ModelConfig, batchSize: number, length: number, name = 'batch') {
  const random = randomStream(3, `test/${name}`)
  const ids = (n: number) => Int32Array.from({ length: n }, () => random.integer(config.vocabularySize))
  return { batchSize, length, tokens: ids(batchSize * length), targets: ids(batchSize * length) }
}
export type TinyBatch = ReturnType<typeof tinyBatch> & { segmentStarts?: Int32Array }

/** Forward pass inside a scope of the caller's. */
export const forward = (model: Transformer, batch: TinyBatch): Activations => {
  const { tokens, batchSize, length, segmentStarts } = batch
  return model.forward(model.kernels.upload(tokens, [tokens.length]), batchSize, length, { segmentStarts })
}

/** Log-probs of the batch's targets. */
export async function logProbsOf(model: Transformer, batch: TinyBatch): Promise<Float32Array> {
  const { kernels } = model
  const logProbs = kernels.scope(
    () =>
      model.logProbs(forward(model, batch), kernels.upload(batch.targets, [batch.targets.length])).logProbs,
  )
  const values = await kernels.read(logProbs)
  kernels.free(logProbs)
  return values
}

/** Adds the gradient of −Σ weight·logProb (weight 1 where none is given) and returns Σ −logProb. */
export async function accumulate(
  model: Transformer,
  batch: TinyBatch,
  weights = new Float32Array(batch.targets.length).fill(1),
): Promise<number> {
  const { kernels } = model
  const n = batch.targets.length
  const logProbs = kernels.scope(() => {
    const activations = forward(model, batch)
    const head = model.logProbs(activations, kernels.upload(batch.targets, [n]))
    model.backward(
      activations,
      head,
      kernels.upload(
        weights.map(w => -w),
        [n],
      ),
    )
    return head.logProbs
  })
  const values = await kernels.read(logProbs)
  kernels.free(logProbs)
  return -values.reduce((sum, x) => sum + x, 0)
}

/** Gradients by name, in the layout of the file. */
export async function gradients(model: Transformer): Promise<Map<string, Float32Array>> {
  const result = new Map<string, Float32Array>()
  for (const parameter of model.parameters)
    result.set(parameter.name, parameter.toFile(await model.kernels.read(parameter.gradient!)))
  return result
}

/** max |a − b|; NaN where there is one. */
export function largestDifference(a: Float32Array, b: ArrayLike<number>): number {
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!)), 0)
}
