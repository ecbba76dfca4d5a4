// The bench: which card a labeler sees next, and what becomes of what they say. Every ranking is one transaction that is
// on the disk before the next card is shown.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type {
  BenchCard,
  BenchState,
  StoredRanking,
} from '../../../src-shared/contract/preferences-contract.ts'
import { cardOrder, returningPrompts, shownOrder } from '../../../src-shared/preferences/card-order.ts'
import { ranksOfPairs } from '../../../src-shared/preferences/ranked-pairs.ts'
import { hash32 } from '../../../src-shared/random/counter.ts'
import type { Db } from '../database/open.ts'
import { rankableNumbers } from '../database/queries/preference-prompt-rows.ts'
import type { StoredSet } from '../database/queries/preference-sets.ts'
import {
  deleteRanking,
  fromRankingRow,
  latestOf,
  removeRanking,
  saidBy,
  saveRanking,
} from '../database/queries/rankings.ts'
import { checkedRanks, refuseStale, requirePairs } from './checked-ranking.ts'
import { requirePersonsName } from './persons-name.ts'
import type { Preferences } from './preferences.ts'
import type { Sampling } from './sampling.ts'

/** Of sets that were not made to be ranked here. */
const REPEAT_SHARE = 0.1

export interface Ranking extends Pick<StoredRanking, 'labeler' | 'pass' | 'outcome' | 'ranks'> {
  readonly set: string
  readonly number: number
  /** How long the labeler took. */
  readonly seconds: number
  /** When that was made which the labeler saw standing there, null where they saw none; absent = whatever stands. */
  readonly stands?: string | null | undefined
}

/** Read once, and kept true by what the labeler does. */
interface Sitting {
  readonly set: string
  readonly labeler: string
  version: number
  readonly numbers: readonly number[]
  readonly returning: ReadonlyMap<number, number>
  readonly said: SaidRow[]
}
type SaidRow = ReturnType<typeof saidBy>[number]

export class RankingBench {
  private readonly db: Db
  private readonly preferences: Preferences
  private readonly sampling: Pick<Sampling, 'underWay'>
  private latest: Sitting | null = null

  constructor(db: Db, preferences: Preferences, sampling: Pick<Sampling, 'underWay'>) {
    this.db = db
    this.preferences = preferences
    this.sampling = sampling
  }

  /** Where a labeler stands in a set. @throws LabError `not-found`, `unsupported` for the chat's votes; `bad-input` for a name that is nobody's */
  async state(id: string, labeler: string): Promise<BenchState> {
    const set = this.rankable(id)
    if (!this.preferences.simulations(id).has(labeler)) requirePersonsName(labeler)
    return await this.stateWith(set, labeler)
  }

  /** Stores what was said of a card. @throws LabError `bad-input`, `not-found`, `conflict`; nothing is changed then */
  async rank({ set: id, number, seconds, stands, ...said }: Ranking): Promise<BenchState> {
    const set = this.rankable(id)
    const prompt = this.preferences.prompt(id, number)
    if (!prompt.isSampled)
      throw new LabError({
        code: 'conflict',
        what: `the answers to prompt ${number + 1} are not sampled yet`,
        fix: 'wait for them, or go on with the sampling',
      })
    const own = prompt.rankings.filter(({ labeler }) => labeler === said.labeler)
    this.refuseForged(id, said, own)
    const ranks = checkedRanks(said, prompt.responses.length)
    refuseStale(stands, { ...said, ranks }, own)
    const sitting = this.sitting(set, said.labeler)
    this.preferences.changing(id, number, () =>
      saveRanking(this.db, id, number, { ...said, ranks, pairs: null, seconds }),
    )
    if (!own.some(({ pass }) => pass === said.pass)) {
      sitting.said.push({ number, pass: said.pass, outcome: said.outcome, seconds })
      sitting.version = this.preferences.version(id)
    }
    return await this.stateWith(set, said.labeler)
  }

  /** Takes the labeler's latest ranking back and shows its card with what was said. @throws LabError `conflict` where there is none */
  async undo(id: string, labeler: string): Promise<BenchState> {
    const set = this.rankable(id)
    const latest = latestOf(this.db, id, labeler)
    if (!latest || this.preferences.simulations(id).has(labeler))
      throw new LabError({
        code: 'conflict',
        what: latest
          ? `"${labeler}" is a simulated labeler`
          : `"${labeler}" has ranked nothing in "${set.name}"`,
        fix: latest ? 'let it label again with other settings' : 'there is nothing to take back',
      })
    const sitting = this.sitting(set, labeler)
    this.preferences.changing(id, latest.number, () => deleteRanking(this.db, latest.id))
    sitting.said.pop()
    sitting.version = this.preferences.version(id)
    const card = this.shown(set, labeler, latest, saidOn(fromRankingRow(latest)))
    return { ...(await this.stateWith(set, labeler)), card }
  }

  /** Undoes a label that was mended: what stood before stands again. @throws LabError `bad-input`, `not-found`, `conflict` */
  putBack({
    set: id,
    number,
    labeler,
    pass,
    ranking,
  }: Pick<Ranking, 'set' | 'number' | 'labeler' | 'pass'> & {
    readonly ranking: StoredRanking | null
  }): void {
    this.rankable(id)
    const { responses } = this.preferences.prompt(id, number)
    this.refuseForged(id, { labeler, pass: 0 }, [])
    if (!ranking) {
      this.preferences.changing(id, number, () => removeRanking(this.db, id, number, labeler, pass))
      return
    }
    const ranks = checkedRanks(ranking, responses.length)
    requirePairs(ranking.pairs, responses.length)
    this.preferences.changing(id, number, () =>
      saveRanking(this.db, id, number, { ...ranking, ranks, labeler, pass }),
    )
  }

  /**
   * A card with what was said of it last, to mend it.
   * @param from whose label it starts from; that of `labeler` where absent
   * @throws LabError `not-found`, `conflict` before it is sampled
   */
  card(id: string, number: number, labeler: string, from = labeler): BenchCard {
    const set = this.rankable(id)
    const prompt = this.preferences.prompt(id, number)
    const lastOf = (who: string) => prompt.rankings.findLast(ranking => ranking.labeler === who)
    const start = lastOf(from)
    if (prompt.responses.length < 2 || !prompt.isSampled)
      throw new LabError({
        code: 'conflict',
        what: prompt.isSampled
          ? `all answers to prompt ${number + 1} are the same`
          : `the answers to prompt ${number + 1} are not sampled yet`,
        fix: prompt.isSampled ? 'there is nothing to rank' : 'wait for them, or go on with the sampling',
      })
    return this.shown(
      set,
      labeler,
      { number, pass: lastOf(labeler)?.pass ?? 0 },
      start ? saidOn(start) : null,
    )
  }

  private rankable(id: string): StoredSet {
    this.preferences.own(id)
    return this.preferences.present(id)
  }

  private async stateWith(set: StoredSet, labeler: string): Promise<BenchState> {
    // First what may take others' turns: the rest is of one moment.
    const agreement = await this.preferences.agreement([set.id])
    const { numbers, returning, said } = this.sitting(set, labeler)
    const job = this.sampling.underWay(set.id)
    const { next, done, total } = cardOrder(numbers, returning, said, job !== null)
    return {
      card: next && this.shown(set, labeler, next, null),
      done,
      total,
      secondsPerCard: median(said.flatMap(({ seconds }) => seconds ?? [])),
      canUndo: said.length > 0 && !this.preferences.simulations(set.id).has(labeler),
      sampling: job === null ? null : { job },
      agreement,
    }
  }

  /** What the labeler said of what is there. It is read anew where others than the labeler have changed the set. */
  private sitting(set: StoredSet, labeler: string): Sitting {
    const { id } = set
    const version = this.preferences.version(id)
    const known = this.latest
    if (known?.set === id && known.labeler === labeler && known.version === version) return known
    const numbers = rankableNumbers(this.db, id)
    const there = new Set(numbers)
    const said = saidBy(this.db, id, labeler).filter(({ number }) => there.has(number))
    const share = set.bench?.repeatShare ?? REPEAT_SHARE
    const returning = returningPrompts(numbers, seedOf(set), labeler, share)
    this.latest = { set: id, labeler, version, numbers, returning, said }
    return this.latest
  }

  private shown(
    set: StoredSet,
    labeler: string,
    { number, pass }: { readonly number: number; readonly pass: number },
    ranking: BenchCard['ranking'],
  ): BenchCard {
    const { messages, responses, rankings } = this.preferences.prompt(set.id, number)
    const order = shownOrder(seedOf(set), labeler, { number, pass }, responses.length)
    const stands = rankings.find(each => each.labeler === labeler && each.pass === pass) ?? null
    return { set: set.id, number, pass, messages, responses, order, ranking, stands }
  }

  /** A simulated labeler ranks by its rule alone: people mend what it says under their own name. And nothing comes back before it was there. */
  private refuseForged(
    id: string,
    { labeler, pass }: Pick<Ranking, 'labeler' | 'pass'>,
    own: readonly Pick<StoredRanking, 'pass'>[],
  ): void {
    const has = (wanted: number) => own.some(({ pass }) => pass === wanted)
    if (this.preferences.simulations(id).has(labeler))
      throw new LabError({
        code: 'conflict',
        what: `"${labeler}" is a simulated labeler`,
        fix: 'rank under a name of your own',
      })
    requirePersonsName(labeler)
    if (pass === 1 && !has(0) && !has(1))
      throw new LabError({
        code: 'bad-input',
        what: `"${labeler}" has not ranked this prompt a first time`,
        where: 'pass',
        expected: '0',
        got: '1',
        fix: 'load the card anew',
      })
  }
}

/** What a card shows of a ranking: pairs that were judged one by one as the order that they make, else as none. */
function saidOn({ outcome, ranks, pairs }: StoredRanking): BenchCard['ranking'] {
  if (pairs === null) return { outcome, ranks }
  return { outcome, ranks: ranksOfPairs(pairs, ranks.length) ?? ranks.map(() => null) }
}

/** Of everything that is random on the bench. */
const seedOf = ({ id, bench }: StoredSet): number => bench?.sampling.seed ?? hash32(id)

function median(values: number[]): number | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
