// From a ranking to its pairs: C(K,2) comparisons of K ranked responses (Ouyang et al. 2022 §3.5, eq. 1).

/** [winner, loser]: indices of responses. */
export type Pair = readonly [number, number]

export interface RankedPairs {
  readonly pairs: readonly Pair[]
  /** Pairs of equal rank: they say nothing and make no pair. */
  readonly ties: number
}

/** @param ranks of each response, 1 = best, equal = tie, null = left out */
export function rankedPairs(ranks: readonly (number | null)[]): RankedPairs {
  const pairs: Pair[] = []
  let ties = 0
  for (let a = 0; a < ranks.length; a++)
    for (let b = a + 1; b < ranks.length; b++) {
      const [rankA, rankB] = [ranks[a]!, ranks[b]!]
      if (rankA === null || rankB === null) continue
      if (rankA === rankB) ties++
      else pairs.push(rankA < rankB ? [a, b] : [b, a])
    }
  return { pairs, ties }
}

/**
 * The order that pairs make, as ranks of `responses` responses; what no pair compares is as good as one another.
 * @returns null where they make none: in a circle, or with gaps that no ties explain
 */
export function ranksOfPairs(pairs: readonly Pair[], responses: number): number[] | null {
  const wins: number[] = new Array(responses).fill(0)
  for (const [winner] of pairs) wins[winner]!++
  const levels = [...new Set(wins)].sort((a, b) => b - a)
  const ranks = wins.map(each => levels.indexOf(each) + 1)
  const wanted = rankedPairs(ranks).pairs
  const isOrder =
    pairs.length === wanted.length && pairs.every(([winner, loser]) => ranks[winner]! < ranks[loser]!)
  return isOrder ? ranks : null
}

/** What a stored ranking says: its own pairs where they were judged one by one, else those of its ranks; none where nothing was ranked. */
export const pairsOf = ({
  outcome,
  ranks,
  pairs,
}: {
  readonly outcome: 'ranked' | 'skipped' | 'all-bad'
  readonly ranks: readonly (number | null)[]
  readonly pairs: readonly Pair[] | null
}): RankedPairs => {
  if (outcome !== 'ranked') return { pairs: [], ties: 0 }
  return pairs ? { pairs, ties: rankedPairs(ranks).ties } : rankedPairs(ranks)
}

/**
 * The responses that some pair compares, in their order; a response that nothing compares trains and measures nothing.
 * @returns their indices, and of such an index its place among them
 */
export function comparedResponses(pairs: readonly Pair[]): {
  readonly compared: readonly number[]
  readonly placeOf: (response: number) => number
} {
  const compared = [...new Set(pairs.flat())].sort((a, b) => a - b)
  const places = new Map(compared.map((response, place) => [response, place]))
  return { compared, placeOf: response => places.get(response)! }
}
