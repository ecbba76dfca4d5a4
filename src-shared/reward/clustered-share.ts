// A share of cases that come in clusters, such as the pairs of one prompt: they stand or fall together, so ten of them
// say less than ten of different prompts (Kish 1965 §5.4; Miller 2024, arXiv 2411.00640, for evaluations of models).
import type { ShareWithInterval } from '../contract/preferences-contract.ts'
import { shareOf } from '../metrics/share.ts'

export interface Cluster {
  /** Of `n` cases; a case may count half. */
  readonly hits: number
  readonly n: number
}

/** With fewer, how far clusters differ cannot be told from them: each then counts as a single case. */
const ENOUGH_CLUSTERS = 10

/**
 * The plain share over all cases, with Wilson's 95 % interval for as many independent cases as the clusters are worth:
 * p(1−p) over the variance of the share between clusters (Korn & Graubard 1998). That number lies between n, all
 * independent, and n² / Σ nᵢ², all of a cluster alike. `n` of the result counts the cases as they are.
 */
export function clusteredShare(clusters: readonly Cluster[]): ShareWithInterval {
  const cases = sum(clusters, ({ n }) => n)
  if (cases === 0) return shareOf(0, 0)
  const share = sum(clusters, ({ hits }) => hits) / cases
  const worth = effectiveCases(clusters, share, cases)
  return { ...shareOf(share * worth, worth), share, n: cases }
}

function effectiveCases(clusters: readonly Cluster[], share: number, cases: number): number {
  const { length } = clusters.filter(({ n }) => n > 0)
  const alike = cases ** 2 / sum(clusters, ({ n }) => n ** 2)
  // Where everything is a hit, or nothing, no difference shows either.
  if (length < ENOUGH_CLUSTERS || share === 0 || share === 1) return alike
  const squares = sum(clusters, ({ hits, n }) => (hits - share * n) ** 2)
  const variance = ((length / (length - 1)) * squares) / cases ** 2
  return Math.min(cases, Math.max(alike, (share * (1 - share)) / variance))
}

/** Cases gathered by what they belong to, in order of first appearance. */
export function clustersOf(cases: Iterable<readonly [key: string, hit: number]>): Cluster[] {
  const clusters = new Map<string, { hits: number; n: number }>()
  for (const [key, hit] of cases) {
    const cluster = clusters.get(key)
    if (cluster) {
      cluster.hits += hit
      cluster.n++
    } else clusters.set(key, { hits: hit, n: 1 })
  }
  return [...clusters.values()]
}

const sum = <T>(of: readonly T[], value: (one: T) => number): number =>
  of.reduce((total, one) => total + value(one), 0)
