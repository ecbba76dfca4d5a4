import fc from 'fast-check'
import { expect, test } from 'vitest'
import { debiasedEma } from '../../../src-renderer/ui/charts/ema.ts'

test('the average of hand-computed values is debiased: w = 0.5 over 2, 4, 8', () => {
  // m: 1, 2.5, 5.25; divided by 1 − 0.5ⁿ: 0.5, 0.75, 0.875
  expect([...debiasedEma(Float64Array.of(2, 4, 8), 0.5)]).toEqual([2, 10 / 3, 6])
})

test('a constant curve stays where it is, from its first point on', () => {
  for (const value of debiasedEma(new Float64Array(50).fill(3.25), 0.99)) expect(value).toBeCloseTo(3.25, 10)
})

test('weight 0 gives the values as measured', () => {
  const values = Float64Array.of(1, 5, 2)
  expect(debiasedEma(values, 0)).toBe(values)
})

test('a NaN leaves a gap and does not poison what follows', () => {
  const smoothed = debiasedEma(Float64Array.of(2, Number.NaN, 2), 0.9)
  expect(smoothed[1]).toBeNaN()
  expect(smoothed[2]).toBeCloseTo(2, 12)
})

test('a smoothed value never leaves the range of what was measured so far', () => {
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(numbers, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (list, weight) => {
      const smoothed = debiasedEma(Float64Array.from(list), weight)
      for (let i = 0; i < list.length; i++) {
        const seen = list.slice(0, i + 1)
        expect(smoothed[i]!).toBeGreaterThanOrEqual(Math.min(...seen) - 1e-6)
        expect(smoothed[i]!).toBeLessThanOrEqual(Math.max(...seen) + 1e-6)
      }
    }),
  )
})
