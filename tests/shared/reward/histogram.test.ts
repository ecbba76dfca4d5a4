import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreHistogram } from '../../../src-shared/reward/histogram.ts'

describe('The histogram of scores', () => {
  it('has round edges around all scores, and a score on an edge is in the bin that begins there', () => {
    // Range 2.4 over 24 bins: a width of 0.1, from −1.2 to 1.2.
    const { edges, winning, losing } = scoreHistogram([-1.2, 0.3, 1.2], [0.29, 0.3])
    expect(edges).toHaveLength(25)
    expect(edges[0]).toBe(-1.2)
    expect(edges.at(-1)).toBe(1.2)
    const bin = edges.indexOf(0.3)
    expect(winning[bin]).toBe(1)
    expect(losing[bin]).toBe(1)
    expect(losing[bin - 1]).toBe(1)
    // The last edge has no bin after it.
    expect(winning.at(-1)).toBe(1)
    expect(winning[0]).toBe(1)
  })

  it('is one bin where all scores are the same, and an empty one where there are none', () => {
    expect(scoreHistogram([2, 2], [2])).toEqual({ edges: [1.5, 2.5], winning: [2], losing: [1] })
    // The least number that is not 0, away from it.
    expect(scoreHistogram([0], [-5e-324])).toEqual({ edges: [-0.5, 0.5], winning: [1], losing: [1] })
    expect(scoreHistogram([], [])).toEqual({ edges: [-1, 1], winning: [0], losing: [0] })
  })

  it('counts every score once, between the edges of its bin', () => {
    const score = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(score, { maxLength: 60 }),
        fc.array(score, { maxLength: 60 }),
        (winning, losing) => {
          const histogram = scoreHistogram(winning, losing)
          const { edges } = histogram
          expect(edges.every((edge, i) => i === 0 || edge > edges[i - 1]!)).toBe(true)
          for (const [counts, scores] of [
            [histogram.winning, winning],
            [histogram.losing, losing],
          ] as const) {
            expect(counts).toHaveLength(edges.length - 1)
            const expected = counts.map(
              (_, bin) =>
                scores.filter(
                  score =>
                    (score >= edges[bin]! || bin === 0) &&
                    (score < edges[bin + 1]! || bin === counts.length - 1),
                ).length,
            )
            expect(counts).toEqual(expected)
          }
          expect(Math.min(...edges)).toBeLessThanOrEqual(Math.min(...winning, ...losing) + 1e-6)
        },
      ),
    )
  })
})
