// Advantages and whitening against numbers worked out by hand, and against what must hold for any numbers.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generalizedAdvantages } from '../../../../src-renderer/engine/phases/ppo/gae.ts'
import { mean, variance, whiten } from '../../../../src-renderer/engine/phases/ppo/whitening.ts'

const rewards = Float32Array.of(-0.1, 0.2, 1)
const values = Float32Array.of(0.5, 0.25, -0.5)
const expectClose = (got: Float32Array, expected: readonly number[]) => {
  expect(got).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 6)
}

describe('advantages of an answer', () => {
  test('of three tokens with γ 1 and λ .95 are those worked out by hand', () => {
    // δ₂ = 1 + 0 − (−.5) = 1.5            A₂ = 1.5                        R₂ = 1.5 − .5 = 1
    // δ₁ = .2 + (−.5) − .25 = −.55        A₁ = −.55 + .95 · 1.5 = .875      R₁ = .875 + .25 = 1.125
    // δ₀ = −.1 + .25 − .5 = −.35          A₀ = −.35 + .95 · .875 = .48125   R₀ = .48125 + .5 = .98125
    const { advantages, returns } = generalizedAdvantages(rewards, values, [0, 3], {
      gamma: 1,
      gaeLambda: 0.95,
    })
    expectClose(advantages, [0.48125, 0.875, 1.5])
    expectClose(returns, [0.98125, 1.125, 1])
  })

  test('of three tokens with γ .9 and λ .95 are those worked out by hand', () => {
    // δ₂ = 1.5                            A₂ = 1.5                              γλ = .855
    // δ₁ = .2 + .9 · (−.5) − .25 = −.5    A₁ = −.5 + .855 · 1.5 = .7825
    // δ₀ = −.1 + .9 · .25 − .5 = −.375    A₀ = −.375 + .855 · .7825 = .2940375
    const { advantages, returns } = generalizedAdvantages(rewards, values, [0, 3], {
      gamma: 0.9,
      gaeLambda: 0.95,
    })
    expectClose(advantages, [0.2940375, 0.7825, 1.5])
    expectClose(returns, [0.7940375, 1.0325, 1])
  })

  test('know nothing of the answers before and after it', () => {
    const options = { gamma: 1, gaeLambda: 0.95 }
    const { advantages, returns } = generalizedAdvantages(
      Float32Array.of(7, ...rewards, 2),
      Float32Array.of(3, ...values, 0.5),
      [0, 1, 4, 5],
      options,
    )
    // A token alone: A = r − V, R = r.
    expectClose(advantages, [4, 0.48125, 0.875, 1.5, 1.5])
    expectClose(returns, [7, 0.98125, 1.125, 1, 2])
  })

  const number = fc.float({ min: -8, max: 8, noNaN: true })
  const tokens = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 9 })
  test('are the reward to come less the value with λ 1, and the error of one step with λ 0', () => {
    fc.assert(
      fc.property(tokens, fc.double({ min: 0, max: 1, noNaN: true }), (of, gamma) => {
        const [r, v] = [0, 1].map(i => Float32Array.from(of, pair => pair[i]!)) as [
          Float32Array,
          Float32Array,
        ]
        const whole = generalizedAdvantages(r, v, [0, r.length], { gamma, gaeLambda: 1 })
        const step = generalizedAdvantages(r, v, [0, r.length], { gamma, gaeLambda: 0 })
        for (const t of r.keys()) {
          const toCome = r.subarray(t).reduce((sum, x, k) => sum + gamma ** k * x, 0)
          expect(whole.returns[t]).toBeCloseTo(toCome, 3)
          expect(step.advantages[t]).toBeCloseTo(r[t]! + gamma * (v[t + 1] ?? 0) - v[t]!, 4)
        }
      }),
    )
  })
})

describe('whitening', () => {
  test('brings 1, 2, 3, 4 to mean 0 and deviation 1, or leaves the mean where it was', () => {
    // Mean 2.5; variance (2.25 + .25 + .25 + 2.25) / 4 = 1.25; 1.5 / √1.25 = 1.341641, .5 / √1.25 = .447214
    const four = Float32Array.of(1, 2, 3, 4)
    expectClose(whiten(four, true), [-1.3416408, -0.4472136, 0.4472136, 1.3416408])
    expectClose(whiten(four, false), [1.1583592, 2.0527864, 2.9472136, 3.8416408])
  })

  test('says nothing of values that are all alike', () => {
    expectClose(whiten(Float32Array.of(3, 3, 3), true), [0, 0, 0])
    expectClose(whiten(Float32Array.of(3, 3, 3), false), [3, 3, 3])
    expectClose(whiten(Float32Array.of(-7), true), [0])
  })

  test('keeps the order, and has the mean and the deviation that it promises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 2, maxLength: 40 }),
        fc.boolean(),
        (of, shiftMean) => {
          fc.pre(new Set(of).size > 1)
          const values = Float32Array.from(of)
          const white = whiten(values, shiftMean)
          expect(mean(white)).toBeCloseTo(shiftMean ? 0 : mean(values), 3)
          expect(variance(white)).toBeCloseTo(1, 3)
          for (const [i, value] of of.entries())
            for (const [j, other] of of.entries())
              if (value > other) expect(white[i]).toBeGreaterThan(white[j]!)
        },
      ),
    )
  })
})
