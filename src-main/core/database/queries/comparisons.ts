// Pairs of answers to the same prompt, and which a person found better: what phase 3 learns from.
import type { ChatAnswer } from '../../../../src-shared/contract/chat-contract.ts'
import type { ChatMessage } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type { Db } from '../open.ts'
import { statement, transaction, write } from '../statement.ts'

export interface Comparison {
  /** Messages up to the answers. */
  readonly prompt: readonly ChatMessage[]
  readonly a: string
  readonly aCheckpoint: string
  readonly b: string
  readonly bCheckpoint: string
  readonly outcome: 'a' | 'b' | 'tie' | 'both-bad'
  /** The person did not see which checkpoint was which. */
  readonly blind: boolean
}

/** A turn's comparisons in the place of those it had. */
export function replaceComparisons(db: Db, turn: number, comparisons: readonly Comparison[]): void {
  transaction(db, () => {
    statement(db, 'DELETE FROM comparisons WHERE turn = ?').run(turn)
    const insert = statement(
      db,
      `INSERT INTO comparisons (created_at, source, turn, prompt, a, a_checkpoint, b, b_checkpoint, outcome, blind)
       VALUES (?, 'chat', ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    for (const { prompt, a, aCheckpoint, b, bCheckpoint, outcome, blind } of comparisons)
      insert.run(
        new Date().toISOString(),
        turn,
        JSON.stringify(prompt),
        a,
        aCheckpoint,
        b,
        bCheckpoint,
        outcome,
        Number(blind),
      )
  })
}

/** Keeps a turn's comparisons when the turn shows other answers. */
export const detachComparisons = (db: Db, turn: number): void =>
  void write(db, 'UPDATE comparisons SET turn = NULL WHERE turn = ?', turn)

interface Stored {
  prompt: string
  a: string
  aCheckpoint: string
  b: string
  bCheckpoint: string
  outcome: Comparison['outcome']
  blind: number
}

/** Oldest first. */
export const listComparisons = (db: Db): Comparison[] =>
  statement<Stored>(
    db,
    `SELECT prompt, a, a_checkpoint AS aCheckpoint, b, b_checkpoint AS bCheckpoint, outcome, blind
     FROM comparisons ORDER BY id`,
  )
    .all()
    .map(row => ({ ...row, prompt: JSON.parse(row.prompt), blind: row.blind !== 0 }))

/** A comparison as phase 3 reads it. */
export interface KeptComparison extends Pick<Comparison, 'a' | 'b' | 'outcome'> {
  readonly id: number
  readonly createdAt: string
  /** null = the turn shows other answers now, or is gone. */
  readonly turn: number | null
  /** JSON of the messages up to the answers. */
  readonly prompt: string
  /** How the answers ended; null = not known any more. */
  readonly aStopped: ChatAnswer['stopped']
  readonly bStopped: ChatAnswer['stopped']
}

const endOf = (answer: 'a' | 'b') =>
  `(SELECT stopped FROM chat_answers WHERE turn = c.turn AND checkpoint = c.${answer}_checkpoint
    AND text = c.${answer} LIMIT 1) AS ${answer}Stopped`

/** Oldest first. */
export const keptComparisons = (db: Db): KeptComparison[] =>
  statement<KeptComparison>(
    db,
    `SELECT id, created_at AS createdAt, turn, prompt, a, b, outcome, ${endOf('a')}, ${endOf('b')}
     FROM comparisons c ORDER BY id`,
  ).all()
