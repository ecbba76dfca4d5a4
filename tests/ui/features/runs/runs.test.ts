import { describe, expect, test } from 'vitest'
import { comparable, diffConfigs, flatten } from '../../../../src-renderer/ui/features/runs/config-diff.ts'
import {
  everyRun,
  filterRuns,
  lineage,
  sortRuns,
  tagsOf,
} from '../../../../src-renderer/ui/features/runs/run-list.ts'
import { runAtWork, windowTitle } from '../../../../src-renderer/ui/frame/status-bar.tsx'
import { runOf } from '../../run-shapes.ts'

describe('what differs between configs', () => {
  test('nested objects become dotted keys, lists of plain values stay one value', () => {
    expect(
      flatten({ model: { nLayer: 4, rope: { theta: 1 } }, prompts: ['', 'O '], list: [{ a: 1 }, { a: 2 }] }),
    ).toEqual([
      ['model.nLayer', '4'],
      ['model.rope.theta', '1'],
      ['prompts', '["","O "]'],
      ['list[0].a', '1'],
      ['list[1].a', '2'],
    ])
  })

  test('a key that one run lacks is marked missing and counts as a difference', () => {
    expect(diffConfigs([{ a: 1, b: { c: true } }, { a: 1 }])).toEqual([
      { key: 'a', values: ['1', '1'], differs: false },
      { key: 'b.c', values: ['true', undefined], differs: true },
    ])
  })

  test('two runs that differ in one setting differ in one row', () => {
    const base = runOf('a')
    const other = runOf('b', { config: { ...base.config, learningRate: 3e-4 } })
    const differing = diffConfigs([base, other].map(run => comparable(run, []))).filter(row => row.differs)
    expect(differing).toEqual([{ key: 'config.learningRate', values: ['0.001', '0.0003'], differs: true }])
  })
})

describe('the list of runs', () => {
  const runs = [
    runOf('a', { name: 'Shakespeare big', tags: ['keep'], bestEvalLoss: 1.9, createdAt: '2026-03-01' }),
    runOf('b', { name: 'shakespeare small', status: 'failed', bestEvalLoss: null, createdAt: '2026-03-03' }),
    runOf('c', { name: 'letters', notes: 'after Shakespeare', bestEvalLoss: 2.5, createdAt: '2026-03-02' }),
    runOf('d', { name: 'shakespeare gone', removedAt: '2026-03-04' }),
  ]
  const ids = (found: readonly { id: string }[]) => found.map(run => run.id).join('')

  test('finds by words in any order in names, tags and notes, never what was removed', () => {
    expect(ids(filterRuns(runs, { ...everyRun, text: 'SHAKESPEARE' }))).toBe('abc')
    expect(ids(filterRuns(runs, { ...everyRun, text: 'big keep' }))).toBe('a')
    expect(ids(filterRuns(runs, { ...everyRun, status: 'failed' }))).toBe('b')
    expect(ids(filterRuns(runs, { ...everyRun, tag: 'keep' }))).toBe('a')
    expect(ids(filterRuns(runs, { ...everyRun, phase: 'sft' }))).toBe('')
  })

  test('what was removed is found under "removed", and nothing else is', () => {
    expect(ids(filterRuns(runs, { ...everyRun, status: 'removed' }))).toBe('d')
  })

  test('puts a run without a figure last, whichever way it is sorted', () => {
    const kept = filterRuns(runs, everyRun)
    expect(ids(sortRuns(kept, { key: 'loss', descending: false }))).toBe('acb')
    expect(ids(sortRuns(kept, { key: 'loss', descending: true }))).toBe('cab')
    expect(ids(sortRuns(kept, { key: 'created', descending: true }))).toBe('bca')
    expect(tagsOf(runs)).toEqual(['keep'])
  })

  test('says where a model comes from in one line', () => {
    const sources = [
      { corpus: 'c', name: 'letters', hash: 'h', weight: 1, tokens: 1, validationTokens: 1, bytes: 1 },
    ]
    const base = runOf('base', { data: { sources } })
    const texts = (parts: ReturnType<typeof lineage>) => parts.map(part => part.text)
    expect(texts(lineage(base, 'bpe-576', [], [base]))).toEqual(['letters', 'bpe-576', 'base'])
    const sets = [{ set: 's', name: 'questions', rows: 3 }]
    const tuned = runOf('tuned', {
      phase: 'sft',
      parentCheckpoint: 'base-step-00000150',
      data: { sources: [], demonstrations: { sets, hash: 'h', train: 2, validation: 1, refused: 0 } },
    })
    const checkpoint = { id: 'base-step-00000150', run: 'base', step: 150 }
    const parts = lineage(tuned, 'bpe-576', [checkpoint], [tuned, base])
    expect(texts(parts)).toEqual(['letters', 'bpe-576', 'base step 150', 'questions', 'tuned'])
    expect(parts.map(part => part.run)).toEqual([null, null, 'base', null, null])
    const preferences = {
      sets: [{ set: 'r', name: 'rankings', prompts: 3 }],
      hash: 'h',
      prompts: { train: 2, validation: 1 },
      pairs: { train: 9, validation: 3 },
      refused: 0,
      rowsPerBatch: 1,
    }
    const judge = runOf('judge', {
      phase: 'reward',
      parentCheckpoint: 'tuned-step-00000007',
      data: { sources: [], preferences },
    })
    expect(texts(lineage(judge, 'bpe-576', [checkpoint], [judge, tuned, base]))).toEqual([
      'letters',
      'bpe-576',
      'base step 150',
      'questions',
      'tuned',
      'rankings',
      'judge',
    ])
    expect(comparable(judge, [])).toMatchObject({
      preferences: { sets: ['rankings: 3 prompts'], pairs: { train: 9, validation: 3 } },
    })
    // Its checkpoint may be deleted since: what is known of the base stays in reach.
    expect(lineage(tuned, 'bpe-576', [], [tuned, base])[2]).toEqual({ text: 'base', run: 'base' })
  })
})

test('the status bar shows what runs before what waits, and the newest of each', () => {
  const paused = runOf('p', { status: 'paused', updatedAt: '2026-03-09' })
  const running = runOf('r', { status: 'running', updatedAt: '2026-03-01' })
  const queued = runOf('q', { status: 'queued' })
  expect(runAtWork([paused, queued, running])?.id).toBe('r')
  expect(runAtWork([paused, queued])?.id).toBe('q')
  expect(runAtWork([runOf('i', { status: 'interrupted', updatedAt: '2026-03-02' }), paused])?.id).toBe('p')
  expect(runAtWork([runOf('f'), { ...running, removedAt: '2026-03-05' }])).toBeUndefined()
})

test('the title of the window carries the progress of what runs', () => {
  expect(windowTitle(runOf('bard', { status: 'running', step: 500 }))).toBe('25% bard · Andromeda')
  expect(windowTitle(runOf('bard', { status: 'paused' }))).toBe('Andromeda')
})
