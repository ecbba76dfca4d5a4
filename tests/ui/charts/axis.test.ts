import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  axisFor,
  clockStep,
  extent,
  formatTick,
  nearestIndex,
  wholeStep,
} from '../../../src-renderer/ui/charts/axis.ts'

describe('axes', () => {
  test('the range skips what cannot be drawn', () => {
    const lists = [Float64Array.of(Number.NaN, 3, -1), Float64Array.of(0, Number.POSITIVE_INFINITY)]
    expect(extent(lists, false)).toEqual([-1, 3])
    expect(extent(lists, true)).toEqual([3, 3])
    expect(extent([], false)).toBeNull()
  })

  test('a value axis ends at round ticks, a time axis where the data ends', () => {
    expect(axisFor([1.6, 4.4], false, false)).toEqual({ domain: [1, 5], ticks: [1, 2, 3, 4, 5] })
    expect(axisFor([30, 2000], false, true)).toEqual({ domain: [30, 2000], ticks: [500, 1000, 1500, 2000] })
  })

  test('a flat curve still has an axis', () => {
    expect(axisFor([0, 0], false, false)).toEqual({ domain: [-1, 1], ticks: [0] })
    expect(axisFor([5, 5], true, true).domain[0]).toBeLessThan(5)
  })

  test('a logarithmic axis over many decades marks powers of ten, over one decade 1, 2, 5', () => {
    expect(axisFor([1, 1e5], true, true).ticks).toEqual([1, 10, 100, 1000, 10_000, 100_000])
    expect(axisFor([0.5, 20], true, true).ticks).toEqual([0.5, 1, 2, 5, 10, 20])
  })

  test('a logarithmic axis over a narrow range still has ticks', () => {
    expect(axisFor([101.2, 103.9], true, false).ticks).toEqual([102, 103, 104])
  })

  test('a few steps have whole ticks, each once; time is divided as on a clock', () => {
    expect(axisFor([0, 3], false, true, 8, wholeStep).ticks).toEqual([0, 1, 2, 3])
    expect(axisFor([0, 100], false, true, 5, clockStep).ticks).toEqual([0, 30, 60, 90])
    expect(clockStep(100_000)).toBe(2 * 86_400)
  })

  test('ticks lie inside the domain, ascend, and are few, whatever the data', () => {
    const positive = fc.double({ min: 1e-9, max: 1e12, noNaN: true })
    fc.assert(
      fc.property(positive, positive, fc.boolean(), fc.boolean(), (a, b, log, tight) => {
        const { domain, ticks } = axisFor([Math.min(a, b), Math.max(a, b)], log, tight)
        expect(domain[0]).toBeLessThanOrEqual(Math.min(a, b))
        expect(domain[1]).toBeGreaterThanOrEqual(Math.max(a, b))
        expect(ticks.length).toBeLessThanOrEqual(12)
        for (const [i, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(domain[0] * (1 - 1e-9))
          expect(tick).toBeLessThanOrEqual(domain[1] * (1 + 1e-9))
          if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!)
        }
      }),
    )
  })

  test('ticks are written without padding', () => {
    expect([0, 4.5, 30, 40_000, 0.0001, 0.3].map(formatTick)).toEqual([
      '0',
      '4.5',
      '30',
      '40K',
      '1e-4',
      '0.3',
    ])
  })

  test('the nearest point is found at the ends, between and on points', () => {
    const x = Float64Array.of(1, 5, 10)
    expect([-3, 1, 2.9, 3.1, 5, 99].map(value => nearestIndex(x, value))).toEqual([0, 0, 0, 1, 1, 2])
    expect(nearestIndex(new Float64Array(), 1)).toBe(-1)
  })
})
