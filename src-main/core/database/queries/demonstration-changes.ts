// Changes of rows of demonstrations, one or a hundred thousand at once: all of them or none.
import { LabError } from '../../../../src-shared/contract/errors.ts'
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'
import { isGiven, joinTags } from './demonstration-rows.ts'

const MAX_TAGS = 20

const isChosen = 'set_id = @set AND number IN (SELECT value FROM json_each(@numbers))'

/** Which of `numbers` the set never had, or has no more: the first, or undefined. */
export function missingNumber(db: Db, set: string, numbers: readonly number[]): number | undefined {
  return statement<{ number: number }>(
    db,
    `SELECT value AS number FROM json_each(@numbers) WHERE NOT EXISTS (
       SELECT 1 FROM demonstrations WHERE set_id = @set AND number = value
         AND ${isGiven}) LIMIT 1`,
  ).get({ set, numbers: JSON.stringify(numbers) })?.number
}

/** Changes of one row or of many; what is left out stays. */
export interface RowChange {
  readonly useCase?: string | null | undefined
  readonly tags?: readonly string[] | undefined
  readonly addTags?: readonly string[] | undefined
  readonly removeTags?: readonly string[] | undefined
  /** JSON, with the time of the edit. */
  readonly messages?: { readonly json: string; readonly editedAt: string } | undefined
}

/**
 * Changes rows, all of them or none.
 * @throws LabError `bad-input` when a row would have more than 20 tags
 */
export function changeRows(
  db: Db,
  set: string,
  numbers: readonly number[],
  { useCase, tags, addTags = [], removeTags = [], messages }: RowChange,
): void {
  const these = { set, numbers: JSON.stringify(numbers) }
  const update = (change: string, values: object, and = '') =>
    statement(db, `UPDATE demonstrations SET ${change} WHERE ${isChosen} ${and}`).run({ ...these, ...values })
  transaction(db, () => {
    if (useCase !== undefined) update('use_case = @useCase', { useCase })
    if (tags) update('tags = @tags', { tags: joinTags(tags) })
    for (const tag of removeTags) update('tags = replace(tags, @tag, char(10))', { tag: joinTags([tag]) })
    for (const name of addTags)
      update('tags = tags || @name || char(10)', { name, tag: joinTags([name]) }, 'AND NOT instr(tags, @tag)')
    refuseManyTags(db, these)
    if (!messages) return
    update('edited_at = @editedAt', { editedAt: messages.editedAt })
    statement(db, `UPDATE demonstration_messages SET messages = @messages WHERE ${isChosen}`).run({
      ...these,
      messages: messages.json,
    })
  })
}

function refuseManyTags(db: Db, these: { set: string; numbers: string }): void {
  const found = statement<{ number: number }>(
    db,
    `SELECT number FROM demonstrations WHERE ${isChosen}
     AND length(tags) - length(replace(tags, char(10), '')) > @most + 1 LIMIT 1`,
  ).get({ ...these, most: MAX_TAGS })
  if (found)
    throw new LabError({
      code: 'bad-input',
      what: `row ${found.number + 1} would have more than ${MAX_TAGS} tags`,
      fix: 'take a tag away first; nothing was changed',
    })
}

/** @param removedAt null brings them back; rows that are removed already keep their time */
export function setRowsRemoved(
  db: Db,
  set: string,
  numbers: readonly number[],
  removedAt: string | null,
): void {
  transaction(db, () =>
    statement(
      db,
      `UPDATE demonstrations SET removed_at = @removedAt WHERE set_id = @set
       AND number IN (SELECT value FROM json_each(@numbers)) AND (removed_at IS NULL) = (@removedAt IS NOT NULL)`,
    ).run({ set, numbers: JSON.stringify(numbers), removedAt }),
  )
}
