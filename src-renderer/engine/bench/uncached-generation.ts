// The peer of cached generation: all texts read again, whole, for every new token.

import { argMax } from '../generate/sampler.ts'
import type { Transformer } from '../model/transformer.ts'

/**
 * Continues B texts of equal length greedily, without caches.
 * @param tokens (B·length); length + newTokens − 1 ≤ contextLength
 * @returns (B·newTokens)
 */
export async function generateUncached(
  model: Transformer,
  tokens: Int32Array,
  batchSize: number,
  newTokens: number,
): Promise<Int32Array> {
  const { kernels, config } = model
  const texts = Array.from({ length: batchSize }, (_, b) => {
    const length = tokens.length / batchSize
    return [...tokens.subarray(b * length, (b + 1) * length)]
  })
  for (let index = 0; index < newTokens; index++) {
    const length = texts[0]!.length
    const logits = kernels.scope(() => {
      const all = kernels.upload(Int32Array.from(texts.flat()), [batchSize * length])
      const ends = Int32Array.from({ length: batchSize }, (_, b) => (b + 1) * length - 1)
      return model.logitsAt(model.forward(all, batchSize, length), kernels.upload(ends, [batchSize]))
    })
    const values = await kernels.read(logits)
    kernels.free(logits)
    for (const [b, text] of texts.entries())
      text.push(argMax(values.subarray(b * config.vocabularySize, (b + 1) * config.vocabularySize)))
  }
  return Int32Array.from(texts.flatMap(text => text.slice(-newTokens)))
}
