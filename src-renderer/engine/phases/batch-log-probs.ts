// Log-probs of a batch's targets without gradients: evaluation in every phase, and scoring a text from outside.
import type { TokenBatch } from '../../../src-shared/contract/engine-contract.ts'
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'
import type { Transformer } from '../model/transformer.ts'

/** @returns (B·T) nats, 0 where the target is −1 */
export async function batchLogProbs(
  kernels: Kernels,
  model: Transformer,
  batch: TokenBatch,
): Promise<Float32Array<ArrayBuffer>> {
  const logProbs = kernels.scope(() => targetLogProbs(kernels, model, batch, false).logProbs)
  return take(kernels, logProbs)
}

/** @returns (B·T) each: log-probs in nats, and 1 where the target is the likeliest token; 0 where it is −1 */
export async function batchLogProbsAndHits(
  kernels: Kernels,
  model: Transformer,
  batch: TokenBatch,
): Promise<{ logProbs: Float32Array; hits: Float32Array }> {
  const head = kernels.scope(() => {
    const { logProbs, hits } = targetLogProbs(kernels, model, batch, true)
    return { logProbs, hits: hits! }
  })
  return { logProbs: await take(kernels, head.logProbs), hits: await take(kernels, head.hits) }
}

/** @returns (B·T) each, nats: log-probs, and entropies of the next token's distribution; 0 where the target is −1 */
export async function batchLogProbsAndEntropies(
  kernels: Kernels,
  model: Transformer,
  batch: TokenBatch,
): Promise<{ logProbs: Float32Array<ArrayBuffer>; entropies: Float32Array<ArrayBuffer> }> {
  const head = kernels.scope(() => {
    const { logProbs, entropies } = targetLogProbs(kernels, model, batch, true)
    return { logProbs, entropies: entropies! }
  })
  return { logProbs: await take(kernels, head.logProbs), entropies: await take(kernels, head.entropies) }
}

function targetLogProbs(kernels: Kernels, model: Transformer, batch: TokenBatch, statistics: boolean) {
  const tokens = kernels.upload(batch.tokens, [batch.tokens.length])
  const targets = kernels.upload(batch.targets, [batch.targets.length])
  const { segmentStarts } = batch
  const activations = model.forward(tokens, batch.batchSize, batch.length, { segmentStarts })
  return model.logProbs(activations, targets, { statistics })
}

async function take(kernels: Kernels, array: DeviceArray): Promise<Float32Array<ArrayBuffer>> {
  const values = await kernels.read(array)
  kernels.free(array)
  return values
}
