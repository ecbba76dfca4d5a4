// Version 8 of the database: evaluations, beside what was there.
import { expect, test } from 'vitest'
import {
  readAnswers,
  saveAnswers,
  saveScores,
} from '../../../src-main/core/database/queries/evaluation-answers.ts'
import { insertVote, readVotes } from '../../../src-main/core/database/queries/evaluation-votes.ts'
import {
  deleteRemovedEvaluations,
  getEvaluation,
  insertEvaluation,
  listEvaluations,
  markEvaluationRemoved,
} from '../../../src-main/core/database/queries/evaluations.ts'
import { allSettings, setSetting } from '../../../src-main/core/database/queries/settings.ts'
import { question } from '../../shared/evaluation/sheet.ts'
import { upgraded } from '../database/upgraded.ts'

test('a database of version 7 takes evaluations, keeps what it had, and forgets what is removed whole', () => {
  const db = upgraded(7, older => setSetting(older, 'kept', 1))
  expect(allSettings(db)).toEqual({ kept: 1 })
  const evaluation = {
    id: 'evaluation-1',
    name: 'One',
    createdAt: '2026-01-01',
    setting: {} as never,
    planned: 2,
  }
  insertEvaluation(db, evaluation, [question(0)])
  const place = { model: 1, temperature: 0.7, number: 0 }
  const answer = { ...place, text: 'a\u0000“b”', stopped: false, logProb: -0.25 }
  saveAnswers(db, evaluation.id, [answer])
  // Whoever goes on after a crash may bring an answer again: the first stays.
  saveAnswers(db, evaluation.id, [{ ...answer, text: 'other' }])
  expect(readAnswers(db, evaluation.id)).toEqual([answer])
  saveScores(db, evaluation.id, 'judge', [{ ...place, score: null }])
  const vote = { labeler: 'me', place: 0, question: 0, temperature: 0.7, a: 1, b: 0, choice: 'tie' as const }
  insertVote(db, evaluation.id, vote, null)
  expect(readVotes(db, evaluation.id)).toEqual([vote])
  expect(getEvaluation(db, evaluation.id)).toMatchObject({ answers: 1, votes: 1, planned: 2 })

  markEvaluationRemoved(db, evaluation.id, '2026-01-02')
  expect(listEvaluations(db)).toEqual([])
  deleteRemovedEvaluations(db)
  for (const table of [
    'evaluations',
    'evaluation_questions',
    'evaluation_answers',
    'evaluation_scores',
    'evaluation_votes',
  ])
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0)
})
