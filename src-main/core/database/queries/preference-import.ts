// What an import of preferences reads and writes before anybody sees it.
import type { PreferenceResponse, Simulation } from '../../../../src-shared/contract/preferences-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction, write } from '../statement.ts'
import { insertRanking, type NewRanking, saveSimulation, simulatedLabelers } from './rankings.ts'

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

const joined = 'number, labeler, pass, outcome, ranks, pairs, seconds, created_at'

/** Rankings of prompts that people see: kept apart, on the disk and for this session only, until the import has ended. */
export class JoiningRankings {
  private readonly db: Db
  private readonly set: string
  private readonly simulations = new Map<string, Simulation>()

  /** Forgets those of an import that could not be cleared away. */
  constructor(db: Db, set: string) {
    this.db = db
    this.set = set
    write(
      db,
      `CREATE TEMP TABLE IF NOT EXISTS joining_rankings (
         id INTEGER PRIMARY KEY, set_id TEXT NOT NULL, number INTEGER NOT NULL, labeler TEXT NOT NULL,
         pass INTEGER NOT NULL, outcome TEXT NOT NULL, ranks TEXT NOT NULL, pairs TEXT, seconds REAL,
         created_at TEXT NOT NULL) STRICT`,
    )
    this.forget()
  }

  /** Within the caller's transaction. */
  add(rankings: readonly JoiningRanking[]): void {
    const insert = statement(
      this.db,
      `INSERT INTO temp.joining_rankings (set_id, ${joined}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    const now = new Date().toISOString()
    for (const { number, ranking } of rankings) {
      const { labeler, pass, outcome, ranks, pairs, seconds, createdAt = now, simulation } = ranking
      const [ranksJson, pairsJson] = [JSON.stringify(ranks), pairs && JSON.stringify(pairs)]
      insert.run(this.set, number, labeler, pass, outcome, ranksJson, pairsJson, seconds, createdAt)
      if (simulation) this.simulations.set(labeler, simulation)
    }
  }

  /** Adds them to their prompts, in one statement, but for those that somebody has given meanwhile. Within the caller's transaction. */
  join(): void {
    statement(
      this.db,
      `INSERT INTO rankings (set_id, ${joined}) SELECT set_id, ${joined} FROM temp.joining_rankings
       WHERE set_id = ? ORDER BY id ON CONFLICT DO NOTHING`,
    ).run(this.set)
    for (const [labeler, simulation] of this.simulations)
      saveSimulation(this.db, this.set, labeler, simulation)
  }

  forget(): void {
    transaction(this.db, () =>
      statement(this.db, 'DELETE FROM temp.joining_rankings WHERE set_id = ?').run(this.set),
    )
  }
}
