// A share with Wilson's interval (Wilson 1927; Newcombe 1998, method 3): holds for few cases and for shares near 0 or 1.
import type { ShareWithInterval } from '../contract/preferences-contract.ts'

/** The normal distribution's 97.5 % quantile: both ends of a 95 % interval. */
const Z = 1.959963984540054

/**
 * @param hits of `n` cases; without any, the share is 0 and the interval is everything
 * @param independent of the cases: fewer than `n` where the same question stands among them more than once, which tells no more
 *   about other questions; the interval is as wide as of so many
 */
export function shareOf(hits: number, n: number, independent = n): ShareWithInterval {
  if (n === 0) return { share: 0, low: 0, high: 1, n }
  const share = hits / n
  const centre = share + Z ** 2 / (2 * independent)
  const spread = Z * Math.sqrt((share * (1 - share)) / independent + Z ** 2 / (4 * independent ** 2))
  const scale = 1 + Z ** 2 / independent
  return {
    share,
    // At 0 and 1 the ends are the share itself, but for rounding.
    low: Math.min(share, Math.max(0, (centre - spread) / scale)),
    high: Math.max(share, Math.min(1, (centre + spread) / scale)),
    n,
  }
}
