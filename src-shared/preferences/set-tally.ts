// What the prompts of a set say together, as counts that add up: a set of a million prompts is counted once, and a ranking
// afterwards costs only what its own prompt says before and after.
import type { StoredRanking } from '../contract/preferences-contract.ts'
import {
  type AgreementCounts,
  addAgreement,
  agreementCounts,
  countingJudgements,
  noAgreement,
} from './agreement.ts'
import { pairsOf } from './ranked-pairs.ts'

/** Of one labeler. */
export interface LabelerTally {
  rankings: number
  /** Decided ones that are learnt from: see `countingJudgements`. */
  pairs: number
}

export interface SetTally {
  prompts: number
  sampled: number
  /** Prompts with an order, by anybody. */
  ranked: number
  /** Prompts that were looked at and have none: some found all bad, or all skipped. */
  allBad: number
  skipped: number
  /** Prompts of which a person's ranking counts in the place of a simulated one. */
  overruled: number
  pairs: number
  ties: number
  /** Pairs of texts to the same prompt that stand both ways round. */
  contradictions: number
  readonly labelers: Map<string, LabelerTally>
  readonly agreement: AgreementCounts
}

const numbers = [
  'prompts',
  'sampled',
  'ranked',
  'allBad',
  'skipped',
  'overruled',
  'pairs',
  'ties',
  'contradictions',
] as const satisfies (keyof SetTally)[]

export const emptyTally = (): SetTally => ({
  prompts: 0,
  sampled: 0,
  ranked: 0,
  allBad: 0,
  skipped: 0,
  overruled: 0,
  pairs: 0,
  ties: 0,
  contradictions: 0,
  labelers: new Map(),
  agreement: noAgreement(),
})

type Said = Pick<StoredRanking, 'labeler' | 'pass' | 'outcome' | 'ranks' | 'pairs'>

/** Names of a set's simulated labelers. */
export type Simulated = Pick<ReadonlySet<string>, 'has'>
const nobody: Simulated = new Set<string>()

const counting = (rankings: readonly Said[], simulated: Simulated): Said[] =>
  countingJudgements(rankings, ({ labeler }) => simulated.has(labeler))

/** Of one prompt, but for what contradicts it: see `contradictionsOf`. @param rankings oldest first */
export function promptTally(
  isSampled: boolean,
  rankings: readonly Said[],
  simulated: Simulated = nobody,
): SetTally {
  const tally = { ...emptyTally(), prompts: 1, sampled: isSampled ? 1 : 0 }
  for (const { labeler } of rankings) labelerOf(tally, labeler).rankings++
  const counted = counting(rankings, simulated)
  for (const said of counted) {
    const { pairs, ties } = pairsOf(said)
    tally.pairs += pairs.length
    tally.ties += ties
    labelerOf(tally, said.labeler).pairs += pairs.length
  }
  const has = (outcome: Said['outcome']) => counted.some(said => said.outcome === outcome)
  if (has('ranked')) tally.ranked = 1
  else if (has('all-bad')) tally.allBad = 1
  else if (has('skipped')) tally.skipped = 1
  if (
    rankings.some(({ labeler }) => simulated.has(labeler)) &&
    !counted.some(({ labeler }) => simulated.has(labeler))
  )
    tally.overruled = 1
  addAgreement(tally.agreement, agreementCounts(rankings))
  return tally
}

function labelerOf(tally: SetTally, labeler: string): LabelerTally {
  let found = tally.labelers.get(labeler)
  if (!found) {
    found = { rankings: 0, pairs: 0 }
    tally.labelers.set(labeler, found)
  }
  return found
}

/** Adds what some prompts say to what others say. @param times how often; −1 takes it away again */
export function addTally(to: SetTally, tally: SetTally, times = 1): void {
  for (const name of numbers) to[name] += times * tally[name]
  for (const [labeler, { rankings, pairs }] of tally.labelers) {
    const found = labelerOf(to, labeler)
    found.rankings += times * rankings
    found.pairs += times * pairs
    if (found.rankings === 0) to.labelers.delete(labeler)
  }
  addAgreement(to.agreement, tally.agreement, times)
}

type Texts = readonly { readonly text: string }[]

/**
 * Pairs of texts that stand both ways round, each counted once, over the rankings that are learnt from.
 * @param prompts all those with the same messages; their rankings oldest first
 */
export function contradictionsOf(
  prompts: readonly { readonly responses: Texts; readonly rankings: readonly Said[] }[],
  simulated: Simulated = nobody,
): number {
  const ways = new Map<string, Set<boolean>>()
  for (const { responses, rankings } of prompts)
    for (const said of counting(rankings, simulated))
      for (const [winner, loser] of pairsOf(said).pairs) {
        const [won, lost] = [responses[winner]!.text, responses[loser]!.text]
        if (won === lost) continue
        const key = JSON.stringify(won < lost ? [won, lost] : [lost, won])
        ways.set(key, (ways.get(key) ?? new Set()).add(won < lost))
      }
  let both = 0
  for (const seen of ways.values()) if (seen.size === 2) both++
  return both
}

/** The same of a prompt that nobody asked elsewhere: its responses are told apart by their place. */
export const contradictionsWithin = (rankings: readonly Said[], simulated: Simulated = nobody): number =>
  rankings.length < 2
    ? 0
    : contradictionsOf(
        [{ responses: rankings[0]!.ranks.map((_, i) => ({ text: String(i) })), rankings }],
        simulated,
      )
