// The attempts of a conversation's columns at answering its turns. One of each column is the chosen one.
import type { ChatAnswer, ChatColumn, WrittenToken } from '../../../../src-shared/contract/chat-contract.ts'
import { LabError } from '../../../../src-shared/contract/errors.ts'
import type { Db } from '../open.ts'
import { statement, transaction, write } from '../statement.ts'
import { packTokens, unpackTokens } from './written-tokens.ts'

/** What an answer was written after, beside the prompts. */
export interface AnswerReads {
  /** Empty = none. */
  readonly system: string
  /** Ids of the column's answers before, oldest first. */
  readonly answers: readonly number[]
}

/** An attempt as stored; how many there are beside it, what its checkpoint is called and what others say of it follow from other rows. */
export type StoredAnswer = Omit<
  ChatAnswer,
  'attempts' | 'attemptIds' | 'checkpointName' | 'tokens' | 'reward' | 'kl'
> & {
  readonly chosen: boolean
  /** null = written by a version that did not keep it. */
  readonly reads: AnswerReads | null
}

interface AnswerStored {
  id: number
  turn: number
  column_number: number
  attempt: number
  chosen: number
  checkpoint: string
  mode: ChatAnswer['mode']
  sampling: string
  seed: number
  state: ChatAnswer['state']
  text: string
  token_count: number
  stopped: ChatAnswer['stopped']
  tokens_per_second: number | null
  cut_off: number
  swapped: number
  error: string | null
  reads: string | null
}

const answerColumns = `id, turn, column_number, attempt, chosen, checkpoint, mode, sampling, seed, state, text,
  json_array_length(tokens, '$.tokens') AS token_count, stopped, tokens_per_second, cut_off, swapped, error, reads`

const fromAnswer = (row: AnswerStored): StoredAnswer => ({
  id: row.id,
  turn: row.turn,
  column: row.column_number,
  attempt: row.attempt,
  chosen: row.chosen !== 0,
  checkpoint: row.checkpoint,
  mode: row.mode,
  sampling: JSON.parse(row.sampling),
  seed: row.seed,
  state: row.state,
  text: row.text,
  tokenCount: row.token_count,
  stopped: row.stopped,
  tokensPerSecond: row.tokens_per_second,
  cutOff: row.cut_off,
  swapped: row.swapped !== 0,
  error: row.error === null ? null : JSON.parse(row.error),
  reads: row.reads === null ? null : JSON.parse(row.reads),
})

/** A new attempt, which becomes the chosen one of its column. */
export function insertAnswer(
  db: Db,
  { turn, column, seed, reads }: { turn: number; column: number; seed: number; reads: AnswerReads },
  { checkpoint, mode, sampling }: ChatColumn,
): StoredAnswer {
  return transaction(db, () => {
    statement(db, 'UPDATE chat_answers SET chosen = 0 WHERE turn = ? AND column_number = ?').run(turn, column)
    const row = statement<AnswerStored>(
      db,
      `INSERT INTO chat_answers (turn, column_number, attempt, chosen, checkpoint, mode, sampling, seed, state, text,
         tokens, created_at, reads)
       VALUES (@turn, @column,
         (SELECT 1 + coalesce(max(attempt), 0) FROM chat_answers WHERE turn = @turn AND column_number = @column),
         1, @checkpoint, @mode, @sampling, @seed, 'waiting', '', @tokens, @now, @reads) RETURNING ${answerColumns}`,
    ).get({
      turn,
      column,
      seed,
      checkpoint,
      mode,
      sampling: JSON.stringify(sampling),
      tokens: packTokens([]),
      now: new Date().toISOString(),
      reads: JSON.stringify(reads),
    })
    return fromAnswer(row!)
  })
}

/** What becomes of an answer while it is written. */
export type AnswerProgress = Pick<
  StoredAnswer,
  'state' | 'text' | 'stopped' | 'tokensPerSecond' | 'cutOff' | 'swapped' | 'error'
> & { readonly tokens: readonly WrittenToken[] }

export function saveAnswer(db: Db, id: number, answer: AnswerProgress): void {
  write(
    db,
    `UPDATE chat_answers SET state = ?, text = ?, tokens = ?, stopped = ?, tokens_per_second = ?, cut_off = ?,
       swapped = ?, error = ? WHERE id = ?`,
    answer.state,
    answer.text,
    packTokens(answer.tokens),
    answer.stopped,
    answer.tokensPerSecond,
    answer.cutOff,
    Number(answer.swapped),
    answer.error && JSON.stringify(answer.error),
    id,
  )
}

/** @throws LabError `not-found` */
export function getAnswer(db: Db, id: number): StoredAnswer {
  const row = statement<AnswerStored>(db, `SELECT ${answerColumns} FROM chat_answers WHERE id = ?`).get(id)
  if (!row) throw noAnswer(id)
  return fromAnswer(row)
}

/** @throws LabError `not-found` */
export function tokensOf(db: Db, id: number): WrittenToken[] {
  const row = statement<{ tokens: string }>(db, 'SELECT tokens FROM chat_answers WHERE id = ?').get(id)
  if (!row) throw noAnswer(id)
  return unpackTokens(row.tokens)
}

const noAnswer = (id: number): LabError =>
  new LabError({
    code: 'not-found',
    what: `there is no answer ${id}`,
    fix: 'open the conversation anew',
  })

/** The chosen attempts of some turns, by turn and column. */
export const chosenAnswers = (db: Db, turns: readonly number[]): StoredAnswer[] =>
  statement<AnswerStored>(
    db,
    `SELECT ${answerColumns} FROM chat_answers WHERE chosen = 1 AND turn IN (SELECT value FROM json_each(?))
     ORDER BY turn, column_number`,
  )
    .all(JSON.stringify(turns))
    .map(fromAnswer)

/** Attempts by id, chosen or not. */
export const answersWithIds = (db: Db, ids: readonly number[]): StoredAnswer[] =>
  statement<AnswerStored>(
    db,
    `SELECT ${answerColumns} FROM chat_answers WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`,
  )
    .all(JSON.stringify(ids))
    .map(fromAnswer)

/** Ids of all attempts of some turns, oldest first. */
export const attemptsOf = (
  db: Db,
  turns: readonly number[],
): { id: number; turn: number; column: number }[] =>
  statement<{ id: number; turn: number; column: number }>(
    db,
    `SELECT id, turn, column_number AS "column" FROM chat_answers
     WHERE turn IN (SELECT value FROM json_each(?)) ORDER BY turn, column_number, attempt`,
  ).all(JSON.stringify(turns))

export function chooseAnswer(db: Db, { id, turn, column }: StoredAnswer): void {
  write(
    db,
    'UPDATE chat_answers SET chosen = (id = ?) WHERE turn = ? AND column_number = ?',
    id,
    turn,
    column,
  )
}

/** At start: answers that the end of the app cut off say so; what was kept of them stays. */
export function markCutAnswers(db: Db): void {
  const error = {
    code: 'cancelled',
    what: 'the app ended while this answer was being written',
    fix: 'regenerate it',
  } satisfies ChatAnswer['error']
  write(
    db,
    "UPDATE chat_answers SET state = 'failed', error = ? WHERE state IN ('waiting', 'loading', 'writing')",
    JSON.stringify(error),
  )
}
