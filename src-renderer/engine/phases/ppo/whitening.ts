// Whitening: to standard deviation 1 over all valid tokens, as TRL's masked_whiten; answers hold no padding here.

/** Keeps the quotient finite where all values are alike. */
const EPSILON = 1e-8

/** Sum in float64, in order: the same bits every time. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

/** Of the population; 0 for a single value. */
export function variance(values: ArrayLike<number>, around = mean(values)): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i]! - around) ** 2
  return sum / values.length
}

/** @param shiftMean whether the mean becomes 0 too; advantages yes, rewards no */
export function whiten(values: Float32Array, shiftMean: boolean): Float32Array<ArrayBuffer> {
  const middle = mean(values)
  const scale = 1 / Math.sqrt(variance(values, middle) + EPSILON)
  return Float32Array.from(values, value => (value - middle) * scale + (shiftMean ? 0 : middle))
}
