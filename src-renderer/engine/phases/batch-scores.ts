// Scores of a batch's responses: with gradients in training, without where a reward model is asked.
import type { PreferenceBatch } from '../../../src-shared/contract/engine-contract.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Transformer } from '../model/transformer.ts'

type Responses = Pick<PreferenceBatch, 'batchSize' | 'length' | 'tokens' | 'segmentStarts' | 'ends'>

/** @returns (R): the score at the last token of every response, not normalised */
export async function batchScores(
  kernels: Kernels,
  model: Transformer,
  batch: Responses,
): Promise<Float32Array<ArrayBuffer>> {
  const scores = kernels.scope(() => forward(kernels, model, batch).read.scores)
  try {
    return await kernels.read(scores)
  } finally {
    kernels.free(scores)
  }
}

/**
 * The same, and the gradient of what `loss` makes of the scores added to the model's gradients.
 * @param loss answers ∂L/∂r (R) among whatever else it finds
 */
export async function trainOnScores<Loss extends { readonly dScores: Float32Array }>(
  kernels: Kernels,
  model: Transformer,
  batch: Responses,
  loss: (scores: Float32Array) => Loss,
): Promise<{ loss: Loss; scores: Float32Array<ArrayBuffer> }> {
  // Scores must be read before their gradient is known, so the activations outlive the scope of the forward pass.
  const { activations, read } = kernels.scope(() => forward(kernels, model, batch))
  try {
    const scores = await kernels.read(read.scores)
    const found = loss(scores)
    kernels.scope(() => {
      const dScores = kernels.upload(found.dScores, [scores.length, 1])
      model.backwardScores(activations, read, dScores)
    })
    return { loss: found, scores }
  } finally {
    // A device that is full on the way back keeps nothing of this batch.
    model.release(activations)
    kernels.free(read.scores, read.rows, read.read)
  }
}

function forward(kernels: Kernels, model: Transformer, batch: Responses) {
  const tokens = kernels.upload(batch.tokens, [batch.tokens.length])
  const { segmentStarts } = batch
  const activations = model.forward(tokens, batch.batchSize, batch.length, { segmentStarts })
  return { activations, read: model.scores(activations, batch.ends) }
}
