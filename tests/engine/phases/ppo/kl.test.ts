import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { klEstimates, nextKlCoef } from '../../../../src-renderer/engine/phases/ppo/kl.ts'

describe('the three estimates of the KL', () => {
  test('of two tokens are those worked out by hand', () => {
    // log r = ref − policy: −1.5 + 1 = −.5 and −1 + 2 = 1
    // k1 = (.5 − 1) / 2 = −.25                    k2 = (.125 + .5) / 2 = .3125
    // k3 = (e^−.5 − 1 + .5 + e − 1 − 1) / 2 = (.1065307 + .7182818) / 2 = .4124062
    const { k1, k2, k3 } = klEstimates([-1, -2], [-1.5, -1])
    expect(k1).toBeCloseTo(-0.25, 9)
    expect(k2).toBeCloseTo(0.3125, 9)
    expect(k3).toBeCloseTo(0.4124062, 6)
  })

  test('are 0 where nothing differs, and k2 and k3 are never below it', () => {
    const nats = fc.double({ min: -12, max: 0, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(nats, nats), { minLength: 1, maxLength: 12 }), pairs => {
        const [policy, reference] = [pairs.map(([p]) => p), pairs.map(([, r]) => r)]
        const { k2, k3 } = klEstimates(policy, reference)
        expect(k2).toBeGreaterThanOrEqual(0)
        // r − 1 − log r in floating point.
        expect(k3).toBeGreaterThanOrEqual(-1e-12)
        expect(klEstimates(policy, policy)).toEqual({ k1: 0, k2: 0, k3: 0 })
      }),
    )
  })

  test('k1 and k3 meet the KL that is known when all that could be drawn is weighed by how likely it is', () => {
    const [p, q] = [
      [0.5, 0.3, 0.2],
      [0.25, 0.25, 0.5],
    ] as const
    const exact = p.reduce((sum, each, i) => sum + each * Math.log(each / q[i]!), 0)
    const expected = (of: 'k1' | 'k3') =>
      p.reduce((sum, each, i) => sum + each * klEstimates([Math.log(each)], [Math.log(q[i]!)])[of], 0)
    expect(expected('k1')).toBeCloseTo(exact, 9)
    expect(expected('k3')).toBeCloseTo(exact, 9)
  })
})

describe('β of the next update', () => {
  const config = { klTarget: 6, klHorizon: 10_000 }

  test.each([
    // 6.6 / 6 − 1 = .1 → .1 · (1 + .1 · 500 / 10,000) = .1005
    { kl: 6.6, expected: 0.1005 },
    // 5 times the target counts as .2 above it: .1 · (1 + .2 · .05) = .101
    { kl: 30, expected: 0.101 },
    { kl: 6, expected: 0.1 },
    // No KL counts as .2 below: .1 · (1 − .2 · .05) = .099
    { kl: 0, expected: 0.099 },
    { kl: -3, expected: 0.099 },
  ])('after $kl nats of 6 in 500 answers goes from .1 to $expected', ({ kl, expected }) => {
    expect(nextKlCoef(0.1, kl, config, 500)).toBeCloseTo(expected, 9)
  })

  test('stays as it is without a target', () => {
    expect(nextKlCoef(0.1, 99, { klTarget: 0, klHorizon: 10_000 }, 500)).toBe(0.1)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'stays as it is after a KL of %d: nothing is known of it',
    kl => {
      expect(nextKlCoef(0.1, kl, config, 500)).toBe(0.1)
    },
  )

  test('moves towards the target, and stays a number above 0', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 10, noNaN: true }),
        fc.double({ min: -5, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 10_000 }),
        (klCoef, kl, answers) => {
          const next = nextKlCoef(klCoef, kl, config, answers)
          expect(next).toBeGreaterThan(0)
          expect(Math.sign(next - klCoef) * Math.sign(kl - 6)).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})
