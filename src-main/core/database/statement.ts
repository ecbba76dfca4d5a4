// Prepared once per database and text: every query is a plain function of (db, …) and still costs no parsing.
import type { RunResult, Statement } from 'better-sqlite3'
import { onDisk } from '../workspace/storage-error.ts'
import type { Db } from './open.ts'

const prepared = new WeakMap<Db, Map<string, Statement<unknown[], unknown>>>()

/**
 * The prepared statement for `sql`. An `iterate()` of it must be read to its end before it is used again.
 * @typeParam Row what a result row holds, column by column
 */
export function statement<Row = unknown>(db: Db, sql: string): Statement<unknown[], Row> {
  let known = prepared.get(db)
  if (!known) {
    known = new Map()
    prepared.set(db, known)
  }
  let found = known.get(sql)
  if (!found) {
    found = db.prepare<unknown[], unknown>(sql)
    known.set(sql, found)
  }
  return found as Statement<unknown[], Row>
}

/** Runs a statement that writes. @throws LabError for what the disk refuses: `no-space`, `damaged` … */
export const write = (db: Db, sql: string, ...values: unknown[]): RunResult =>
  onDisk(db.name, () => statement(db, sql).run(...values))

/** All that `act` writes, or nothing of it. @throws LabError as `write`, and whatever `act` throws */
export const transaction = <T>(db: Db, act: () => T): T => onDisk(db.name, () => db.transaction(act)())
