// The rows of sets of demonstrations. Every read passes over removed rows and over those that an import is still writing.
import type {
  ChatMessage,
  DemonstrationRow,
} from '../../../../src-shared/contract/demonstrations-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'

export interface NewDemonstration {
  /** JSON: [{role, content, weight?}] */
  readonly messages: string
  readonly useCase: string | null
  readonly tags: readonly string[]
  /** null = written by hand */
  readonly file: string | null
  readonly line: number | null
}

/** Which rows a person looks at; what is left out does not matter. */
export interface RowFilter {
  /** `none` = rows without one. */
  readonly useCase?: string | undefined
  readonly tag?: string | undefined
  /** This row alone. */
  readonly number?: number | undefined
}

/** A tag between line ends is found exactly, and tags hold none. */
export const joinTags = (tags: readonly string[]): string => ['', ...new Set(tags), ''].join('\n')
const splitTags = (tags: string): string[] => tags.split('\n').filter(tag => tag !== '')

/** Not of an import that is still writing. */
export const isGiven = 'number < (SELECT next_number FROM demonstration_sets WHERE id = @set)'
const isThere = `set_id = @set AND removed_at IS NULL AND ${isGiven}`

function filtered({ useCase, tag, number }: RowFilter): {
  sql: string
  values: Record<string, string | number>
} {
  const conditions = ['set_id = @set AND removed_at IS NULL']
  const values: Record<string, string | number> = {}
  if (useCase === 'none') conditions.push('use_case IS NULL')
  else if (useCase !== undefined) {
    conditions.push('use_case = @useCase')
    values.useCase = useCase
  }
  if (tag !== undefined) {
    conditions.push('instr(tags, @tag)')
    values.tag = joinTags([tag])
  }
  if (number !== undefined) {
    conditions.push('number = @number')
    values.number = number
  }
  return { sql: conditions.join(' AND '), values }
}

/** Appends rows as `first`, `first` + 1 …: seen once the set's next number is above them. All of them or none. */
export function appendRows(db: Db, set: string, first: number, rows: readonly NewDemonstration[]): void {
  transaction(db, () => {
    for (const [i, { messages, useCase, tags, file, line }] of rows.entries()) {
      statement(
        db,
        'INSERT INTO demonstrations (set_id, number, use_case, tags, file, line) VALUES (?, ?, ?, ?, ?, ?)',
      ).run(set, first + i, useCase, joinTags(tags), file, line)
      statement(db, 'INSERT INTO demonstration_messages (set_id, number, messages) VALUES (?, ?, ?)').run(
        set,
        first + i,
        messages,
      )
    }
  })
}

/** Adds one row that is seen at once. @returns its number */
export function addRow(db: Db, set: string, row: NewDemonstration): number {
  return transaction(db, () => {
    const { number } = statement<{ number: number }>(
      db,
      'UPDATE demonstration_sets SET next_number = next_number + 1 WHERE id = ? RETURNING next_number - 1 AS number',
    ).get(set)!
    // An import that could not be cleared away may have left one there, which nobody sees.
    statement(db, 'DELETE FROM demonstrations WHERE set_id = ? AND number = ?').run(set, number)
    appendRows(db, set, number, [row])
    return number
  })
}

/** Deletes up to `limit` rows from `first` on, as they are. @returns how many */
export function deleteRowsFrom(db: Db, set: string, first: number, limit: number): number {
  return transaction(db, () =>
    statement(
      db,
      `DELETE FROM demonstrations WHERE set_id = ? AND number IN (
         SELECT number FROM demonstrations WHERE set_id = ? AND number >= ? LIMIT ?)`,
    ).run(set, set, first, limit),
  ).changes
}

/** What the rows of a set say together. */
export function countRows(
  db: Db,
  set: string,
): { rows: number; useCases: Record<string, number>; tags: string[] } {
  const groups = statement<{ useCase: string | null; tags: string; count: number }>(
    db,
    `SELECT use_case AS useCase, tags, count(*) AS count FROM demonstrations WHERE ${isThere}
     GROUP BY use_case, tags`,
  ).all({ set })
  const useCases: Record<string, number> = {}
  for (const { useCase, count } of groups)
    useCases[useCase ?? 'none'] = (useCases[useCase ?? 'none'] ?? 0) + count
  return {
    rows: groups.reduce((sum, { count }) => sum + count, 0),
    useCases,
    tags: [...new Set(groups.flatMap(({ tags }) => splitTags(tags)))].sort(),
  }
}

/** A page of the numbers of rows, and how many there are. */
export function rowNumbers(
  db: Db,
  set: string,
  filter: RowFilter,
  page: { offset: number; limit: number },
): { total: number; numbers: number[] } {
  const { sql, values } = filtered(filter)
  const { total } = statement<{ total: number }>(
    db,
    `SELECT count(*) AS total FROM demonstrations WHERE ${sql} AND ${isGiven}`,
  ).get({ set, ...values })!
  const numbers = statement<{ number: number }>(
    db,
    `SELECT number FROM demonstrations WHERE ${sql} AND ${isGiven} ORDER BY number LIMIT @limit OFFSET @offset`,
  ).all({ set, ...values, ...page })
  return { total, numbers: numbers.map(({ number }) => number) }
}

interface Row {
  number: number
  messages: string
  use_case: DemonstrationRow['useCase']
  tags: string
  file: string | null
  line: number | null
  edited_at: string | null
}

/** Rows by number, in order; those that are not there are left out. */
export function readRows(db: Db, set: string, numbers: readonly number[]): DemonstrationRow[] {
  return statement<Row>(
    db,
    `SELECT number, messages, use_case, tags, file, line, edited_at
     FROM demonstrations JOIN demonstration_messages USING (set_id, number)
     WHERE ${isThere} AND number IN (SELECT value FROM json_each(@numbers)) ORDER BY number`,
  )
    .all({ set, numbers: JSON.stringify(numbers) })
    .map(row => ({
      number: row.number,
      messages: JSON.parse(row.messages) as ChatMessage[],
      useCase: row.use_case,
      tags: splitTags(row.tags),
      source: row.file === null ? null : { file: row.file, line: row.line ?? 0 },
      editedAt: row.edited_at,
    }))
}

/** The next rows whose number is at least `from`, with their messages as JSON. */
export function nextRows(
  db: Db,
  set: string,
  from: number,
  limit: number,
): (Pick<DemonstrationRow, 'number' | 'useCase' | 'tags'> & { messages: string })[] {
  return statement<Pick<Row, 'number' | 'messages' | 'use_case' | 'tags'>>(
    db,
    `SELECT number, messages, use_case, tags FROM demonstrations JOIN demonstration_messages USING (set_id, number)
     WHERE ${isThere} AND number >= @from ORDER BY number LIMIT @limit`,
  )
    .all({ set, from, limit })
    .map(({ number, messages, use_case, tags }) => ({
      number,
      messages,
      useCase: use_case,
      tags: splitTags(tags),
    }))
}

/** Rows whose messages, as JSON, match a LIKE pattern (escape: !). */
interface Matching {
  readonly from: number
  /** Not above the set's next number. */
  readonly to: number
  readonly pattern: string
}
// CROSS: messages are read in their order on the disk, the rest only of those that match.
const matching = (filter: string) =>
  `FROM demonstration_messages CROSS JOIN demonstrations USING (set_id, number)
   WHERE ${filter} AND number >= @from AND number < @to AND messages LIKE @pattern ESCAPE '!' ORDER BY number`

export function matchingNumbers(db: Db, set: string, filter: RowFilter, range: Matching): number[] {
  const { sql, values } = filtered(filter)
  return statement<{ number: number }>(db, `SELECT number ${matching(sql)}`)
    .all({ set, ...values, ...range })
    .map(({ number }) => number)
}

/** The same with their messages as JSON. */
export function matchingMessages(
  db: Db,
  set: string,
  filter: RowFilter,
  range: Matching,
): { number: number; messages: string }[] {
  const { sql, values } = filtered(filter)
  return statement<{ number: number; messages: string }>(db, `SELECT number, messages ${matching(sql)}`).all({
    set,
    ...values,
    ...range,
  })
}
