// What the sets say together, remembered: counted in steps when it is first asked for, so that a set of a million prompts
// holds nobody up, and kept true by what single rankings change.
import {
  addTally,
  contradictionsOf,
  contradictionsWithin,
  emptyTally,
  promptTally,
  type SetTally,
  type Simulated,
} from '../../../src-shared/preferences/set-tally.ts'
import type { Db } from '../database/open.ts'
import {
  findPromptRow,
  nextPromptRows,
  type PromptRow,
  rowsWithKey,
  sharedKeys,
} from '../database/queries/preference-prompt-rows.ts'
import { promptsWithKey } from '../database/queries/preference-prompts.ts'
import { fromRankingRow, type RankingRow, rankingsBetween, rankingsOf } from '../database/queries/rankings.ts'
import { takeTurns } from '../jobs/turns.ts'
import { simulationsOf } from './simulations.ts'

const PROMPTS_AT_ONCE = 1000

export class SetTallies {
  private readonly db: Db
  /** null = being counted. */
  private readonly known = new Map<string, SetTally | null>()
  private readonly counting = new Map<string, Promise<SetTally>>()

  constructor(db: Db) {
    this.db = db
  }

  /** Of the prompts that are there. The answer changes with the set: to be read at once. */
  async of(set: string): Promise<SetTally> {
    const known = this.known.get(set)
    if (known) return known
    let counting = this.counting.get(set)
    if (!counting) {
      counting = this.count(set).finally(() => this.counting.delete(set))
      this.counting.set(set, counting)
    }
    return await counting
  }

  /** A set has changed in more than one prompt. */
  forget(set: string): void {
    this.known.delete(set)
  }

  /** What is said of a set has grown. */
  add(set: string, tally: SetTally): void {
    const known = this.known.get(set)
    if (known) addTally(known, tally)
    else this.forget(set)
  }

  /** Lets `act` change what is said of one prompt. */
  change<T>(set: string, number: number, act: () => T): T {
    const tally = this.known.get(set)
    const row = tally && findPromptRow(this.db, set, number)
    if (!row) {
      // Whoever is counting meanwhile counts anew.
      this.forget(set)
      return act()
    }
    const before = this.around(set, row)
    const result = act()
    addTally(tally, before, -1)
    addTally(tally, this.around(set, row))
    return result
  }

  /** What a prompt says, and what contradicts it. */
  private around(set: string, row: PromptRow): SetTally {
    const rankings = rankingsOf(this.db, set, [row.number]).map(fromRankingRow)
    const simulated = simulationsOf(this.db, set)
    return {
      ...promptTally(row.sampled > 0, rankings, simulated),
      contradictions: this.contradictions(set, row.key, simulated),
    }
  }

  private contradictions(set: string, key: string, simulated: Simulated): number {
    const numbers = rowsWithKey(this.db, set, key).map(({ number }) => number)
    const said = rankingsOf(this.db, set, numbers)
    if (numbers.length === 1) return contradictionsWithin(said.map(fromRankingRow), simulated)
    return said.length < 2 ? 0 : contradictionsOf(promptsWithKey(this.db, set, key), simulated)
  }

  private async count(set: string): Promise<SetTally> {
    for (;;) {
      this.known.set(set, null)
      const tally = await this.counted(set)
      // Unless the set has changed meanwhile.
      if (this.known.get(set) !== null) continue
      this.known.set(set, tally)
      return tally
    }
  }

  private async counted(set: string): Promise<SetTally> {
    const othersTurn = takeTurns()
    const tally = emptyTally()
    const simulated = simulationsOf(this.db, set)
    const shared = new Set(sharedKeys(this.db, set))
    for (let from = 0; ; ) {
      const rows = nextPromptRows(this.db, set, from, PROMPTS_AT_ONCE)
      if (rows.length === 0) break
      const end = rows.at(-1)!.number + 1
      const said = Map.groupBy(rankingsBetween(this.db, set, from, end), ({ number }) => number)
      for (const [each, count] of alike(rows, said, { shared, simulated })) addTally(tally, each, count)
      from = end
      await othersTurn()
    }
    for (const key of shared) {
      tally.contradictions += this.contradictions(set, key, simulated)
      await othersTurn()
    }
    return tally
  }
}

/** Of imported comparisons most say the same: what they say, and how many do. @param shared keys that other prompts have too */
function* alike(
  rows: readonly PromptRow[],
  said: ReadonlyMap<number, readonly RankingRow[]>,
  { shared, simulated }: { readonly shared: ReadonlySet<string>; readonly simulated: Simulated },
): Generator<[SetTally, number]> {
  const groups = Map.groupBy(rows, ({ number, sampled, key }) => {
    const rankings = said.get(number) ?? []
    return JSON.stringify([
      sampled > 0,
      shared.has(key),
      rankings.map(({ labeler, pass, outcome, ranks, pairs }) => [labeler, pass, outcome, ranks, pairs]),
    ])
  })
  for (const group of groups.values()) {
    const { number, sampled, key } = group[0]!
    const rankings = (said.get(number) ?? []).map(fromRankingRow)
    const contradictions = shared.has(key) ? 0 : contradictionsWithin(rankings, simulated)
    yield [{ ...promptTally(sampled > 0, rankings, simulated), contradictions }, group.length]
  }
}
