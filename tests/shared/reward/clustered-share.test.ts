import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareOf } from '../../../src-shared/metrics/share.ts'
import { clusteredShare, clustersOf } from '../../../src-shared/reward/clustered-share.ts'

const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value)

describe('A share of pairs that come from few prompts', () => {
  it('has the interval of Wilson where every prompt gives one pair', () => {
    const clusters = [...times(30, { hits: 1, n: 1 }), ...times(10, { hits: 0, n: 1 })]
    const { share, low, high, n } = clusteredShare(clusters)
    expect({ share, n }).toEqual({ share: 0.75, n: 40 })
    const expected = shareOf(30, 40)
    expect(low).toBeCloseTo(expected.low, 10)
    expect(high).toBeCloseTo(expected.high, 10)
  })

  it('counts prompts, not pairs, where the pairs of a prompt stand or fall together', () => {
    // 12 prompts of 6 pairs: 9 wholly right, 3 wholly wrong. Σ(h − np)² = 9·1.5² + 3·4.5² = 81; V = 12/11 · 81 / 72²;
    // p(1−p)/V = .1875 · 72² · 11 / (12 · 81) = 11, less than 72²/(12·36) = 12.
    const { share, low, high, n } = clusteredShare([
      ...times(9, { hits: 6, n: 6 }),
      ...times(3, { hits: 0, n: 6 }),
    ])
    const expected = shareOf(9, 12)
    expect({ share, n }).toEqual({ share: 0.75, n: 72 })
    expect(low).toBeCloseTo(expected.low, 10)
    expect(high).toBeCloseTo(expected.high, 10)
  })

  it('lies in between where they partly do', () => {
    // 20 prompts of 4 pairs; 10 with 4 hits, 10 with 2: p = .75, Σ(h − 3)² = 20, V = 20/19 · 20/80², worth
    // .1875 · 6400 · 19 / 400 = 57 pairs of 80.
    const { low, high } = clusteredShare([...times(10, { hits: 4, n: 4 }), ...times(10, { hits: 2, n: 4 })])
    const expected = shareOf(0.75 * 57, 57)
    expect(low).toBeCloseTo(expected.low, 10)
    expect(high).toBeCloseTo(expected.high, 10)
  })

  it('takes each of a few prompts for a single case', () => {
    const { low, high } = clusteredShare([
      { hits: 36, n: 36 },
      { hits: 36, n: 36 },
    ])
    expect({ low, high }).toEqual({ low: shareOf(2, 2).low, high: 1 })
    expect(low).toBeLessThan(0.5)
  })

  it('does not take a run of hits for certainty', () => {
    const { low } = clusteredShare(times(40, { hits: 9, n: 9 }))
    expect(low).toBeCloseTo(shareOf(40, 40).low, 10)
  })

  it('knows nothing where there is nothing', () => {
    expect(clusteredShare([])).toEqual({ share: 0, low: 0, high: 1, n: 0 })
  })

  it('is never narrower than if all pairs were independent, never wider than if all of a prompt were alike', () => {
    const cluster = fc
      .tuple(fc.integer({ min: 1, max: 36 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([n, p]) => ({ hits: Math.round(n * p), n }))
    fc.assert(
      fc.property(fc.array(cluster, { minLength: 1, maxLength: 40 }), clusters => {
        const { share, low, high, n } = clusteredShare(clusters)
        const alike = n ** 2 / clusters.reduce((sum, one) => sum + one.n ** 2, 0)
        const independent = shareOf(share * n, n)
        const whole = shareOf(share * alike, alike)
        expect(low).toBeLessThanOrEqual(independent.low + 1e-9)
        expect(high).toBeGreaterThanOrEqual(independent.high - 1e-9)
        expect(low).toBeGreaterThanOrEqual(whole.low - 1e-9)
        expect(high).toBeLessThanOrEqual(whole.high + 1e-9)
      }),
    )
  })

  it('gathers cases by what they belong to', () => {
    const cases = [
      ['b', 1],
      ['a', 0],
      ['b', 0.5],
    ] as const
    expect(clustersOf(cases)).toEqual([
      { hits: 1.5, n: 2 },
      { hits: 0, n: 1 },
    ])
  })
})
