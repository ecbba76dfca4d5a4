// Sets of rows, whatever a row is: what lists show of them, their rejections, how an import ends, and how what was removed
// is deleted for good.
import type { Rejection } from '../../../../src-shared/contract/shapes.ts'
import type { Db } from '../open.ts'
import { statement, transaction, write } from '../statement.ts'

interface SetReport {
  files: { file: string; format: string; rows: number }[]
  notes: string[]
}

/** Of a new set, what its report says. */
export const EMPTY_REPORT: string = JSON.stringify({ files: [], notes: [] } satisfies SetReport)

export interface SetRow<Kind extends string> {
  id: string
  name: string
  kind: Kind
  created_at: string
  removed_at: string | null
  next_number: number
  duplicates: number
  rejected: number
  report: string
}

/** A set without what its rows say. */
export interface StoredRowSet<Kind extends string> extends SetReport {
  id: string
  name: string
  kind: Kind
  createdAt: string
  removedAt: string | null
  duplicates: number
  rejected: number
  /** Rows have numbers below it. */
  readonly nextNumber: number
}

export const storedSet = <Kind extends string>(row: SetRow<Kind>): StoredRowSet<Kind> => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  createdAt: row.created_at,
  removedAt: row.removed_at,
  nextNumber: row.next_number,
  duplicates: row.duplicates,
  rejected: row.rejected,
  ...(JSON.parse(row.report) as SetReport),
})

/** What an import adds to its set. */
export interface EndedImport extends SetReport {
  readonly nextNumber: number
  readonly duplicates: number
  readonly rejected: number
  /** Those that are listed. */
  readonly rejections: readonly Rejection[]
}

export type RowSetQueries<Stored> = ReturnType<typeof rowSetQueries<never, Stored>>

/** @param tables constants, never what somebody gave: they become SQL  @param fromRow a set as its table holds it */
export function rowSetQueries<Row, Stored>(
  { sets, rows, rejections }: { readonly sets: string; readonly rows: string; readonly rejections: string },
  fromRow: (row: Row) => Stored,
) {
  return {
    /** The set, or undefined. */
    findSet(db: Db, id: string): Stored | undefined {
      const row = statement<Row>(db, `SELECT * FROM ${sets} WHERE id = ? AND ready`).get(id)
      return row && fromRow(row)
    },

    /** Newest first, removed ones included (see `removedAt`). */
    listSets: (db: Db): Stored[] =>
      statement<Row>(db, `SELECT * FROM ${sets} WHERE ready ORDER BY created_at DESC, rowid DESC`)
        .all()
        .map(fromRow),

    renameSet(db: Db, id: string, name: string): void {
      write(db, `UPDATE ${sets} SET name = ? WHERE id = ?`, name, id)
    },

    /** @param removedAt null brings it back */
    setSetRemoved(db: Db, id: string, removedAt: string | null): void {
      write(db, `UPDATE ${sets} SET removed_at = ? WHERE id = ?`, removedAt, id)
    },

    /** Forgets a set with all that belongs to it: quick when its rows are deleted already. */
    deleteSet(db: Db, id: string): void {
      write(db, `DELETE FROM ${sets} WHERE id = ?`, id)
    },

    /** Shows the rows of an import, and counts and lists what it did: together or not at all. */
    endImport(db: Db, id: string, ended: EndedImport): void {
      const reject = statement(
        db,
        `INSERT INTO ${rejections} (set_id, number, file, line, reason, preview) VALUES (?, ?, ?, ?, ?, ?)`,
      )
      transaction(db, () => {
        const { report } = statement<{ report: string }>(db, `SELECT report FROM ${sets} WHERE id = ?`).get(
          id,
        )!
        const { files, notes } = JSON.parse(report) as SetReport
        statement(
          db,
          `UPDATE ${sets} SET ready = 1, next_number = ?, duplicates = duplicates + ?,
             rejected = rejected + ?, report = ? WHERE id = ?`,
        ).run(
          ended.nextNumber,
          ended.duplicates,
          ended.rejected,
          JSON.stringify({ files: [...files, ...ended.files], notes: [...notes, ...ended.notes] }),
          id,
        )
        const { next } = statement<{ next: number }>(
          db,
          `SELECT coalesce(max(number) + 1, 0) AS next FROM ${rejections} WHERE set_id = ?`,
        ).get(id)!
        for (const [i, { file, line, reason, preview }] of ended.rejections.entries())
          reject.run(id, next + i, file, line, reason, preview)
      })
    },

    listSetRejections(
      db: Db,
      id: string,
      page: { offset: number; limit: number },
    ): { total: number; rows: Rejection[] } {
      const { total } = statement<{ total: number }>(
        db,
        `SELECT count(*) AS total FROM ${rejections} WHERE set_id = ?`,
      ).get(id)!
      const found = statement<Rejection>(
        db,
        `SELECT file, line, reason, preview FROM ${rejections} WHERE set_id = ?
         ORDER BY number LIMIT ? OFFSET ?`,
      ).all(id, page.limit, page.offset)
      return { total, rows: found }
    },

    /**
     * At start: takes away from view what `deleteRemoved` is going to delete, so that nobody brings half of it back: what
     * was removed before, and what an import wrote that a crash has ended.
     */
    hideRemoved(db: Db, now: string): void {
      transaction(db, () => {
        statement(
          db,
          `UPDATE ${sets} SET ready = 0, removed_at = coalesce(removed_at, ?)
           WHERE NOT ready OR removed_at NOTNULL`,
        ).run(now)
        const left = statement<{ id: string; last: number; next: number }>(
          db,
          `SELECT id, next_number AS next, (SELECT max(number) FROM ${rows} WHERE set_id = id) AS last
           FROM ${sets} WHERE last >= next_number`,
        ).all()
        for (const { id, last, next } of left) {
          statement(db, `UPDATE ${rows} SET removed_at = ? WHERE set_id = ? AND number >= ?`).run(
            now,
            id,
            next,
          )
          statement(db, `UPDATE ${sets} SET next_number = ? WHERE id = ?`).run(last + 1, id)
        }
      })
    },

    /**
     * Deletes for good some of what was removed at or before `until`: rows, then the sets that have none left.
     * @returns whether there may be more
     */
    deleteRemoved(db: Db, until: string, limit: number): boolean {
      const { changes } = write(
        db,
        `DELETE FROM ${rows} WHERE (set_id, number) IN (
           SELECT set_id, number FROM ${rows} JOIN ${sets} ON id = set_id
           WHERE ${rows}.removed_at <= ? OR ${sets}.removed_at <= ? LIMIT ?)`,
        until,
        until,
        limit,
      )
      if (changes === limit) return true
      write(db, `DELETE FROM ${sets} WHERE removed_at <= ?`, until)
      return false
    },
  }
}
