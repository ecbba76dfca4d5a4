// Version 5 of the database: what answers were written after, unknown of those that were there.
import { expect, test } from 'vitest'
import { chosenAnswers, insertAnswer } from '../../../src-main/core/database/queries/chat-answers.ts'
import { insertConversation, insertTurn } from '../../../src-main/core/database/queries/conversations.ts'
import { upgraded } from '../database/upgraded.ts'
import { column } from './chat-lab.ts'

test('a database of version 4 keeps its answers', () => {
  const columns = [column('c')]
  let turn = 0
  const db = upgraded(4, older => {
    insertConversation(older, { id: 'chat-1', title: '', system: 's', columns, linked: true, blind: false })
    turn = insertTurn(older, { conversation: 'chat-1', parent: null, prompt: 'p', seed: 1 })
    older
      .prepare(
        `INSERT INTO chat_answers (turn, column_number, attempt, chosen, checkpoint, mode, sampling, seed, state, text,
         tokens, created_at) VALUES (?, 0, 1, 1, 'c', 'raw', '{}', 1, 'done', 'old', '{"pieces":[],"tokens":[]}', '')`,
      )
      .run(turn)
  })
  expect(chosenAnswers(db, [turn])).toMatchObject([{ text: 'old', reads: null }])
  const reads = { system: 's', answers: [1] }
  insertAnswer(db, { turn, column: 0, seed: 2, reads }, columns[0]!)
  expect(chosenAnswers(db, [turn])).toMatchObject([{ attempt: 2, reads }])
})
