// Corpora and the rows that their imports rejected. The texts are files (core/corpora/document-store.ts).
import type { CorpusSummary, Rejection } from '../../../../src-shared/contract/lab-contract.ts'
import type { Db } from '../open.ts'
import { statement } from '../statement.ts'

interface Row {
  id: string
  name: string
  kind: CorpusSummary['kind']
  created_at: string
  removed_at: string | null
  hash: string
  documents: number
  validation_documents: number
  bytes: number
  validation_bytes: number
  duplicates: number
  rejected: number
  split: CorpusSummary['split']
  report: string
}

type Report = Pick<CorpusSummary, 'notes' | 'files'>

const fromRow = (row: Row): CorpusSummary => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  createdAt: row.created_at,
  removedAt: row.removed_at,
  hash: row.hash,
  documents: row.documents,
  validationDocuments: row.validation_documents,
  bytes: row.bytes,
  validationBytes: row.validation_bytes,
  duplicates: row.duplicates,
  rejected: row.rejected,
  split: row.split,
  ...(JSON.parse(row.report) as Report),
})

/** The corpus and its listed rejections, together or not at all. */
export function insertCorpus(db: Db, corpus: CorpusSummary, rejections: readonly Rejection[]): void {
  const report: Report = { notes: corpus.notes, files: corpus.files }
  const reject = statement(
    db,
    'INSERT INTO corpus_rejections (corpus, number, file, line, reason, preview) VALUES (?, ?, ?, ?, ?, ?)',
  )
  db.transaction(() => {
    statement(
      db,
      `INSERT INTO corpora (id, name, kind, created_at, removed_at, hash, documents, validation_documents,
         bytes, validation_bytes, duplicates, rejected, split, report)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      corpus.id,
      corpus.name,
      corpus.kind,
      corpus.createdAt,
      corpus.removedAt,
      corpus.hash,
      corpus.documents,
      corpus.validationDocuments,
      corpus.bytes,
      corpus.validationBytes,
      corpus.duplicates,
      corpus.rejected,
      corpus.split,
      JSON.stringify(report),
    )
    for (const [number, { file, line, reason, preview }] of rejections.entries())
      reject.run(corpus.id, number, file, line, reason, preview)
  })()
}

/** The corpus, or undefined. */
export function findCorpus(db: Db, id: string): CorpusSummary | undefined {
  const row = statement<Row>(db, 'SELECT * FROM corpora WHERE id = ?').get(id)
  return row && fromRow(row)
}

/** Newest first, removed ones included (see `removedAt`). */
export function listCorpora(db: Db): CorpusSummary[] {
  return statement<Row>(db, 'SELECT * FROM corpora ORDER BY created_at DESC, rowid DESC').all().map(fromRow)
}

export function renameCorpus(db: Db, id: string, name: string): void {
  statement(db, 'UPDATE corpora SET name = ? WHERE id = ?').run(name, id)
}

/** @param removedAt null brings it back */
export function setCorpusRemoved(db: Db, id: string, removedAt: string | null): void {
  statement(db, 'UPDATE corpora SET removed_at = ? WHERE id = ?').run(removedAt, id)
}

/** Forgets a corpus with its rejections. */
export function deleteCorpus(db: Db, id: string): void {
  statement(db, 'DELETE FROM corpora WHERE id = ?').run(id)
}

/** The runs that name a corpus as a source of theirs, removed ones included. */
export function runsOfCorpus(
  db: Db,
  id: string,
): { id: string; name: string; status: string; removedAt: string | null }[] {
  return statement<{ id: string; name: string; status: string; removedAt: string | null }>(
    db,
    `SELECT id, name, status, removed_at AS removedAt FROM runs WHERE EXISTS
       (SELECT 1 FROM json_each(runs.data, '$.sources') AS source WHERE source.value ->> 'corpus' = ?)`,
  ).all(id)
}

export function listRejections(
  db: Db,
  corpus: string,
  page: { offset: number; limit: number },
): { total: number; rows: Rejection[] } {
  const { total } = statement<{ total: number }>(
    db,
    'SELECT count(*) AS total FROM corpus_rejections WHERE corpus = ?',
  ).get(corpus)!
  const rows = statement<Rejection>(
    db,
    `SELECT file, line, reason, preview FROM corpus_rejections WHERE corpus = ?
     ORDER BY number LIMIT ? OFFSET ?`,
  ).all(corpus, page.limit, page.offset)
  return { total, rows }
}
