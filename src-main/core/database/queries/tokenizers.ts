// The person's own tokenizers. Their files are in the workspace; GPT-2's and GPT-4's have no rows.
import type { TokenizerSummary } from '../../../../src-shared/contract/lab-contract.ts'
import type { Db } from '../open.ts'
import { statement } from '../statement.ts'

interface Row {
  id: string
  name: string
  kind: 'bpe' | 'character'
  vocabulary_size: number
  hash: string
  created_at: string
  removed_at: string | null
  report: string
}

type Report = Pick<TokenizerSummary, 'trainedOn' | 'minutes' | 'bytesPerToken'>

const fromRow = (row: Row): TokenizerSummary => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  vocabularySize: row.vocabulary_size,
  createdAt: row.created_at,
  removedAt: row.removed_at,
  hash: row.hash,
  ...(JSON.parse(row.report) as Report),
})

export function insertTokenizer(db: Db, tokenizer: TokenizerSummary): void {
  const { trainedOn, minutes, bytesPerToken } = tokenizer
  const report: Report = { trainedOn, minutes, bytesPerToken }
  statement(
    db,
    `INSERT INTO tokenizers (id, name, kind, vocabulary_size, hash, created_at, removed_at, report)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    tokenizer.id,
    tokenizer.name,
    tokenizer.kind,
    tokenizer.vocabularySize,
    tokenizer.hash,
    tokenizer.createdAt,
    tokenizer.removedAt,
    JSON.stringify(report),
  )
}

/** The tokenizer, or undefined. */
export function findTokenizer(db: Db, id: string): TokenizerSummary | undefined {
  const row = statement<Row>(db, 'SELECT * FROM tokenizers WHERE id = ?').get(id)
  return row && fromRow(row)
}

/** Newest first, removed ones included (see `removedAt`). */
export function listTokenizers(db: Db): TokenizerSummary[] {
  return statement<Row>(db, 'SELECT * FROM tokenizers ORDER BY created_at DESC, rowid DESC')
    .all()
    .map(fromRow)
}

/** @param removedAt null brings it back */
export function setTokenizerRemoved(db: Db, id: string, removedAt: string | null): void {
  statement(db, 'UPDATE tokenizers SET removed_at = ? WHERE id = ?').run(removedAt, id)
}
