import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rankCorrelationWithin, ranksOf } from '../../../src-shared/reward/rank-correlation.ts'

describe('Rank correlation', () => {
  it('gives equal values the mean of their ranks', () => {
    expect(ranksOf([30, 10, 20, 10, 10])).toEqual([5, 2, 4, 2, 2])
    expect(ranksOf([])).toEqual([])
  })

  it('is Spearman’s within one group', () => {
    // Ranks 1 2 3 4 5 against 2 1 4 3 5: 1 − 6·4/(5·24) = .8
    expect(rankCorrelationWithin([{ x: [1, 2, 3, 4, 9], y: [0.2, 0.1, 7, 3, 8] }])).toBeCloseTo(0.8, 12)
  })

  it('is Spearman’s with ties too', () => {
    // Ranks of x: 1, 2.5, 2.5, 4; of y: 3, 1, 4, 2. Centred products −.75 + 0·… : (−1.5)(.5) + 0 + 0 + (1.5)(−.5) = −1.5;
    // Σx² = 4.5, Σy² = 5.
    const ρ = rankCorrelationWithin([{ x: [5, 6, 6, 9], y: [3, 1, 4, 2] }])
    expect(ρ).toBeCloseTo(-1.5 / Math.sqrt(22.5), 12)
  })

  it('does not see what differs between groups', () => {
    // Long answers belong to the prompt with high scores, yet within each prompt the shorter one scores higher.
    const groups = [
      { x: [1, 2], y: [0.4, 0.3] },
      { x: [101, 102, 103], y: [9.3, 9.2, 9.1] },
    ]
    expect(rankCorrelationWithin(groups)).toBeCloseTo(-1, 12)
  })

  it('is 0 where nothing differs', () => {
    expect(
      rankCorrelationWithin([
        { x: [4, 4, 4], y: [1, 2, 3] },
        { x: [7], y: [1] },
      ]),
    ).toBe(0)
    expect(rankCorrelationWithin([])).toBe(0)
  })

  it('depends on order alone, and changes its sign with it', () => {
    const group = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -9, max: 9 })), { maxLength: 9 })
      .map(points => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) }))
    fc.assert(
      fc.property(fc.array(group, { maxLength: 5 }), groups => {
        const ρ = rankCorrelationWithin(groups)
        const stretched = groups.map(({ x, y }) => ({ x: x.map(value => value ** 3), y: y.map(Math.exp) }))
        const turned = groups.map(({ x, y }) => ({ x, y: y.map(value => -value) }))
        expect(rankCorrelationWithin(stretched)).toBeCloseTo(ρ, 10)
        expect(rankCorrelationWithin(turned)).toBeCloseTo(-ρ, 10)
        expect(Math.abs(ρ)).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })
})
