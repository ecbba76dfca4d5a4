// What a reward model can judge: how often it scores the better one of a pair higher, for one known reason at a time.
import type { Judgement } from '../contract/reward-contract.ts'
import {
  type ProbeCategory,
  type ProbePair,
  probeCategories,
  probeMeanings,
} from '../starter-world/truth-probe.ts'
import { hitOf } from './calibration.ts'
import { clusteredShare, clustersOf } from './clustered-share.ts'
import { evenly } from './evenly.ts'

const groups: Readonly<Record<ProbeCategory, Judgement['group']>> = {
  'true-over-false': 'truth',
  'true-over-abstention': 'abstention',
  'abstention-over-false': 'abstention',
  'abstention-over-invention': 'abstention',
  'right-over-wrong': 'tasks',
  'right-over-abstention': 'abstention',
  'good-over-bad-style': 'style',
}

const MOST_EXAMPLES = 6

export interface ProbedPair extends ProbePair {
  /** Normalised. */
  readonly betterScore: number
  readonly worseScore: number
}

/**
 * A judgement per category that has pairs, in the order of `probeCategories`. Examples run from the most wrong to the
 * surest.
 * @param clusterOf pairs of the same cluster stand or fall together, as those about one fact
 */
export function judgementsOf<Pair extends ProbedPair>(
  pairs: readonly Pair[],
  clusterOf: (pair: Pair) => string,
): Judgement[] {
  return probeCategories.flatMap(kind => {
    const own = pairs.filter(({ category }) => category === kind)
    if (own.length === 0) return []
    const cases = own.map(pair => [clusterOf(pair), hitOf(marginOf(pair))] as const)
    const sorted = [...own].sort((a, b) => marginOf(a) - marginOf(b))
    return [
      {
        kind,
        title: probeMeanings[kind],
        group: groups[kind],
        accuracy: clusteredShare(clustersOf(cases)),
        examples: fromEndToEnd(sorted, MOST_EXAMPLES).map(
          ({ prompt, better, worse, betterScore, worseScore }) => ({
            prompt,
            better,
            worse,
            betterScore,
            worseScore,
          }),
        ),
      },
    ]
  })
}

const marginOf = ({ betterScore, worseScore }: ProbedPair): number => betterScore - worseScore

/** As `evenly`, and the last is always there too. */
const fromEndToEnd = <T>(sorted: readonly T[], most: number): T[] =>
  sorted.length <= most ? [...sorted] : [...evenly(sorted.slice(0, -1), most - 1), sorted.at(-1)!]
