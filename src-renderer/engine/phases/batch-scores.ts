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
  const values = await kernels.read(scores)
  kernels.free(scores)
  return values
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
  const passed = kernels.scope(() => forward(kernels, model, batch))
  const scores = await kernels.read(passed.read.scores)
  const found = loss(scores)
  kernels.scope(() => {
    const dScores = kernels.upload(found.dScores, [scores.length, 1])
    model.backwardScores(passed.activations, passed.read, dScores)
  })
  const { activations, read } = passed
  kernels.free(activations.tokens, activations.hidden, read.scores, read.rows, read.read)
  return { loss: found, scores }
}

function forward(kernels: Kernels, model: Transformer, batch: Responses) {
  const tokens = kernels.upload(batch.tokens, [batch.tokens.length])
  const { segmentStarts } = batch
  const activations = model.forward(tokens, batch.batchSize, batch.length, { segmentStarts })
  return { activations, read: model.scores(activations, batch.ends) }
}
