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
  if (after.n <= 0) counts.delete(key)
  else counts.set(key, after)
}

/** Adds counts to others. @param times how often; −1 takes them away again */
export function addAgreement(to: AgreementCounts, counts: AgreementCounts, times = 1): void {
  for (const kind of ['self', 'between'] as const)
    for (const [key, agreeing] of counts[kind]) add(to[kind], key, agreeing, times)
}

/** A prompt that may stand in several sets. */
interface SharedPrompt {
  /** Equal for equal messages. */
  readonly key: string
  readonly responses: readonly { readonly text: string }[]
}

/** Finds what several sets say the same way: a labeler's two orders of the same texts, or two labelers' of them. */
export class CountedElsewhere {
  /** The set that each was found in first. */
  private readonly first = new Map<string, string>()

  /** @param counts of this prompt   @returns the part of them that was given of another set before */
  of(set: string, { key, responses }: SharedPrompt, counts: AgreementCounts): AgreementCounts {
    const again = noAgreement()
    const texts = responses.map(({ text }) => text).sort()
    for (const kind of ['self', 'between'] as const)
      for (const [who, agreeing] of counts[kind]) {
        const judged = JSON.stringify([kind, who, key, texts])
        const known = this.first.get(judged)
        if (known === undefined) this.first.set(judged, set)
        else if (known !== set) again[kind].set(who, agreeing)
      }
    return again
  }
}

/** What the labels of a run are, by who gave them: decided pairs that are learnt from. */
export interface LabelPairs {
  /** Simulated labelers with their noise, 0–0.5. */
  readonly simulated: readonly { readonly labeler: string; readonly noise: number; readonly pairs: number }[]
  readonly people: number
}

type Ceiling = Pick<Agreement, 'ceiling' | 'noCeiling'>

/** With fewer, a measured agreement of .75 could be .52 as well as .9. */
const LEAST_PAIRS = 20
/** Labels that agree less than a coin with itself set no bound to anything. */
const BY_CHANCE = 0.5
/** People's pairs that a ceiling of simulated labels may leave out where nobody measured how far people agree. */
const FEW_OF_PEOPLE = 0.1

/**
 * Shares with Wilson's intervals, by name, and the ceiling. The noise of simulated labels is known; of people's it is
 * measured, with themselves before with each other; where both are learnt from, each weighs as its pairs do.
 */
export function agreementOf(counts: AgreementCounts, labels: LabelPairs): Agreement {
  const byName = (map: Map<string, Agreeing>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    self: byName(counts.self).map(([labeler, { hits, n }]) => ({ labeler, agreement: shareOf(hits, n) })),
    between: byName(counts.between).map(([key, { hits, n }]) => {
      const [a, b] = JSON.parse(key) as [string, string]
      return { a, b, agreement: shareOf(hits, n) }
    }),
    ...ceilingOf(counts, labels),
  }
}

/**
 * The most of labels that can be predicted where they agree in a share `agreement` (0.5–1) with labels of another time.
 * Two labels that each err by chance in ε agree in 1 − 2ε(1 − ε), and who knows the labelers' mind matches 1 − ε of them:
 * more than they repeat. Where pairs differ in how hard they are it is less (Jensen), but never below the agreement.
 */
export const predictableShare = (agreement: number): number =>
  (1 + Math.sqrt(Math.max(0, 2 * agreement - 1))) / 2

function ceilingOf(counts: AgreementCounts, { simulated, people }: LabelPairs): Ceiling {
  const simulatedPairs = simulated.reduce((sum, { pairs }) => sum + pairs, 0)
  const measured = measuredCeiling(counts, new Set(simulated.map(({ labeler }) => labeler)))
  if (simulatedPairs === 0) return measured
  const share = simulated.reduce((sum, { noise, pairs }) => sum + pairs * (1 - noise), 0) / simulatedPairs
  const known = { share, low: share, high: share, n: simulatedPairs }
  const n = simulatedPairs + people
  if (people === 0 || (!measured.ceiling && people <= FEW_OF_PEOPLE * n))
    return { ceiling: { source: 'simulated', ...known } }
  if (!measured.ceiling)
    return {
      ceiling: null,
      noCeiling: {
        code: 'unmeasured',
        text: `Of ${n} pairs ${people} are people’s. ${measured.noCeiling!.text}`,
      },
    }
  const own = measured.ceiling
  const both = (of: 'share' | 'low' | 'high') => (simulatedPairs * known[of] + people * own[of]) / n
  return { ceiling: { source: 'mixed', share: both('share'), low: both('low'), high: both('high'), n } }
}

/** Of people: what is measured against simulated labels says nothing of it. */
function measuredCeiling(counts: AgreementCounts, simulated: ReadonlySet<string>): Ceiling {
  const isOfPeople = (key: string) => !(JSON.parse(key) as string[]).some(name => simulated.has(name))
  const self = pooled([...counts.self.values()])
  const between = pooled(
    [...counts.between].flatMap(([key, agreeing]) => (isOfPeople(key) ? [agreeing] : [])),
  )
  const [source, { hits, n }] =
    self.n >= LEAST_PAIRS || between.n < LEAST_PAIRS
      ? (['self', self.n > 0 ? self : between] as const)
      : (['between', between] as const)
  if (n === 0)
    return none(
      'unmeasured',
      'No prompt came back to the same labeler yet, and no two people ranked the same responses',
    )
  if (n < LEAST_PAIRS)
    return none(
      'too-few',
      `Only ${n === 1 ? 'one pair was' : `${n} pairs were`} judged twice: too few to say`,
    )
  const share = shareOf(hits, n)
  return share.share < BY_CHANCE
    ? none(
        'by-chance',
        `Of ${n} pairs that were judged twice, ${Math.round(100 * share.share)} % were ordered the same way, no more than by chance`,
      )
    : { ceiling: { source, ...share } }
}

const none = (code: NonNullable<Ceiling['noCeiling']>['code'], text: string): Ceiling => ({
  ceiling: null,
  noCeiling: { code, text },
})

function pooled(of: readonly Agreeing[]): Agreeing {
  const total = { hits: 0, n: 0 }
  for (const { hits, n } of of) {
    total.hits += hits
    total.n += n
  }
  return total
}
