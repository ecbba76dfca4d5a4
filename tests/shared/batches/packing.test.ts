import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PackedRows, packBestFit, packedEpoch, stepsOf } from '../../../src-shared/batches/packing.ts'

const capacity = 37
const lengths = fc.array(fc.integer({ min: 1, max: capacity }), { minLength: 1, maxLength: 300 })
const inOrder = (i: number) => i
const range = (n: number) => Array.from({ length: n }, (_, i) => i)

describe('packing examples into rows', () => {
  test('takes the longest that still fits, row by row (by hand)', () => {
    expect([...packBestFit([4, 6, 3, 5, 2, 1], 10, inOrder)]).toEqual([[1, 0], [3, 2, 4], [5]])
  })

  test('reads every example once in an epoch, whole, and no row is longer than the context', () => {
    fc.assert(
      fc.property(lengths, fc.nat(), (lengths, seed) => {
        const rows = [...packedEpoch(lengths, capacity, seed)]
        expect(rows.flat().sort((a, b) => a - b)).toEqual(range(lengths.length))
        for (const row of rows)
          expect(row.reduce((sum, example) => sum + lengths[example]!, 0)).toBeLessThanOrEqual(capacity)
      }),
    )
  })

  test('leaves no two neighbouring rows that would fit into one, in sets that the buffer holds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: capacity }), { minLength: 2, maxLength: 99 }),
        lengths => {
          const rows = [...packBestFit(lengths, capacity, inOrder)]
          const filled = rows.map(row => row.reduce((sum, example) => sum + lengths[example]!, 0))
          for (let r = 0; r + 1 < rows.length; r++)
            expect(filled[r]! + filled[r + 1]!).toBeGreaterThan(capacity)
        },
      ),
    )
  })

  test('is the same wherever one begins to read: at row 0 or in the fifth epoch', () => {
    fc.assert(
      fc.property(lengths, fc.nat(), fc.nat({ max: 400 }), (lengths, seed, n) => {
        const walked = new PackedRows(lengths, capacity, seed)
        for (let row = 0; row < n; row += 7) walked.row(row)
        expect(walked.row(n)).toEqual(new PackedRows(lengths, capacity, seed).row(n))
      }),
    )
  })

  test('shuffles every epoch anew and other seeds otherwise', () => {
    const alike = Array.from({ length: 50 }, () => capacity)
    const epoch = (seed: number, number: number) => {
      const rows = new PackedRows(alike, capacity, seed)
      return range(50).map(n => rows.row(50 * number + n)[0])
    }
    expect(epoch(1, 0)).not.toEqual(epoch(1, 1))
    expect(epoch(1, 0)).not.toEqual(epoch(2, 0))
    expect(epoch(1, 1)).toEqual(epoch(1, 1))
  })

  test('puts the epochs one after another', () => {
    fc.assert(
      fc.property(lengths, fc.nat(), (lengths, seed) => {
        const epochs = [0, 1, 2].map(epoch => [...packedEpoch(lengths, capacity, seed, epoch)])
        const packed = new PackedRows(lengths, capacity, seed)
        expect(range(epochs.flat().length).map(n => packed.row(n))).toEqual(epochs.flat())
      }),
    )
  })

  test('packs towards a row a few at a time, without changing it', () => {
    const lengths = range(200).map(i => 1 + ((i * 17) % capacity))
    const packed = new PackedRows(lengths, capacity, 5)
    let parts = 1
    while (!packed.reach(700, 50)) parts++
    expect(parts).toBeGreaterThan(700 / 50)
    expect(packed.row(700)).toEqual(new PackedRows(lengths, capacity, 5).row(700))
    expect(packed.row(3)).toEqual(new PackedRows(lengths, capacity, 5).row(3))
  })

  test('takes as many steps as the rows of the first epoch say, rounded up, and one at least', () => {
    expect([0.5, 1, 2.5, 3].map(epochs => stepsOf(epochs, 3, 1))).toEqual([2, 3, 8, 9])
    expect(stepsOf(1.1, 10, 1)).toBe(11)
    expect(stepsOf(16, 1000, 8)).toBe(2000)
    expect(stepsOf(0.01, 3, 8)).toBe(1)
  })
})
