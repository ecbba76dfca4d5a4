// Queries: what is written comes back, curves stay true when thinned, and a step's progress and metrics go together.
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../src-main/core/database/open.ts'
import { addEvent, listEvents } from '../../../src-main/core/database/queries/events.ts'
import { latestMetrics, readSeries, saveMetrics } from '../../../src-main/core/database/queries/metrics.ts'
import {
  getRun,
  listRuns,
  markInterrupted,
  recordProgress,
  removeRun,
  restoreRun,
  updateRun,
} from '../../../src-main/core/database/queries/runs.ts'
import { listSamples, saveSample } from '../../../src-main/core/database/queries/samples.ts'
import { allSettings, getSetting, setSetting } from '../../../src-main/core/database/queries/settings.ts'
import { insertTinyRun, tinyModel } from '../checkpoints/tiny-run.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'

function database(...runs: string[]) {
  const { db } = openDatabase(join(temporaryFolder(), 'andromeda.db'))
  onTestFinished(() => {
    db.close()
  })
  for (const [index, run] of runs.entries()) insertTinyRun(db, run, `2026-01-0${index + 1}T00:00:00.000Z`)
  return db
}
const point = (step: number, value: number) => ({
  step,
  tokens: 10 * step,
  seconds: step / 2,
  values: { loss: value },
})

describe('runs', () => {
  test('a run comes back as it was stored', () => {
    const run = getRun(database('run-1'), 'run-1')
    expect(run).toMatchObject({
      id: 'run-1',
      status: 'running',
      model: tinyModel,
      config: { steps: 100, seed: 1 },
      data: { sources: [] },
      step: 0,
      tags: [],
      latest: {},
      removedAt: null,
    })
  })

  test('they are listed newest first with the newest value of every metric', () => {
    const db = database('run-1', 'run-2')
    saveMetrics(db, 'run-1', [
      { step: 1, tokens: 1, seconds: 1, values: { loss: 3, eval_loss: 4 } },
      { step: 2, tokens: 2, seconds: 2, values: { loss: 2 } },
    ])
    expect(listRuns(db).map(run => [run.id, run.latest])).toEqual([
      ['run-2', {}],
      ['run-1', { loss: 2, eval_loss: 4 }],
    ])
  })

  test('only the fields given are changed', () => {
    const db = database('run-1')
    updateRun(db, 'run-1', { status: 'paused', reason: 'because', tags: ['a', 'b'] })
    updateRun(db, 'run-1', { name: 'new', notes: 'text', steps: 200 })
    expect(getRun(db, 'run-1')).toMatchObject({
      status: 'paused',
      reason: 'because',
      tags: ['a', 'b'],
      name: 'new',
      notes: 'text',
      steps: 200,
    })
    updateRun(db, 'run-1', { reason: null })
    expect(getRun(db, 'run-1').reason).toBeNull()
  })

  test('removing hides, restoring shows again', () => {
    const db = database('run-1')
    removeRun(db, 'run-1')
    expect(getRun(db, 'run-1').removedAt).toMatch(/^\d{4}-/)
    restoreRun(db, 'run-1')
    expect(getRun(db, 'run-1').removedAt).toBeNull()
  })

  test('what was active when the app ended is interrupted, the rest stays', () => {
    const db = database('run-1', 'run-2', 'run-3')
    updateRun(db, 'run-2', { status: 'finished' })
    updateRun(db, 'run-3', { status: 'queued' })
    expect(markInterrupted(db).sort()).toEqual(['run-1', 'run-3'])
    expect(listRuns(db).map(run => run.status)).toEqual(['interrupted', 'finished', 'interrupted'])
    expect(markInterrupted(db)).toEqual([])
  })

  test('progress and metrics are written together or not at all', () => {
    const db = database('run-1')
    recordProgress(db, 'run-1', { step: 2, tokens: 20, seconds: 1 }, [point(1, 5), point(2, 4)])
    expect(getRun(db, 'run-1')).toMatchObject({ step: 2, tokens: 20, seconds: 1, latest: { loss: 4 } })
    const broken = { ...point(3, 3), step: 'x' as unknown as number }
    expect(() => recordProgress(db, 'run-1', { step: 3 }, [broken])).toThrow()
    expect(getRun(db, 'run-1')).toMatchObject({ step: 2, latest: { loss: 4 } })
  })

  test('an unknown run is refused by name', () => {
    const db = database()
    expect(() => getRun(db, 'run-7')).toThrow('there is no run run-7')
    expect(() => updateRun(db, 'run-7', { name: 'x' })).toThrow('there is no run run-7')
  })
})

describe('curves', () => {
  /** SQLite has no −0. */
  const toZero = (value: number) => value + 0
  const all = { points: 1000 }

  test('a redone step overwrites itself', () => {
    const db = database('run-1')
    saveMetrics(db, 'run-1', [point(1, 5), point(2, 4)])
    saveMetrics(db, 'run-1', [point(2, 3)])
    expect(readSeries(db, 'run-1', 'loss', all)).toEqual({
      steps: Float64Array.of(1, 2),
      tokens: Float64Array.of(10, 20),
      seconds: Float64Array.of(0.5, 1),
      values: Float64Array.of(5, 3),
    })
  })

  test('NaN comes back as NaN, and the newest number is what counts as latest', () => {
    const db = database('run-1')
    saveMetrics(db, 'run-1', [point(1, 5), point(2, Number.NaN)])
    expect([...readSeries(db, 'run-1', 'loss', all).values]).toEqual([5, Number.NaN])
    expect(latestMetrics(db, 'run-1')).toEqual({ loss: 5 })
  })

  test('a stretch of steps is read alone', () => {
    const db = database('run-1')
    saveMetrics(
      db,
      'run-1',
      [1, 2, 3, 4, 5].map(step => point(step, step)),
    )
    expect([...readSeries(db, 'run-1', 'loss', { ...all, fromStep: 2, toStep: 4 }).steps]).toEqual([2, 3, 4])
  })

  test('a curve of another run or name is empty', () => {
    const db = database('run-1', 'run-2')
    saveMetrics(db, 'run-1', [point(1, 1)])
    expect(readSeries(db, 'run-2', 'loss', all).steps).toHaveLength(0)
    expect(readSeries(db, 'run-1', 'reward', all).steps).toHaveLength(0)
  })

  test('thinned to any number of points it keeps both ends, the lowest and the highest value', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(toZero),
      fc.constant(Number.NaN),
    )
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 2, max: 40 }),
        (values, points) => {
          const db = database('run-1')
          saveMetrics(
            db,
            'run-1',
            values.map((each, index) => point(index + 1, each)),
          )
          const series = readSeries(db, 'run-1', 'loss', { points })
          expect(series.steps.length).toBeLessThanOrEqual(points)
          expect(series.steps[0]).toBe(1)
          expect(series.steps.at(-1)).toBe(values.length)
          for (const [index, step] of series.steps.entries()) {
            expect(series.values[index]).toBe(values[step - 1])
            if (index > 0) expect(step).toBeGreaterThan(series.steps[index - 1]!)
          }
          const numbers = values.filter(each => !Number.isNaN(each))
          if (points >= 4 && numbers.length > 0) {
            expect(series.values).toContain(numbers.reduce((a, b) => (b < a ? b : a)))
            expect(series.values).toContain(numbers.reduce((a, b) => (b > a ? b : a)))
          }
          db.close()
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('samples come back by step and prompt; a redone step overwrites its own', () => {
  const db = database('run-1')
  saveSample(db, 'run-1', { step: 20, prompt: 0, promptText: 'The ', text: 'old' })
  saveSample(db, 'run-1', { step: 10, prompt: 1, promptText: '', text: '🌌' })
  saveSample(db, 'run-1', { step: 20, prompt: 0, promptText: 'The ', text: 'new' })
  expect(listSamples(db, 'run-1')).toEqual([
    { step: 10, prompt: 1, promptText: '', text: '🌌' },
    { step: 20, prompt: 0, promptText: 'The ', text: 'new' },
  ])
})

test('events keep their order when the clock goes back', () => {
  const db = database('run-1')
  addEvent(db, 'run-1', { at: '2030-01-01T00:00:00Z', step: 1, kind: 'started', text: 'a' })
  addEvent(db, 'run-1', { at: '1970-01-01T00:00:00Z', step: 2, kind: 'paused', text: 'b' })
  expect(listEvents(db, 'run-1').map(event => event.text)).toEqual(['a', 'b'])
})

test('settings hold any JSON value and are forgotten with null', () => {
  const db = database()
  setSetting(db, 'theme', 'dark')
  setSetting(db, 'nested', { a: [1, { b: false }] })
  setSetting(db, 'theme', 'light')
  expect(allSettings(db)).toEqual({ nested: { a: [1, { b: false }] }, theme: 'light' })
  setSetting(db, 'nested', null)
  expect(getSetting(db, 'nested')).toBeUndefined()
  expect(getSetting(db, 'theme')).toBe('light')
})
