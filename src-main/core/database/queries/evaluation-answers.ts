// Answers of an evaluation, and what reward models say of them. Models are given by their place.
import type { ModelAnswer } from '../../../../src-shared/evaluation/answers.ts'
import type { Db } from '../open.ts'
import { statement, transaction } from '../statement.ts'

export interface AnswerPlace {
  readonly model: number
  readonly temperature: number
  readonly number: number
}

export interface StoredAnswer extends AnswerPlace, ModelAnswer {}

/** null: the judge cannot read the answer. */
export interface StoredScore extends AnswerPlace {
  readonly score: number | null
}

/** All of them or none. What is there already stays as it is. */
export function saveAnswers(db: Db, evaluation: string, answers: readonly StoredAnswer[]): void {
  const insert = statement(
    db,
    `INSERT INTO evaluation_answers (evaluation_id, model, temperature, number, text, stopped, log_prob)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  transaction(db, () => {
    for (const { model, temperature, number, text, stopped, logProb } of answers)
      insert.run(evaluation, model, temperature, number, text, stopped ? 1 : 0, logProb)
  })
}

export const readAnswers = (db: Db, evaluation: string): StoredAnswer[] =>
  statement<AnswerPlace & { text: string; stopped: number; log_prob: number }>(
    db,
    `SELECT model, temperature, number, text, stopped, log_prob FROM evaluation_answers
     WHERE evaluation_id = ? ORDER BY model, temperature, number`,
  )
    .all(evaluation)
    .map(({ log_prob: logProb, stopped, ...answer }) => ({ ...answer, stopped: stopped === 1, logProb }))

/** All of them or none. */
export function saveScores(db: Db, evaluation: string, judge: string, scores: readonly StoredScore[]): void {
  const insert = statement(
    db,
    `INSERT INTO evaluation_scores (evaluation_id, judge, model, temperature, number, score)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  transaction(db, () => {
    for (const { model, temperature, number, score } of scores)
      insert.run(evaluation, judge, model, temperature, number, score)
  })
}

export const readScores = (db: Db, evaluation: string, judge: string): StoredScore[] =>
  statement<StoredScore>(
    db,
    `SELECT model, temperature, number, score FROM evaluation_scores WHERE evaluation_id = ? AND judge = ?`,
  ).all(evaluation, judge)
