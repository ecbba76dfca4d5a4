// Examples in rows of one length, one after another, with what keeps each to itself in attention.

export interface PackedTokens {
  readonly batchSize: number
  readonly length: number
  /** (B, T) */
  readonly tokens: Int32Array<ArrayBuffer>
  /** (B, T): where in its row the example of a place starts. */
  readonly segmentStarts: Int32Array<ArrayBuffer>
  /** Places that hold no token. */
  readonly padding: number
}

/**
 * Lays examples into rows of `length` places, in order. What is left over is padding, every place of it an example of its
 * own, so that it costs nothing in attention.
 * @param rows what they add up to is at most `length` a row
 * @param padToken any id: nothing is read there
 * @param placed where an example begins, as a place of (B, T)
 */
export function packedTokens<Example>(
  rows: readonly (readonly Example[])[],
  length: number,
  padToken: number,
  tokensOf: (example: Example) => Int32Array,
  placed: (example: Example, place: number) => void,
): PackedTokens {
  const places = rows.length * length
  const tokens = new Int32Array(places).fill(padToken)
  const segmentStarts = Int32Array.from({ length: places }, (_, n) => n % length)
  let padding = places
  for (const [r, examples] of rows.entries()) {
    let at = 0
    for (const example of examples) {
      const own = tokensOf(example)
      const place = r * length + at
      tokens.set(own, place)
      segmentStarts.fill(at, place, place + own.length)
      placed(example, place)
      at += own.length
    }
    padding -= at
  }
  return { batchSize: rows.length, length, tokens, segmentStarts, padding }
}
