// Rows of packed examples as the engine reads them.
import type { TokenBatch } from '../contract/engine-contract.ts'
import type { SftExample } from './sft-example.ts'

/**
 * Rows of `length` places, each with whole examples one after another; what is left over is padding, every place of it
 * an example of its own, so that it costs nothing in attention.
 * @param padToken any id: no target is counted there
 */
export function packedBatch(
  rows: readonly (readonly SftExample[])[],
  length: number,
  padToken: number,
): Required<TokenBatch> {
  const tokens = new Int32Array(rows.length * length).fill(padToken)
  const targets = new Int32Array(rows.length * length).fill(-1)
  const segmentStarts = Int32Array.from({ length: rows.length * length }, (_, n) => n % length)
  let padding = rows.length * length
  for (const [r, examples] of rows.entries()) {
    let at = 0
    for (const example of examples) {
      const place = r * length + at
      tokens.set(example.tokens, place)
      targets.set(example.targets, place)
      segmentStarts.fill(at, place, place + example.tokens.length)
      at += example.tokens.length
    }
    padding -= at
  }
  return { batchSize: rows.length, length, tokens, targets, segmentStarts, padding }
}
