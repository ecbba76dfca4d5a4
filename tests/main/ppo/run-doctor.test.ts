import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../src-main/core/database/open.ts'
import { addEvent } from '../../../src-main/core/database/queries/events.ts'
import { saveMetrics } from '../../../src-main/core/database/queries/metrics.ts'
import { rewindRun } from '../../../src-main/core/database/queries/rewind.ts'
import { DOCTOR, RunDoctor } from '../../../src-main/core/ppo/run-doctor.ts'
import { insertTinyRun } from '../checkpoints/tiny-run.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'

const run = { id: 'run-1', config: { steps: 40 } }

/** Of a policy that says more and more of one thing from update 12 on, and is told to end its answers by nobody. */
const values = (step: number) => ({
  'response/top_share': 0.1 + 0.1 * Math.max(0, step - 12),
  'response/eos_rate': 0.9 - 0.06 * Math.max(0, step - 18),
  loss: 1,
})

test('a run that is stopped and resumed is told what one that never stopped is told, each thing once', () => {
  const { db } = openDatabase(join(temporaryFolder(), 'andromeda.db'))
  onTestFinished(() => void db.close())
  insertTinyRun(db, 'run-1', '2026-01-01T00:00:00.000Z')
  /** As a session trains from a step to another. */
  const train = (from: number, to: number): string[] => {
    rewindRun(db, 'run-1', from)
    const doctor = new RunDoctor(db, run)
    return Array.from({ length: to - from }, (_, i) => from + 1 + i).flatMap(step => {
      const texts = doctor.hear(step, values(step))
      saveMetrics(db, 'run-1', [{ step, tokens: step, seconds: step, values: values(step) }])
      for (const text of texts) addEvent(db, 'run-1', { at: 'now', step, kind: DOCTOR, text })
      return texts.map(text => `${step} ${text}`)
    })
  }
  // Killed at 16, right after its first finding; redone from the checkpoint of 10; resumed again at 24.
  const told = [...train(0, 16), ...train(10, 24), ...train(24, 30)]
  const { db: other } = openDatabase(join(temporaryFolder(), 'andromeda.db'))
  onTestFinished(() => void other.close())
  const straight = new RunDoctor(other, run)
  const expected = Array.from({ length: 30 }, (_, i) => i + 1).flatMap(step =>
    straight.hear(step, values(step)).map(text => `${step} ${text}`),
  )
  expect(told).toEqual(expected)
  expect(told.map(text => text.slice(0, text.indexOf(':')))).toEqual([
    '16 Everything becomes one answer',
    '21 Answers do not end',
  ])
})
