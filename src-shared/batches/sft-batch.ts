// Rows of packed examples as the engine reads them.
import type { TokenBatch } from '../contract/engine-contract.ts'
import { packedTokens } from './packed-tokens.ts'
import type { SftExample } from './sft-example.ts'

/**
 * Rows of `length` places, each with whole examples one after another.
 * @param padToken any id: no target is counted there
 */
export function packedBatch(
  rows: readonly (readonly SftExample[])[],
  length: number,
  padToken: number,
): Required<TokenBatch> {
  const targets = new Int32Array(rows.length * length).fill(-1)
  const packed = packedTokens(
    rows,
    length,
    padToken,
    example => example.tokens,
    (example, place) => targets.set(example.targets, place),
  )
  return { ...packed, targets }
}
