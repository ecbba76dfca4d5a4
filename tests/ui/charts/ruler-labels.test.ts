// The names over a ruler's marks: none over another, whatever stands there.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeLabels, type RulerLabel } from '../../../src-renderer/ui/charts/ruler-labels.ts'

const WIDTH = 1030
const label = fc.record({
  x: fc.double({ min: 0, max: WIDTH, noNaN: true }),
  width: fc.integer({ min: 60, max: 190 }),
  side: fc.constantFrom('left', 'right'),
}) as fc.Arbitrary<RulerLabel>

const span = (of: RulerLabel, side: string) =>
  side === 'right' ? [of.x, of.x + of.width] : [of.x - of.width, of.x]

test('three names never meet and stay on the ruler, wherever their marks are', () => {
  fc.assert(
    fc.property(fc.array(label, { maxLength: 3 }), labels => {
      const placed = placeLabels(labels, WIDTH, 3)
      expect(placed).toHaveLength(labels.length)
      for (const [i, a] of labels.entries())
        for (const [j, b] of labels.entries()) {
          if (i >= j || placed[i]!.row !== placed[j]!.row) continue
          const [fromA, toA] = span(a, placed[i]!.side)
          const [fromB, toB] = span(b, placed[j]!.side)
          expect(toA! <= fromB! || toB! <= fromA!).toBe(true)
        }
    }),
  )
})

test('a name stands on its own side in the highest row where nothing is in its way', () => {
  expect(placeLabels([{ x: 300, width: 100, side: 'right' }], WIDTH, 3)).toEqual([{ row: 0, side: 'right' }])
  expect(placeLabels([{ x: 1000, width: 100, side: 'right' }], WIDTH, 3)).toEqual([{ row: 0, side: 'left' }])
})

test('this set, all sets and InstructGPT have a place each, close as they are', () => {
  const at = (pairs: number) => (WIDTH * Math.log10(pairs)) / 6
  const placed = placeLabels(
    [
      { x: at(4813), width: 132, side: 'right' },
      { x: at(5419), width: 132, side: 'right' },
      { x: at(12_725), width: 165, side: 'left' },
    ],
    WIDTH,
    3,
  )
  expect(new Set(placed.map(({ row, side }) => `${row} ${side}`)).size).toBe(3)
})

test('names that would read as one stand in rows of their own', () => {
  // `Yours 1,076` before `Stiennon, summaries 64,832`, 8 pixels apart.
  const [yours, theirs] = placeLabels(
    [
      { x: 460, width: 79, side: 'right' },
      { x: 729, width: 172, side: 'left' },
    ],
    1060,
    3,
  )
  expect([yours!.row, yours!.side]).not.toEqual([theirs!.row, theirs!.side === 'left' ? 'right' : 'left'])
})
