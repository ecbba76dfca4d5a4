// Version 7 of the database: what other models say of answers that were there before, and what goes with an answer.
import { expect, test } from 'vitest'
import { attemptsOf, insertAnswer } from '../../../src-main/core/database/queries/chat-answers.ts'
import {
  measuresOf,
  natsOf,
  runOrigins,
  saveMeasure,
} from '../../../src-main/core/database/queries/chat-measures.ts'
import {
  deleteRemovedConversations,
  insertConversation,
  insertTurn,
  updateConversation,
} from '../../../src-main/core/database/queries/conversations.ts'
import { insertRun } from '../../../src-main/core/database/queries/runs.ts'
import { runOf } from '../../ui/run-shapes.ts'
import { upgraded } from '../database/upgraded.ts'
import { column } from './chat-lab.ts'

test('answers of version 6 are measured, anew too, and what was said goes with them', () => {
  let turn = 0
  const db = upgraded(6, older => {
    const columns = [column('c')]
    insertConversation(older, { id: 'chat-1', title: '', system: '', columns, linked: true, blind: false })
    turn = insertTurn(older, { conversation: 'chat-1', parent: null, prompt: 'p', seed: 1 })
    insertAnswer(older, { turn, column: 0, seed: 1, reads: { system: '', answers: [] } }, columns[0]!)
  })
  const answer = attemptsOf(db, [turn])[0]!.id
  expect(measuresOf(db, [answer])).toEqual([])
  saveMeasure(db, { answer, kind: 'reward', by: 'j', value: 1 })
  saveMeasure(db, { answer, kind: 'reward', by: 'j', value: -0.5 })
  saveMeasure(db, { answer, kind: 'kl', by: 's', value: 0.25 }, [0.5, -0.25])
  expect(measuresOf(db, [answer, 99])).toEqual([
    { answer, kind: 'kl', by: 's', value: 0.25 },
    { answer, kind: 'reward', by: 'j', value: -0.5 },
  ])
  expect(natsOf(db, answer, 's')).toEqual([0.5, -0.25])
  expect(() => natsOf(db, answer, 'other')).toThrow(/not measured/)
  updateConversation(db, 'chat-1', { removedAt: new Date().toISOString() })
  deleteRemovedConversations(db)
  expect(measuresOf(db, [answer])).toEqual([])
})

test('a run of phase 4 tells the reward model that it was trained with', () => {
  const db = upgraded(6, () => {})
  const ppo = (kinds: readonly object[]) => ({ sources: [], ppo: { rewards: kinds } }) as never
  const model = { kind: 'reward-model', checkpoint: 'judge-step-8', weight: 1 }
  insertRun(db, runOf('a', { tokenizer: null, data: ppo([{ kind: 'length', target: 4, weight: 1 }, model]) }))
  insertRun(db, runOf('b', { tokenizer: null, data: ppo([{ kind: 'truth', weight: 1 }]) }))
  insertRun(db, runOf('c', { tokenizer: null, parentCheckpoint: 'a-step-1' }))
  expect(runOrigins(db).map(({ run, rewardModel }) => [run, rewardModel])).toEqual([
    ['a', 'judge-step-8'],
    ['b', null],
    ['c', null],
  ])
  expect(runOrigins(db)[2]!.parentCheckpoint).toBe('a-step-1')
})
