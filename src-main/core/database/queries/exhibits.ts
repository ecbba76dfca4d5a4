// Exhibits: what models made of the same questions.
import * as v from 'valibot'
import { type QuestionExhibit, questionExhibit } from '../../../../src-shared/contract/sft-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'

/** Kept; the oldest make room. */
const KEPT = 20

export function insertExhibit(db: Db, exhibit: QuestionExhibit): void {
  transaction(db, () => {
    statement(db, 'INSERT INTO exhibits (created_at, exhibit) VALUES (?, ?)').run(
      new Date().toISOString(),
      JSON.stringify(exhibit),
    )
    statement(
      db,
      'DELETE FROM exhibits WHERE id NOT IN (SELECT id FROM exhibits ORDER BY id DESC LIMIT ?)',
    ).run(KEPT)
  })
}

/** The newest of a form that this version knows. */
export function latestExhibit(db: Db): QuestionExhibit | null {
  // One at a time: an exhibit may be megabytes.
  const rows = statement<{ exhibit: string }>(db, 'SELECT exhibit FROM exhibits ORDER BY id DESC').iterate()
  for (const { exhibit } of rows) {
    const parsed = v.safeParse(questionExhibit, JSON.parse(exhibit))
    if (parsed.success) return parsed.output
  }
  return null
}
