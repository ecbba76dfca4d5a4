// Pairs of answers to the same prompt, and which a person found better: what phase 3 learns from.
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
