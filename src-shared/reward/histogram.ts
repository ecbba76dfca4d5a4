// Scores of winning and losing responses in common bins.
import type { RewardReport } from '../contract/reward-contract.ts'

/** About as many bins; their width is a round number. */
const BINS = 24

/** A bin holds its lower edge, the last one both. Without scores there is one empty bin. */
export function scoreHistogram(
  winning: readonly number[],
  losing: readonly number[],
): RewardReport['scores'] {
  const edges = edgesOf([winning, losing])
  return { edges, winning: countIn(edges, winning), losing: countIn(edges, losing) }
}

function edgesOf(lists: readonly (readonly number[])[]): number[] {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const list of lists)
    for (const score of list) {
      least = Math.min(least, score)
      most = Math.max(most, score)
    }
  if (least > most) return [-1, 1]
  // A width of next to nothing is none that numbers of this size can be told apart by.
  if (most - least <= 1e-12 * Math.max(1, Math.abs(least), Math.abs(most))) return [least - 0.5, least + 0.5]
  const width = roundWidth((most - least) / BINS)
  const first = Math.floor(least / width)
  const last = Math.max(first + 1, Math.ceil(most / width))
  // 3 × 0.1 is not 0.3.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * width).toPrecision(12)))
}

/** The next 1, 2 or 5 · 10ⁿ. */
function roundWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width))
  return ([1, 2, 5].find(step => step * power >= width) ?? 10) * power
}

function countIn(edges: readonly number[], scores: readonly number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0)
  const first = edges[0]!
  const width = (edges.at(-1)! - first) / counts.length
  for (const score of scores) {
    let bin = Math.min(counts.length - 1, Math.max(0, Math.floor((score - first) / width)))
    while (bin > 0 && score < edges[bin]!) bin--
    while (bin < counts.length - 1 && score >= edges[bin + 1]!) bin++
    counts[bin]!++
  }
  return counts
}
