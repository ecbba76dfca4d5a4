// What people said in an evaluation's tournament, one row a vote.
import type { Ballot } from '../../../../src-shared/evaluation/vote-order.ts'
import type { Db } from '../open.ts'
import { statement, write } from '../statement.ts'

export interface StoredVote extends Ballot {
  readonly labeler: string
  /** Of the ballot in the labeler's order. */
  readonly place: number
  readonly choice: 'a' | 'b' | 'tie' | 'skip'
}

/** Oldest first. */
export const readVotes = (db: Db, evaluation: string): StoredVote[] =>
  statement<StoredVote>(
    db,
    `SELECT labeler, place, number AS question, temperature, a, b, choice FROM evaluation_votes
     WHERE evaluation_id = ? ORDER BY id`,
  ).all(evaluation)

/** Who voted, without those who only skipped; the first first. */
export const labelersOf = (db: Db, evaluation: string): string[] =>
  statement<{ labeler: string }>(
    db,
    `SELECT labeler FROM evaluation_votes WHERE evaluation_id = ? AND choice <> 'skip'
     GROUP BY labeler ORDER BY min(id)`,
  )
    .all(evaluation)
    .map(({ labeler }) => labeler)

/** Places that a labeler has voted on or skipped, the latest last. */
export const votedPlaces = (db: Db, evaluation: string, labeler: string): number[] =>
  statement<{ place: number }>(
    db,
    'SELECT place FROM evaluation_votes WHERE evaluation_id = ? AND labeler = ? ORDER BY id',
  )
    .all(evaluation, labeler)
    .map(({ place }) => place)

export function insertVote(db: Db, evaluation: string, vote: StoredVote, seconds: number | null): void {
  const { labeler, place, question, temperature, a, b, choice } = vote
  write(
    db,
    `INSERT INTO evaluation_votes
       (evaluation_id, labeler, place, number, temperature, a, b, choice, seconds, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    evaluation,
    labeler,
    place,
    question,
    temperature,
    a,
    b,
    choice,
    seconds,
    new Date().toISOString(),
  )
}

/** The labeler's latest. @returns whether there was one */
export const deleteLatestVote = (db: Db, evaluation: string, labeler: string): boolean =>
  write(
    db,
    `DELETE FROM evaluation_votes WHERE id =
       (SELECT max(id) FROM evaluation_votes WHERE evaluation_id = ? AND labeler = ?)`,
    evaluation,
    labeler,
  ).changes > 0
