// The prompts of sets of preferences without their texts: which are there, which can be ranked, which ask the same.
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'

/** Not of an import that is still writing. */
export const isGiven = 'number < (SELECT next_number FROM preference_sets WHERE id = @set)'
/** Of the set, neither removed nor still being written. */
export const isThere = `set_id = @set AND removed_at IS NULL AND ${isGiven}`

/** A page of the numbers of prompts, and how many there are. */
export function promptNumbers(
  db: Db,
  set: string,
  page: { offset: number; limit: number },
): { total: number; numbers: number[] } {
  const { total } = statement<{ total: number }>(
    db,
    `SELECT count(*) AS total FROM preference_prompts WHERE ${isThere}`,
  ).get({ set })!
  const numbers = statement<{ number: number }>(
    db,
    `SELECT number FROM preference_prompts WHERE ${isThere} ORDER BY number LIMIT @limit OFFSET @offset`,
  ).all({ set, ...page })
  return { total, numbers: numbers.map(({ number }) => number) }
}

/** Prompts that have at least two responses, in order: those that can be ranked. */
export const rankableNumbers = (db: Db, set: string): number[] =>
  statement<{ number: number }>(
    db,
    `SELECT number FROM preference_prompts WHERE ${isThere} AND sampled >= 2 ORDER BY number`,
  )
    .all({ set })
    .map(({ number }) => number)

/** A prompt's place and how far it is, texts aside. */
export interface PromptRow {
  readonly number: number
  readonly key: string
  /** How many responses it has; 0 = not sampled yet. */
  readonly sampled: number
}

/** The next prompts whose number is at least `from`, without their texts. */
export const nextPromptRows = (db: Db, set: string, from: number, limit: number): PromptRow[] =>
  statement<PromptRow>(
    db,
    `SELECT number, key, sampled FROM preference_prompts WHERE ${isThere} AND number >= @from
     ORDER BY number LIMIT @limit`,
  ).all({ set, from, limit })

/** Prompts with the same messages, in order, without their texts. */
export const rowsWithKey = (db: Db, set: string, key: string): PromptRow[] =>
  statement<PromptRow>(
    db,
    `SELECT number, key, sampled FROM preference_prompts WHERE ${isThere} AND key = @key ORDER BY number`,
  ).all({ set, key })

/** Keys that several prompts have, removed ones counted. */
export const sharedKeys = (db: Db, set: string): string[] =>
  // Of the index alone: a million rows are not looked up one by one.
  statement<{ key: string }>(
    db,
    'SELECT key FROM preference_prompts WHERE set_id = ? GROUP BY key HAVING count(*) > 1',
  )
    .all(set)
    .map(({ key }) => key)

/** Keys that prompts of several of these sets have, removed ones counted. */
export const keysOfSeveral = (db: Db, sets: readonly string[]): string[] =>
  statement<{ key: string }>(
    db,
    `SELECT key FROM preference_prompts WHERE set_id IN (SELECT value FROM json_each(?))
     GROUP BY key HAVING count(DISTINCT set_id) > 1`,
  )
    .all(JSON.stringify(sets))
    .map(({ key }) => key)

/** One prompt, removed ones too, without its texts; or undefined. */
export const findPromptRow = (
  db: Db,
  set: string,
  number: number,
): (PromptRow & { removedAt: string | null }) | undefined =>
  statement<PromptRow & { removedAt: string | null }>(
    db,
    `SELECT number, key, sampled, removed_at AS removedAt FROM preference_prompts
     WHERE set_id = @set AND number = @number AND ${isGiven}`,
  ).get({ set, number })

/** Which of `numbers` the set never had, or has no more: the first, or undefined. */
export const missingPrompt = (db: Db, set: string, numbers: readonly number[]): number | undefined =>
  statement<{ number: number }>(
    db,
    `SELECT value AS number FROM json_each(@numbers) WHERE NOT EXISTS (
       SELECT 1 FROM preference_prompts WHERE set_id = @set AND number = value AND ${isGiven}) LIMIT 1`,
  ).get({ set, numbers: JSON.stringify(numbers) })?.number

/** @param removedAt null brings them back; prompts that are removed already keep their time */
export const setPromptsRemoved = (
  db: Db,
  set: string,
  numbers: readonly number[],
  removedAt: string | null,
): void =>
  transaction(
    db,
    () =>
      void statement(
        db,
        `UPDATE preference_prompts SET removed_at = @removedAt WHERE set_id = @set
         AND number IN (SELECT value FROM json_each(@numbers)) AND (removed_at IS NULL) = (@removedAt IS NOT NULL)`,
      ).run({ set, numbers: JSON.stringify(numbers), removedAt }),
  )
