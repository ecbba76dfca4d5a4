// Sets of preferences: what lists show of them, their rejections, and how an import begins and ends. Their prompts are in
// preference-prompts.ts, what was said of them in rankings.ts.
import type { PreferenceSet } from '../../../../src-shared/contract/preferences-contract.ts'
import type { Rejection } from '../../../../src-shared/contract/shapes.ts'
import type { Db } from '../open.ts'
import { statement, transaction, write } from '../statement.ts'

interface Row {
  id: string
  name: string
  kind: PreferenceSet['kind']
  created_at: string
  removed_at: string | null
  next_number: number
  bench: string | null
  duplicates: number
  rejected: number
  report: string
}

type SetReport = Pick<PreferenceSet, 'files' | 'notes'>

/** A set without what its prompts and rankings say. */
export type StoredSet = Pick<
  PreferenceSet,
  'id' | 'name' | 'kind' | 'createdAt' | 'removedAt' | 'bench' | 'duplicates' | 'rejected' | 'files' | 'notes'
> & {
  /** Prompts have numbers below it. */
  readonly nextNumber: number
}

const fromRow = (row: Row): StoredSet => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  createdAt: row.created_at,
  removedAt: row.removed_at,
  nextNumber: row.next_number,
  bench: row.bench === null ? null : (JSON.parse(row.bench) as PreferenceSet['bench']),
  duplicates: row.duplicates,
  rejected: row.rejected,
  ...(JSON.parse(row.report) as SetReport),
})

/** Nobody sees it until `endImport`. */
export function insertSet(
  db: Db,
  {
    id,
    name,
    kind,
    createdAt,
    bench = null,
  }: Pick<PreferenceSet, 'id' | 'name' | 'kind' | 'createdAt'> & Partial<Pick<PreferenceSet, 'bench'>>,
): void {
  const report: SetReport = { files: [], notes: [] }
  write(
    db,
    'INSERT INTO preference_sets (id, name, kind, created_at, ready, bench, report) VALUES (?, ?, ?, ?, 0, ?, ?)',
    id,
    name,
    kind,
    createdAt,
    bench && JSON.stringify(bench),
    JSON.stringify(report),
  )
}

/** The set, or undefined. */
export function findSet(db: Db, id: string): StoredSet | undefined {
  const row = statement<Row>(db, 'SELECT * FROM preference_sets WHERE id = ? AND ready').get(id)
  return row && fromRow(row)
}

/** Newest first, removed ones included (see `removedAt`). */
export const listSets = (db: Db): StoredSet[] =>
  statement<Row>(db, 'SELECT * FROM preference_sets WHERE ready ORDER BY created_at DESC, rowid DESC')
    .all()
    .map(fromRow)

export function renameSet(db: Db, id: string, name: string): void {
  write(db, 'UPDATE preference_sets SET name = ? WHERE id = ?', name, id)
}

/** @param removedAt null brings it back */
export function setSetRemoved(db: Db, id: string, removedAt: string | null): void {
  write(db, 'UPDATE preference_sets SET removed_at = ? WHERE id = ?', removedAt, id)
}

/** Forgets a set with all that belongs to it: quick when its prompts are deleted already. */
export function deleteSet(db: Db, id: string): void {
  write(db, 'DELETE FROM preference_sets WHERE id = ?', id)
}

/** What an import adds to its set. */
export interface EndedImport extends SetReport {
  readonly nextNumber: number
  readonly duplicates: number
  readonly rejected: number
  /** Those that are listed. */
  readonly rejections: readonly Rejection[]
}

/** Shows the prompts of an import, and counts and lists what it did: together or not at all. */
export function endImport(db: Db, id: string, ended: EndedImport): void {
  const reject = statement(
    db,
    'INSERT INTO preference_rejections (set_id, number, file, line, reason, preview) VALUES (?, ?, ?, ?, ?, ?)',
  )
  transaction(db, () => {
    const { report } = statement<{ report: string }>(
      db,
      'SELECT report FROM preference_sets WHERE id = ?',
    ).get(id)!
    const { files, notes } = JSON.parse(report) as SetReport
    statement(
      db,
      `UPDATE preference_sets SET ready = 1, next_number = ?, duplicates = duplicates + ?,
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
      'SELECT coalesce(max(number) + 1, 0) AS next FROM preference_rejections WHERE set_id = ?',
    ).get(id)!
    for (const [i, { file, line, reason, preview }] of ended.rejections.entries())
      reject.run(id, next + i, file, line, reason, preview)
  })
}

export function listSetRejections(
  db: Db,
  id: string,
  page: { offset: number; limit: number },
): { total: number; rows: Rejection[] } {
  const { total } = statement<{ total: number }>(
    db,
    'SELECT count(*) AS total FROM preference_rejections WHERE set_id = ?',
  ).get(id)!
  const rows = statement<Rejection>(
    db,
    `SELECT file, line, reason, preview FROM preference_rejections WHERE set_id = ?
     ORDER BY number LIMIT ? OFFSET ?`,
  ).all(id, page.limit, page.offset)
  return { total, rows }
}

/**
 * At start: takes away from view what `deleteRemoved` is going to delete, so that nobody brings half of it back: what was
 * removed before, and what an import wrote that a crash has ended.
 */
export function hideRemoved(db: Db, now: string): void {
  transaction(db, () => {
    statement(
      db,
      'UPDATE preference_sets SET ready = 0, removed_at = coalesce(removed_at, ?) WHERE NOT ready OR removed_at NOTNULL',
    ).run(now)
    const left = statement<{ id: string; last: number; next: number }>(
      db,
      `SELECT id, next_number AS next,
         (SELECT max(number) FROM preference_prompts WHERE set_id = id) AS last
       FROM preference_sets WHERE last >= next_number`,
    ).all()
    for (const { id, last, next } of left) {
      statement(db, 'UPDATE preference_prompts SET removed_at = ? WHERE set_id = ? AND number >= ?').run(
        now,
        id,
        next,
      )
      statement(db, 'UPDATE preference_sets SET next_number = ? WHERE id = ?').run(last + 1, id)
    }
  })
}

/**
 * Deletes for good some of what was removed at or before `until`: prompts, then the sets that have none left.
 * @returns whether there may be more
 */
export function deleteRemoved(db: Db, until: string, limit: number): boolean {
  const { changes } = write(
    db,
    `DELETE FROM preference_prompts WHERE (set_id, number) IN (
       SELECT set_id, number FROM preference_prompts JOIN preference_sets ON id = set_id
       WHERE preference_prompts.removed_at <= ? OR preference_sets.removed_at <= ? LIMIT ?)`,
    until,
    until,
    limit,
  )
  if (changes === limit) return true
  write(db, 'DELETE FROM preference_sets WHERE removed_at <= ?', until)
  return false
}
