// Version 9 of the database: phase 4's answers, votes and rollouts, beside what was there.
import { expect, test } from 'vitest'
import {
  deleteLatestVote,
  evaluationSummaries,
  findRollout,
  heldOutAnswers,
  listVotes,
  rolloutCounts,
  saveHeldOutAnswers,
  saveRollout,
  saveVote,
} from '../../../src-main/core/database/queries/ppo.ts'
import { listSamples, saveSample } from '../../../src-main/core/database/queries/samples.ts'
import { insertTinyRun } from '../checkpoints/tiny-run.ts'
import { upgraded } from '../database/upgraded.ts'

test('a database of version 8 keeps its samples, takes phase 4’s answers, and forgets them with their run', () => {
  const db = upgraded(8, older => {
    insertTinyRun(older, 'run-1', '2026-01-01')
    older
      .prepare('INSERT INTO samples (run, step, prompt, prompt_text, text) VALUES (?, ?, ?, ?, ?)')
      .run('run-1', 5, 0, 'who?', 'a crow')
  })
  saveSample(db, 'run-1', { step: 10, prompt: 0, promptText: 'who?', text: 'a gull', score: -0.5 })
  expect(listSamples(db, 'run-1').map(({ step, text, score }) => [step, text, score])).toEqual([
    [5, 'a crow', undefined],
    [10, 'a gull', -0.5],
  ])

  const summary = {
    step: 10,
    answers: 1,
    score: 1,
    kl: 0,
    abstains: 0,
    stopped: 1,
    badStyle: null,
    oracle: null,
    pairs: 1,
  }
  saveHeldOutAnswers(db, 'run-1', summary, [{ text: '“a”\u0000', stopped: true, score: 1, kl: 0 }])
  expect(evaluationSummaries(db, 'run-1')).toEqual([summary])
  expect(heldOutAnswers(db, 'run-1', 10)![0]!.text).toBe('“a”\u0000')
  expect(heldOutAnswers(db, 'run-1', 11)).toBeUndefined()
  saveVote(db, 'run-1', { step: 10, prompt: 3, choice: 'policy' })
  saveVote(db, 'run-1', { step: 10, prompt: 3, choice: 'tie' })
  expect(listVotes(db, 'run-1')).toEqual([{ step: 10, prompt: 3, choice: 'tie' }])
  expect(deleteLatestVote(db, 'run-1', 11)).toBe(false)
  for (const [step, number] of [
    [2, 0],
    [1, 0],
    [1, 1],
    [1, 1],
  ] as const)
    saveRollout(db, 'run-1', step, number, { of: `${step}/${number}` })
  expect(rolloutCounts(db, 'run-1')).toEqual([
    { step: 1, rollouts: 2 },
    { step: 2, rollouts: 1 },
  ])
  expect(findRollout(db, 'run-1', 2, 0)).toEqual({ of: '2/0' })

  db.prepare('DELETE FROM runs').run()
  for (const table of ['samples', 'ppo_answers', 'ppo_votes', 'rollouts'])
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0)
})

test('a database of version 10 learns how many answers of an evaluation can be compared', () => {
  const db = upgraded(10, older => {
    insertTinyRun(older, 'run-1', '2026-01-01')
    const add = (step: number, ...texts: string[]) =>
      older
        .prepare('INSERT INTO ppo_answers (run, step, answers, summary) VALUES (?, ?, ?, ?)')
        .run('run-1', step, JSON.stringify(texts.map(text => ({ text }))), JSON.stringify({ step }))
    add(0, 'a crow', 'a gull', 'nobody', '')
    add(10, ' a crow\n', 'a cat', 'nobody', 'x')
    add(20, 'a crow', 'a gull', 'nobody', '')
  })
  expect(evaluationSummaries(db, 'run-1').map(({ step, pairs }) => [step, pairs])).toEqual([
    [0, 0],
    [10, 2],
    [20, 0],
  ])
})
