// The sliders of the sources table: they keep 100 %, whatever is moved, added or removed.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bySize,
  epochsRemark,
  percentages,
  percentText,
  removedProblem,
  startingMixture,
  withArrivals,
  withoutSource,
  withShare,
  withSource,
  withWorld,
} from '../../../src-renderer/ui/features/pretrain/train/mixture-shares.ts'
import type { CorpusSummary } from '../../../src-shared/contract/lab-contract.ts'

const corpus = (id: string, over: Partial<CorpusSummary> = {}): CorpusSummary => ({
  id,
  name: id,
  kind: 'imported',
  createdAt: '2026-01-01T00:00:00Z',
  removedAt: null,
  hash: '0',
  documents: 1,
  validationDocuments: 0,
  bytes: 100,
  validationBytes: 0,
  duplicates: 0,
  rejected: 0,
  split: 'document-hash',
  notes: [],
  files: [],
  ...over,
})
const shares = (...values: number[]) => values.map((share, i) => ({ corpus: `c${i}`, share }))
const sum = (rows: readonly { share: number }[]) => rows.reduce((a, r) => a + r.share, 0)

describe('moving a share', () => {
  test('lets the others give way in their old proportions', () => {
    const moved = withShare(shares(0.5, 0.3, 0.2), 'c0', 0.75)
    expect(moved.map(r => r.share)).toEqual([0.75, 0.15, 0.1].map(x => expect.closeTo(x, 12)))
  })

  test('shares the rest equally where the others had nothing', () => {
    expect(withShare(shares(1, 0, 0), 'c0', 0.5).map(r => r.share)).toEqual([0.5, 0.25, 0.25])
  })

  test('leaves a single source at the whole', () => {
    expect(withShare(shares(1), 'c0', 0.2)).toEqual(shares(1))
  })

  test('takes what is not a number for 0 and what is above 1 for 1', () => {
    expect(withShare(shares(0.5, 0.5), 'c0', Number.NaN)[0]!.share).toBe(0)
    expect(withShare(shares(0.5, 0.5), 'c0', 7).map(r => r.share)).toEqual([1, 0])
  })

  test('changes nothing for a source that is not there', () => {
    expect(withShare(shares(0.5, 0.5), 'other', 0.9)).toEqual(shares(0.5, 0.5))
  })

  test('keeps 100 % through any sequence of moves, additions and removals', () => {
    const action = fc.record({
      what: fc.constantFrom('move', 'add', 'remove'),
      at: fc.nat(6),
      to: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    const bytes = new Map(Array.from({ length: 7 }, (_, i) => [`c${i}`, (i * 37) % 5]))
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), actions => {
        let rows = shares(0.6, 0.4)
        for (const { what, at, to } of actions) {
          if (what === 'move') rows = withShare(rows, `c${at}`, to)
          else if (what === 'add') rows = withSource(rows, `c${at}`, bytes)
          else if (rows.length > 1) rows = withoutSource(rows, `c${at}`)
          expect(sum(rows)).toBeCloseTo(1, 9)
          expect(rows.every(r => r.share >= 0 && r.share <= 1)).toBe(true)
          expect(percentages(rows).reduce((a, b) => a + b, 0)).toBeCloseTo(100, 9)
        }
      }),
    )
  })
})

describe('percentages', () => {
  test('of thirds add up to exactly 100', () => {
    expect(percentages(shares(1, 1, 1))).toEqual([33.4, 33.3, 33.3])
    expect(percentages([])).toEqual([])
  })
})

test('a share too small for its figure is not shown as nothing', () => {
  expect(percentText(0.0004, 0)).toBe('<0.1')
  expect(percentText(0, 0)).toBe('0')
  expect(percentText(0.333, 33.3)).toBe('33.3')
})

describe('a new source', () => {
  test('joins with the share that reads every text equally often', () => {
    const bytes = new Map([
      ['c0', 300],
      ['c1', 100],
    ])
    expect(withSource(shares(1), 'c1', bytes).map(r => r.share)).toEqual([0.75, 0.25])
  })

  test('is not added twice', () => {
    expect(withSource(shares(0.5, 0.5), 'c1', new Map())).toEqual(shares(0.5, 0.5))
  })
})

describe('texts that come and go', () => {
  const poems = corpus('poems', { bytes: 300 })
  const letters = corpus('letters', { bytes: 100 })

  test('a text that comes in joins by its size, once', () => {
    const before = [{ corpus: 'poems', share: 1 }]
    expect(withArrivals(before, [letters, poems], ['poems'])).toEqual([
      { corpus: 'poems', share: 0.75 },
      { corpus: 'letters', share: 0.25 },
    ])
    // Left out by the person after it was met, it stays out.
    expect(withArrivals(before, [letters, poems], ['poems', 'letters'])).toBe(before)
    expect(withArrivals([], [letters], ['poems'])).toEqual([{ corpus: 'letters', share: 1 }])
  })

  test('the first look takes the newest alone, or keeps what was asked for', () => {
    expect(withArrivals([], [poems, letters], null)).toEqual([{ corpus: 'poems', share: 1 }])
    const asked = [{ corpus: 'letters', share: 1 }]
    expect(withArrivals(asked, [poems, letters], null)).toBe(asked)
  })

  test('a removed text keeps its share and is named until someone decides', () => {
    const rows = shares(0.75, 0.25)
    const gone = [corpus('c0'), corpus('c1', { name: 'sums', removedAt: '2026-02-01T00:00:00Z' })]
    expect(withArrivals(rows, gone, ['c0', 'c1'])).toBe(rows)
    expect(removedProblem(rows, gone)).toBe('“sums” was removed. Undo that, or leave it out of the mixture.')
    expect(removedProblem(rows, [corpus('c0'), corpus('c1')])).toBeNull()
    expect(removedProblem(rows, [corpus('c0')])).toContain('A text of the mixture was removed')
  })

  test('a made world keeps its own proportions beside what is there', () => {
    const world = [
      { corpus: 'sums', share: 3 },
      { corpus: 'tales', share: 1 },
    ]
    const bytes = new Map([
      ['poems', 300],
      ['sums', 50],
      ['tales', 50],
    ])
    expect(withWorld([{ corpus: 'sums', share: 1 }], world, bytes).map(r => r.share)).toEqual([0.75, 0.25])
    expect(withWorld([{ corpus: 'poems', share: 1 }], world, bytes)).toEqual([
      { corpus: 'poems', share: 0.75 },
      { corpus: 'sums', share: 0.1875 },
      { corpus: 'tales', share: 0.0625 },
    ])
  })
})

describe('the mixture a recipe starts from', () => {
  const old = corpus('old', { createdAt: '2026-01-01T00:00:00Z' })
  const letters = corpus('letters', { kind: 'starter-world', bytes: 300, createdAt: '2026-01-02T00:00:00Z' })
  const sums = corpus('sums', { kind: 'starter-world', bytes: 100, createdAt: '2026-01-02T00:00:01Z' })

  test('is the newest text alone', () => {
    expect(startingMixture([old, corpus('new', { createdAt: '2026-02-01T00:00:00Z' }), letters])).toEqual([
      { corpus: 'new', share: 1 },
    ])
  })

  test('is the whole starter world by size when that is newest', () => {
    expect(startingMixture([old, letters, sums])).toEqual([
      { corpus: 'letters', share: 0.75 },
      { corpus: 'sums', share: 0.25 },
    ])
  })

  test('never holds a removed text', () => {
    expect(startingMixture([corpus('gone', { removedAt: '2026-02-01T00:00:00Z' })])).toEqual([])
  })

  test('reads every source equally often when weighed by size', () => {
    expect(bySize([corpus('a', { bytes: 0 }), corpus('b', { bytes: 0 })]).map(r => r.share)).toEqual([
      0.5, 0.5,
    ])
  })
})

test('epochs are remarked on where more passes stop helping', () => {
  expect(epochsRemark(null)).toBeNull()
  expect(epochsRemark(2.45)).toBeNull()
  expect(epochsRemark(12)).toContain('more than 4 times')
  expect(epochsRemark(41)).toContain('by heart')
})
