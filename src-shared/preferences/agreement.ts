// How well labels agree: with the same labeler's of the same prompt at another time, and with another labeler's. It sets the
// ceiling of every reward model (InstructGPT measured 73 % between its labelers, Ouyang et al. 2022 §3.4).
import type { Agreement, StoredRanking } from '../contract/preferences-contract.ts'
import { shareOf } from '../metrics/share.ts'
import { type Pair, pairsOf } from './ranked-pairs.ts'

export type Judgement = Pick<StoredRanking, 'labeler' | 'pass' | 'outcome' | 'ranks' | 'pairs'>

/** Pairs that both orders decide, and how many of them the same way round. */
export interface Agreeing {
  readonly hits: number
  readonly n: number
}

/** Counts that add up over prompts and sets. Keys: `self` a labeler, `between` two labelers as JSON, in order. */
export interface AgreementCounts {
  readonly self: Map<string, Agreeing>
  readonly between: Map<string, Agreeing>
}

export const noAgreement = (): AgreementCounts => ({ self: new Map(), between: new Map() })

/** A pair that is given both ways round decides nothing. */
function decided(pairs: readonly Pair[]): Map<string, boolean> {
  const firstWins = new Map<string, boolean>()
  const both = new Set<string>()
  for (const [winner, loser] of pairs) {
    const key = winner < loser ? `${winner} ${loser}` : `${loser} ${winner}`
    const known = firstWins.get(key)
    if (known !== undefined && known !== winner < loser) both.add(key)
    firstWins.set(key, winner < loser)
  }
  for (const key of both) firstWins.delete(key)
  return firstWins
}

/** Of two orders of the same responses; ties, and what one of them leaves out, do not count. */
export function agreeing(a: readonly Pair[], b: readonly Pair[]): Agreeing {
  const ofB = decided(b)
  let hits = 0
  let n = 0
  for (const [key, firstWins] of decided(a)) {
    const other = ofB.get(key)
    if (other === undefined) continue
    n++
    if (other === firstWins) hits++
  }
  return { hits, n }
}

/** Of each labeler, the ranking that counts: the last. @param judgements of one prompt, oldest first */
export const latestJudgements = <T extends Judgement>(judgements: readonly T[]): T[] => [
  ...new Map(judgements.map(judgement => [judgement.labeler, judgement])).values(),
]

/**
 * The rankings that are learnt from: of each labeler the latest, and of simulated labelers none where a person has judged
 * the prompt, if only to find all bad: who knows better overrules a simulation. Who skipped it has not judged it.
 * @param judgements of one prompt, oldest first
 */
export function countingJudgements<T extends Judgement>(
  judgements: readonly T[],
  isSimulated: (judgement: T) => boolean,
): T[] {
  const latest = latestJudgements(judgements)
  const isOverruled = latest.some(said => said.outcome !== 'skipped' && !isSimulated(said))
  return isOverruled ? latest.filter(said => !isSimulated(said)) : latest
}

/** Of one prompt. @param judgements oldest first */
export function agreementCounts(judgements: readonly Judgement[]): AgreementCounts {
  const counts = noAgreement()
  if (judgements.length < 2) return counts
  for (const [labeler, own] of Map.groupBy(judgements, judgement => judgement.labeler)) {
    const [first, again] = [own.find(({ pass }) => pass === 0), own.find(({ pass }) => pass === 1)]
    if (first && again) add(counts.self, labeler, agreeing(pairsOf(first).pairs, pairsOf(again).pairs), 1)
  }
  const latest = latestJudgements(judgements).sort((a, b) => (a.labeler < b.labeler ? -1 : 1))
  for (const [i, a] of latest.entries())
    for (const b of latest.slice(i + 1))
      add(
        counts.between,
        JSON.stringify([a.labeler, b.labeler]),
        agreeing(pairsOf(a).pairs, pairsOf(b).pairs),
        1,
      )
  return counts
}

function add(counts: Map<string, Agreeing>, key: string, { hits, n }: Agreeing, times: number): void {
  const before = counts.get(key) ?? { hits: 0, n: 0 }
  const after = { hits: before.hits + times * hits, n: before.n + times * n }
  if (after.n === 0) counts.delete(key)
  else counts.set(key, after)
}

/** Adds counts to others. @param times how often; −1 takes them away again */
export function addAgreement(to: AgreementCounts, counts: AgreementCounts, times = 1): void {
  for (const kind of ['self', 'between'] as const)
    for (const [key, agreeing] of counts[kind]) add(to[kind], key, agreeing, times)
}

/**
 * Shares with Wilson's intervals, by name, and the ceiling. Noise of simulated labelers is known, so it comes before what
 * people were measured to agree with themselves, and that before what they agree with each other.
 * @param simulated labelers with their noise (0–0.5) and how many decided pairs they gave
 */
export function agreementOf(
  counts: AgreementCounts,
  simulated: readonly { readonly noise: number; readonly pairs: number }[],
): Agreement {
  const byName = (map: Map<string, Agreeing>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    self: byName(counts.self).map(([labeler, { hits, n }]) => ({ labeler, agreement: shareOf(hits, n) })),
    between: byName(counts.between).map(([key, { hits, n }]) => {
      const [a, b] = JSON.parse(key) as [string, string]
      return { a, b, agreement: shareOf(hits, n) }
    }),
    ceiling: ofSimulated(simulated) ?? pooled('self', counts.self) ?? pooled('between', counts.between),
  }
}

/**
 * The most of labels that can be predicted where they agree in a share `agreement` (0.5–1) with labels of another time.
 * Two labels that each err by chance in ε agree in 1 − 2ε(1 − ε), and who knows the labelers' mind matches 1 − ε of them:
 * more than they repeat. Where pairs differ in how hard they are it is less (Jensen), but never below the agreement.
 */
export const predictableShare = (agreement: number): number =>
  (1 + Math.sqrt(Math.max(0, 2 * agreement - 1))) / 2

function ofSimulated(
  simulated: readonly { readonly noise: number; readonly pairs: number }[],
): Agreement['ceiling'] {
  const n = simulated.reduce((sum, { pairs }) => sum + pairs, 0)
  if (n === 0) return null
  const share = simulated.reduce((sum, { noise, pairs }) => sum + pairs * (1 - noise), 0) / n
  return { source: 'simulated', share, low: share, high: share, n }
}

function pooled(source: 'self' | 'between', counts: Map<string, Agreeing>): Agreement['ceiling'] {
  let [hits, n] = [0, 0]
  for (const each of counts.values()) {
    hits += each.hits
    n += each.n
  }
  return n === 0 ? null : { source, ...shareOf(hits, n) }
}
