// Log-probs of a batch's targets without gradients: evaluation in every phase, and scoring a text from outside.
import type { TokenBatch } from '../../../src-shared/contract/engine-contract.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Transformer } from '../model/transformer.ts'

/** @returns (B·T) nats, 0 where the target is −1 */
export async function batchLogProbs(
  kernels: Kernels,
  model: Transformer,
  batch: TokenBatch,
): Promise<Float32Array<ArrayBuffer>> {
  const logProbs = kernels.scope(() => {
    const tokens = kernels.upload(batch.tokens, [batch.tokens.length])
    const targets = kernels.upload(batch.targets, [batch.targets.length])
    return model.logProbs(model.forward(tokens, batch.batchSize, batch.length), targets).logProbs
  })
  const values = await kernels.read(logProbs)
  kernels.free(logProbs)
  return values
}
