// The prompts of sets of preferences. Every read passes over removed prompts and over those that an import is still
// writing.
import type { ChatMessage } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type {
  PreferencePrompt,
  PreferenceResponse,
} from '../../../../src-shared/contract/preferences-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'
import { isThere } from './preference-prompt-rows.ts'
import { fromRankingRow, insertRanking, type NewRanking, rankingsBetween, rankingsOf } from './rankings.ts'

export interface NewPrompt {
  /** `promptKey` of the messages. */
  readonly key: string
  readonly messages: readonly ChatMessage[]
  /** Distinct ones; of a prompt that is still to be sampled, those that a labeler wrote to stand beside the model's. */
  readonly responses: readonly PreferenceResponse[]
  /** Whether its responses are there. */
  readonly isSampled: boolean
  readonly rankings: readonly NewRanking[]
  /** What simulated labelers must know of it; null = nothing is known. */
  readonly task: unknown
  /** null = typed, or of the starter world */
  readonly file: string | null
  readonly line: number | null
}

/** A prompt as stored. */
export type StoredPrompt = Omit<PreferencePrompt, 'set'> & {
  readonly key: string
  readonly isSampled: boolean
  readonly task: unknown
}

/** Appends prompts as `first`, `first` + 1 …: seen once the set's next number is above them. All of them or none. */
export function appendPrompts(db: Db, set: string, first: number, prompts: readonly NewPrompt[]): void {
  transaction(db, () => {
    for (const [
      i,
      { key, messages, responses, isSampled, rankings, task, file, line },
    ] of prompts.entries()) {
      statement(
        db,
        'INSERT INTO preference_prompts (set_id, number, key, sampled, file, line) VALUES (?, ?, ?, ?, ?, ?)',
      ).run(set, first + i, key, isSampled ? responses.length : 0, file, line)
      statement(
        db,
        'INSERT INTO preference_texts (set_id, number, messages, responses, task) VALUES (?, ?, ?, ?, ?)',
      ).run(
        set,
        first + i,
        JSON.stringify(messages),
        JSON.stringify(responses),
        task === null ? null : JSON.stringify(task),
      )
      for (const ranking of rankings) insertRanking(db, set, first + i, ranking)
    }
  })
}

/** Deletes up to `limit` prompts from `first` on, as they are. @returns how many */
export const deletePromptsFrom = (db: Db, set: string, first: number, limit: number): number =>
  transaction(db, () =>
    statement(
      db,
      `DELETE FROM preference_prompts WHERE set_id = ? AND number IN (
         SELECT number FROM preference_prompts WHERE set_id = ? AND number >= ? LIMIT ?)`,
    ).run(set, set, first, limit),
  ).changes

interface TextRow {
  number: number
  key: string
  sampled: number
  file: string | null
  line: number | null
  messages: string
  responses: string
  task: string | null
}

function withRankings(rows: readonly TextRow[], rankings: ReturnType<typeof rankingsOf>): StoredPrompt[] {
  const byNumber = Map.groupBy(rankings, ({ number }) => number)
  return rows.map(row => ({
    number: row.number,
    key: row.key,
    isSampled: row.sampled > 0,
    messages: JSON.parse(row.messages) as ChatMessage[],
    responses: JSON.parse(row.responses) as PreferenceResponse[],
    rankings: (byNumber.get(row.number) ?? []).map(fromRankingRow),
    task: row.task === null ? null : JSON.parse(row.task),
    source: row.file === null ? null : { file: row.file, line: row.line ?? 0 },
  }))
}

const texts = `SELECT number, key, sampled, file, line, messages, responses, task
  FROM preference_prompts JOIN preference_texts USING (set_id, number)`

/** Prompts by number, in order; those that are not there are left out. */
export function readPrompts(db: Db, set: string, numbers: readonly number[]): StoredPrompt[] {
  const rows = statement<TextRow>(
    db,
    `${texts} WHERE ${isThere} AND number IN (SELECT value FROM json_each(@numbers)) ORDER BY number`,
  ).all({ set, numbers: JSON.stringify(numbers) })
  return withRankings(rows, rankingsOf(db, set, numbers))
}

/** The next prompts whose number is at least `from`. */
export function nextPrompts(db: Db, set: string, from: number, limit: number): StoredPrompt[] {
  const rows = statement<TextRow>(
    db,
    `${texts} WHERE ${isThere} AND number >= @from ORDER BY number LIMIT @limit`,
  ).all({ set, from, limit })
  const last = rows.at(-1)
  return last ? withRankings(rows, rankingsBetween(db, set, from, last.number + 1)) : []
}

/** Prompts with the same messages, in order. */
export const promptsWithKey = (db: Db, set: string, key: string): StoredPrompt[] => {
  const rows = statement<TextRow>(db, `${texts} WHERE ${isThere} AND key = @key ORDER BY number`).all({
    set,
    key,
  })
  return withRankings(
    rows,
    rankingsOf(
      db,
      set,
      rows.map(({ number }) => number),
    ),
  )
}

/** Prompts whose messages or responses, as JSON, match a LIKE pattern (escape: !). @param range `to` not above the set's next number */
export const matchingPrompts = (
  db: Db,
  set: string,
  range: { readonly from: number; readonly to: number; readonly pattern: string },
): { number: number; messages: string; responses: string }[] =>
  // CROSS: texts are read in their order on the disk, the rest only of those that match.
  statement<{ number: number; messages: string; responses: string }>(
    db,
    `SELECT number, messages, responses FROM preference_texts CROSS JOIN preference_prompts USING (set_id, number)
     WHERE set_id = @set AND removed_at IS NULL AND number >= @from AND number < @to
       AND (messages LIKE @pattern ESCAPE '!' OR responses LIKE @pattern ESCAPE '!') ORDER BY number`,
  ).all({ set, ...range })
