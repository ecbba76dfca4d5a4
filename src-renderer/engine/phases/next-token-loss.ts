// The loss of phases 1 and 2, forward and backward: L = −Σ log p_θ(target | what its text says before it). Phase 1 counts
// every token, phase 2 the response's; the targets say which.
import type { TokenBatch } from '../../../src-shared/contract/engine-contract.ts'
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'
import type { Transformer } from '../model/transformer.ts'

export interface NextTokenLoss {
  /** Nats, over all counted targets. */
  readonly lossSum: number
  /** Counted targets. */
  readonly terms: number
  /** With statistics: Σ of the distributions' entropies in nats, and how often the target was the likeliest token. */
  readonly entropySum: number
  readonly hits: number
}

/** Adds the gradient of the summed loss, times `weight`, to the model's gradients. */
export async function nextTokenLoss(
  kernels: Kernels,
  model: Transformer,
  batch: TokenBatch,
  { weight = 1, ...options }: { statistics?: boolean; weight?: number } = {},
): Promise<NextTokenLoss> {
  const head = kernels.scope(() => {
    const tokens = kernels.upload(batch.tokens, [batch.tokens.length]) // (B·T)
    const targets = kernels.upload(batch.targets, [batch.targets.length]) // (B·T), −1 = not counted
    const activations = model.forward(tokens, batch.batchSize, batch.length, {
      segmentStarts: batch.segmentStarts,
    })
    const { logProbs, entropies, hits, ...rest } = model.logProbs(activations, targets, options) // (B·T) nats
    // ∂(−Σ log p)/∂ log p = −1 wherever a target counts.
    const dLogProbs = kernels.upload(
      Float32Array.from(batch.targets, target => (target >= 0 ? -weight : 0)),
      [batch.targets.length],
    )
    model.backward(activations, { logProbs, ...rest }, dLogProbs)
    return { logProbs, entropies, hits }
  })
  const read = async (array: DeviceArray | undefined): Promise<number> => {
    if (!array) return 0
    const values = await kernels.read(array)
    kernels.free(array)
    return sum(values)
  }
  return {
    lossSum: -(await read(head.logProbs)),
    terms: batch.targets.reduce((n, target) => n + (target >= 0 ? 1 : 0), 0),
    entropySum: await read(head.entropies),
    hits: await read(head.hits),
  }
}

const sum = (values: Float32Array): number => {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}
