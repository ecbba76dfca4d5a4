// Rankings: one row each, whole. The latest one of a prompt and labeler is the one with the highest id: a label that is
// mended is stored anew.
import type { Simulation, StoredRanking } from '../../../../src-shared/contract/preferences-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'

export type NewRanking = Omit<StoredRanking, 'createdAt'> & {
  /** Absent = now. */
  readonly createdAt?: string
  /** Of a simulated labeler: what it labels by. */
  readonly simulation?: Simulation | undefined
}

export interface RankingRow {
  id: number
  number: number
  labeler: string
  pass: number
  outcome: StoredRanking['outcome']
  ranks: string
  pairs: string | null
  seconds: number | null
  created_at: string
}

const columns = 'id, number, labeler, pass, outcome, ranks, pairs, seconds, created_at'

export const fromRankingRow = (row: RankingRow): StoredRanking => ({
  labeler: row.labeler,
  pass: row.pass,
  outcome: row.outcome,
  ranks: JSON.parse(row.ranks) as StoredRanking['ranks'],
  pairs: row.pairs === null ? null : (JSON.parse(row.pairs) as StoredRanking['pairs']),
  seconds: row.seconds,
  createdAt: row.created_at,
})

/** Adds a ranking in the place of one of the same prompt, labeler and pass, as the latest. Within the caller's transaction. */
export function insertRanking(db: Db, set: string, number: number, ranking: NewRanking): void {
  const { labeler, pass, simulation } = ranking
  // Not an upsert, which would keep the older id.
  removeOne(db, set, number, labeler, pass)
  addRanking(db, set, number, ranking)
  if (simulation) saveSimulation(db, set, labeler, simulation)
}

const removeOne = (db: Db, set: string, number: number, labeler: string, pass: number): void =>
  void statement(db, 'DELETE FROM rankings WHERE set_id = ? AND number = ? AND labeler = ? AND pass = ?').run(
    set,
    number,
    labeler,
    pass,
  )

/** Removes what a labeler said of a prompt in a pass, if anything, durably when this returns. */
export const removeRanking = (db: Db, set: string, number: number, labeler: string, pass: number): void =>
  transaction(db, () => removeOne(db, set, number, labeler, pass))

/** Where its prompt, labeler and pass have none. */
function addRanking(db: Db, set: string, number: number, ranking: NewRanking): void {
  const { labeler, pass, outcome, ranks, pairs, seconds, createdAt } = ranking
  statement(
    db,
    `INSERT INTO rankings (set_id, number, labeler, pass, outcome, ranks, pairs, seconds, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    set,
    number,
    labeler,
    pass,
    outcome,
    JSON.stringify(ranks),
    pairs && JSON.stringify(pairs),
    seconds,
    createdAt ?? new Date().toISOString(),
  )
}

/** What a simulated labeler of a set labels by. Within the caller's transaction. */
export function saveSimulation(db: Db, set: string, labeler: string, simulation: Simulation): void {
  statement(
    db,
    `INSERT INTO preference_labelers (set_id, labeler, simulation) VALUES (?, ?, ?)
     ON CONFLICT (set_id, labeler) DO UPDATE SET simulation = excluded.simulation`,
  ).run(set, labeler, JSON.stringify(simulation))
}

/** Stores one ranking, durably when this returns. */
export const saveRanking = (db: Db, set: string, number: number, ranking: NewRanking): void =>
  transaction(db, () => insertRanking(db, set, number, ranking))

/** All rankings of a simulated labeler of a set, one of each prompt, in the place of those it had. */
export function replaceLabeler(
  db: Db,
  set: string,
  labeler: string,
  simulation: Simulation,
  rankings: Iterable<{ readonly number: number; readonly ranking: NewRanking }>,
): void {
  transaction(db, () => {
    statement(db, 'DELETE FROM rankings WHERE set_id = ? AND labeler = ?').run(set, labeler)
    saveSimulation(db, set, labeler, simulation)
    for (const { number, ranking } of rankings) addRanking(db, set, number, ranking)
  })
}

/** Oldest first, of prompts from `from` to below `to`. */
export const rankingsBetween = (db: Db, set: string, from: number, to: number): RankingRow[] =>
  statement<RankingRow>(
    db,
    `SELECT ${columns} FROM rankings WHERE set_id = ? AND number >= ? AND number < ? ORDER BY number, id`,
  ).all(set, from, to)

/** Oldest first, of some prompts. */
export const rankingsOf = (db: Db, set: string, numbers: readonly number[]): RankingRow[] =>
  statement<RankingRow>(
    db,
    `SELECT ${columns} FROM rankings WHERE set_id = ? AND number IN (SELECT value FROM json_each(?))
     ORDER BY number, id`,
  ).all(set, JSON.stringify(numbers))

/** What a labeler said, oldest first, without the ranks. */
export const saidBy = (
  db: Db,
  set: string,
  labeler: string,
): Pick<RankingRow, 'number' | 'pass' | 'outcome' | 'seconds'>[] =>
  statement<Pick<RankingRow, 'number' | 'pass' | 'outcome' | 'seconds'>>(
    db,
    'SELECT number, pass, outcome, seconds FROM rankings WHERE set_id = ? AND labeler = ? ORDER BY id',
  ).all(set, labeler)

/** The labeler's latest ranking of a prompt that is there, or undefined. */
export const latestOf = (db: Db, set: string, labeler: string): RankingRow | undefined =>
  statement<RankingRow>(
    db,
    `SELECT ${columns} FROM rankings JOIN preference_prompts USING (set_id, number)
     WHERE set_id = ? AND labeler = ? AND removed_at IS NULL ORDER BY id DESC LIMIT 1`,
  ).get(set, labeler)

/** Takes a ranking back, durably when this returns. */
export const deleteRanking = (db: Db, id: number): void =>
  void transaction(db, () => statement(db, 'DELETE FROM rankings WHERE id = ?').run(id))

/** Simulated labelers of a set: JSON of what they label by. */
export const simulatedLabelers = (db: Db, set: string): { labeler: string; simulation: string }[] =>
  statement<{ labeler: string; simulation: string }>(
    db,
    'SELECT labeler, simulation FROM preference_labelers WHERE set_id = ? ORDER BY labeler',
  ).all(set)
