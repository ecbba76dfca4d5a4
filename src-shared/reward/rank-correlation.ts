// Spearman's rank correlation, pooled over groups: whether x goes with y among things that are to be compared.

/** One place for both of each thing: equal lengths. */
export interface Group {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const ranks = new Array<number>(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++
    // Ranks start + 1 … end.
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}

/**
 * Ranks within each group, centred there and pooled: what differs between groups has no part in it. With one group it is
 * Spearman's ρ.
 * @returns −1 … 1; 0 where x or y never differ within a group
 */
export function rankCorrelationWithin(groups: readonly Group[]): number {
  let xy = 0
  let xx = 0
  let yy = 0
  for (const { x, y } of groups) {
    const centre = (x.length + 1) / 2
    const ranksX = ranksOf(x)
    const ranksY = ranksOf(y)
    for (let i = 0; i < x.length; i++) {
      const dx = ranksX[i]! - centre
      const dy = ranksY[i]! - centre
      xy += dx * dy
      xx += dx * dx
      yy += dy * dy
    }
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy)
}
