// What an import of preferences reads and writes before anybody sees it.
import type { PreferenceResponse, Simulation } from '../../../../src-shared/contract/preferences-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction, write } from '../statement.ts'
import { insertRanking, type NewRanking, simulatedLabelers } from './rankings.ts'

/** The responses of a prompt, whether or not anybody sees it yet. */
export const responsesOf = (db: Db, set: string, number: number): PreferenceResponse[] =>
  JSON.parse(
    statement<{ responses: string }>(
      db,
      'SELECT responses FROM preference_texts WHERE set_id = ? AND number = ?',
    ).get(set, number)!.responses,
  ) as PreferenceResponse[]

/** Everybody who has labeled in a set, and what simulated ones label by. */
export function labelersOf(db: Db, set: string): [name: string, simulation: Simulation | null][] {
  const simulated = new Map(
    simulatedLabelers(db, set).map(({ labeler, simulation }) => [
      labeler,
      JSON.parse(simulation) as Simulation,
    ]),
  )
  const names = statement<{ labeler: string }>(db, 'SELECT DISTINCT labeler FROM rankings WHERE set_id = ?')
    .all(set)
    .map(({ labeler }) => labeler)
  return [...new Set([...names, ...simulated.keys()])].map(name => [name, simulated.get(name) ?? null])
}

/** A ranking of a prompt that is there. */
export interface JoiningRanking {
  readonly number: number
  readonly ranking: NewRanking
}

/** Adds rankings to prompts that nobody sees yet. Within the caller's transaction. */
export function addRankings(db: Db, set: string, rankings: readonly JoiningRanking[]): void {
  for (const { number, ranking } of rankings) insertRanking(db, set, number, ranking)
}

const JOINING_AT_ONCE = 1000

/** Rankings of prompts that people see: kept apart, on the disk and for this session only, until the import has ended. */
export class JoiningRankings {
  private readonly db: Db
  private readonly set: string

  /** Forgets those of an import that could not be cleared away. */
  constructor(db: Db, set: string) {
    this.db = db
    this.set = set
    write(
      db,
      'CREATE TEMP TABLE IF NOT EXISTS joining_rankings (id INTEGER PRIMARY KEY, set_id TEXT NOT NULL, number INTEGER NOT NULL, ranking TEXT NOT NULL) STRICT',
    )
    this.forget()
  }

  /** Within the caller's transaction. */
  add(rankings: readonly JoiningRanking[]): void {
    for (const { number, ranking } of rankings)
      statement(this.db, 'INSERT INTO temp.joining_rankings (set_id, number, ranking) VALUES (?, ?, ?)').run(
        this.set,
        number,
        JSON.stringify(ranking),
      )
  }

  /** In the order in which they were added, without those that somebody has given meanwhile. */
  *[Symbol.iterator](): Generator<JoiningRanking> {
    for (let after = 0; ; ) {
      const rows = statement<{ id: number; number: number; ranking: string }>(
        this.db,
        `SELECT id, number, ranking FROM temp.joining_rankings AS joining WHERE set_id = @set AND id > @after
         ORDER BY id LIMIT @limit`,
      ).all({ set: this.set, after, limit: JOINING_AT_ONCE })
      for (const { number, ranking: json } of rows) {
        const ranking = JSON.parse(json) as NewRanking
        if (!this.isGiven(number, ranking)) yield { number, ranking }
      }
      if (rows.length < JOINING_AT_ONCE) return
      after = rows.at(-1)!.id
    }
  }

  private isGiven(number: number, { labeler, pass }: NewRanking): boolean {
    return (
      statement(
        this.db,
        'SELECT 1 FROM rankings WHERE set_id = ? AND number = ? AND labeler = ? AND pass = ?',
      ).get(this.set, number, labeler, pass) !== undefined
    )
  }

  forget(): void {
    transaction(this.db, () =>
      statement(this.db, 'DELETE FROM temp.joining_rankings WHERE set_id = ?').run(this.set),
    )
  }
}
