// Version 5 of the database: what answers were written after, unknown of those that were there.
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../../src-main/core/database/migrations/migrations.ts'
import { openDatabase } from '../../../src-main/core/database/open.ts'
import { chosenAnswers, insertAnswer } from '../../../src-main/core/database/queries/chat-answers.ts'
import { insertConversation, insertTurn } from '../../../src-main/core/database/queries/conversations.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'
import { column } from './chat-lab.ts'

test('a database of version 4 keeps its answers', () => {
  const path = join(temporaryFolder(), 'andromeda.db')
  const older = openDatabase(path, migrations.slice(0, 4)).db
  const columns = [column('c')]
  insertConversation(older, { id: 'chat-1', title: '', system: 's', columns, linked: true, blind: false })
  const turn = insertTurn(older, { conversation: 'chat-1', parent: null, prompt: 'p', seed: 1 })
  older
    .prepare(
      `INSERT INTO chat_answers (turn, column_number, attempt, chosen, checkpoint, mode, sampling, seed, state, text,
         tokens, created_at) VALUES (?, 0, 1, 1, 'c', 'raw', '{}', 1, 'done', 'old', '{"pieces":[],"tokens":[]}', '')`,
    )
    .run(turn)
  older.close()
  const { db } = openDatabase(path)
  onTestFinished(() => void db.close())
  expect(chosenAnswers(db, [turn])).toMatchObject([{ text: 'old', reads: null }])
  const reads = { system: 's', answers: [1] }
  insertAnswer(db, { turn, column: 0, seed: 2, reads }, columns[0]!)
  expect(chosenAnswers(db, [turn])).toMatchObject([{ attempt: 2, reads }])
})
