// Evaluations as they were asked for, and how far they came. Their answers are in evaluation-answers.ts, people's votes
// in evaluation-votes.ts.
import { LabError } from '../../../../src-shared/contract/errors.ts'
import type { EvaluationReport, NamedJudge } from '../../../../src-shared/contract/evaluation-contract.ts'
import type { EvaluationQuestion } from '../../../../src-shared/evaluation/questions.ts'
import type { Db } from '../open.ts'
import { statement, transaction, write } from '../statement.ts'

/** What is asked, and of whom. */
export interface EvaluationSetting
  extends Pick<EvaluationReport, 'models' | 'prompts' | 'parts' | 'temperatures' | 'seed' | 'maxTokens'> {
  /** Those that judge by themselves, each with the checkpoint that it is; null = none. */
  readonly judges: readonly (NamedJudge & { readonly checkpoint: string | null })[]
}

export interface StoredEvaluation {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly removedAt: string | null
  readonly setting: EvaluationSetting
  readonly planned: number
  readonly seconds: number
  /** Answers that are there. */
  readonly answers: number
  /** Scores that are there, of all reward models. */
  readonly scores: number
  /** Questions whose answers are compared. */
  readonly compared: number
  /** Of people, without skips. */
  readonly votes: number
}

interface Row {
  id: string
  name: string
  created_at: string
  removed_at: string | null
  setting: string
  planned: number
  seconds: number
  answers: number
  scores: number
  compared: number
  votes: number
}

const select = `SELECT e.*,
  (SELECT count(*) FROM evaluation_answers a WHERE a.evaluation_id = e.id) AS answers,
  (SELECT count(*) FROM evaluation_scores s WHERE s.evaluation_id = e.id) AS scores,
  (SELECT count(*) FROM evaluation_questions q
    WHERE q.evaluation_id = e.id AND json_extract(q.question, '$.set') <> 'sum') AS compared,
  (SELECT count(*) FROM evaluation_votes v WHERE v.evaluation_id = e.id AND v.choice <> 'skip') AS votes
  FROM evaluations e`

const fromRow = (row: Row): StoredEvaluation => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
  removedAt: row.removed_at,
  setting: JSON.parse(row.setting),
  planned: row.planned,
  seconds: row.seconds,
  answers: row.answers,
  scores: row.scores,
  compared: row.compared,
  votes: row.votes,
})

export function insertEvaluation(
  db: Db,
  {
    id,
    name,
    createdAt,
    setting,
    planned,
  }: Pick<StoredEvaluation, 'id' | 'name' | 'createdAt' | 'setting' | 'planned'>,
  questions: readonly EvaluationQuestion[],
): void {
  transaction(db, () => {
    statement(
      db,
      'INSERT INTO evaluations (id, name, created_at, setting, planned) VALUES (?, ?, ?, ?, ?)',
    ).run(id, name, createdAt, JSON.stringify(setting), planned)
    const insert = statement(
      db,
      'INSERT INTO evaluation_questions (evaluation_id, number, question) VALUES (?, ?, ?)',
    )
    for (const [number, question] of questions.entries()) insert.run(id, number, JSON.stringify(question))
  })
}

/** Removed ones too. @throws LabError `not-found` */
export function getEvaluation(db: Db, id: string): StoredEvaluation {
  const row = statement<Row>(db, `${select} WHERE e.id = ?`).get(id)
  if (row) return fromRow(row)
  throw new LabError({
    code: 'not-found',
    what: `there is no evaluation ${id}`,
    fix: 'list the evaluations to see their ids',
  })
}

/** Newest first, without removed ones. */
export const listEvaluations = (db: Db): StoredEvaluation[] =>
  statement<Row>(db, `${select} WHERE e.removed_at IS NULL ORDER BY e.created_at DESC, e.rowid DESC`)
    .all()
    .map(fromRow)

export const renameEvaluation = (db: Db, id: string, name: string): unknown =>
  write(db, 'UPDATE evaluations SET name = ? WHERE id = ?', name, id)

/** @param at null: it is there again */
export const markEvaluationRemoved = (db: Db, id: string, at: string | null): unknown =>
  write(db, 'UPDATE evaluations SET removed_at = ? WHERE id = ?', at, id)

/** With all that belongs to them. */
export const deleteRemovedEvaluations = (db: Db): unknown =>
  write(db, 'DELETE FROM evaluations WHERE removed_at IS NOT NULL')

export const addEvaluationSeconds = (db: Db, id: string, seconds: number): unknown =>
  write(db, 'UPDATE evaluations SET seconds = seconds + ? WHERE id = ?', seconds, id)

/** In the order of their numbers. */
export const readQuestions = (db: Db, id: string): (EvaluationQuestion & { readonly number: number })[] =>
  statement<{ number: number; question: string }>(
    db,
    'SELECT number, question FROM evaluation_questions WHERE evaluation_id = ? ORDER BY number',
  )
    .all(id)
    .map(({ number, question }) => ({ ...(JSON.parse(question) as EvaluationQuestion), number }))
