// The clipped losses against numbers worked out by hand, and their derivatives against finite differences.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { policyLoss, valueLoss } from '../../../../src-renderer/engine/phases/ppo/ppo-loss.ts'

const cliprange = 0.2

describe('the policy’s loss', () => {
  test.each([
    // max(−A·ratio, −A·clip(ratio, .8, 1.2)); the gradient in log π is −A·ratio where the first is the larger.
    { a: 1, ratio: 1, loss: -1, gradient: -1, clipped: 0 },
    { a: 2, ratio: 1.1, loss: -2.2, gradient: -2.2, clipped: 0 },
    // Better than expected and already 1.5 times as likely: −1.5 against −1.2. It has had its share.
    { a: 1, ratio: 1.5, loss: -1.2, gradient: 0, clipped: 1 },
    // Better than expected, but half as likely: −.5 against −.8. It may come back.
    { a: 1, ratio: 0.5, loss: -0.5, gradient: -0.5, clipped: 0 },
    // Worse than expected and half as likely: .5 against .8.
    { a: -1, ratio: 0.5, loss: 0.8, gradient: 0, clipped: 1 },
    // Worse than expected, yet 1.5 times as likely: 1.5 against 1.2.
    { a: -1, ratio: 1.5, loss: 1.5, gradient: 1.5, clipped: 0 },
    { a: 0, ratio: 3, loss: 0, gradient: 0, clipped: 0 },
  ])('of advantage $a at ratio $ratio is $loss, its gradient $gradient', expected => {
    const found = policyLoss(
      Float32Array.of(-2 + Math.log(expected.ratio)),
      { oldLogProbs: Float32Array.of(-2), advantages: Float32Array.of(expected.a) },
      { cliprange },
    )
    expect(found.lossSum).toBeCloseTo(expected.loss, 5)
    expect(found.dLogProbs[0]).toBeCloseTo(expected.gradient, 5)
    expect(found.clipped[0]).toBe(expected.clipped)
    expect(found.ratios[0]).toBeCloseTo(expected.ratio, 5)
    // ½ (log ratio)²
    expect(found.approxKlSum).toBeCloseTo(Math.log(expected.ratio) ** 2 / 2, 5)
  })
})

describe('the value model’s loss', () => {
  test.each([
    // ½ max((V − R)², (clip(V, V_old ± .2) − R)²)
    // V has gone .5 up towards 2 where .2 is allowed: 1² against (.7 − 2)² = 1.69.
    { value: 1, old: 0.5, target: 2, loss: 0.845, gradient: 0, clipped: 1 },
    // It has gone past .6: .4² against (.7 − .6)² = .01.
    { value: 1, old: 0.5, target: 0.6, loss: 0.08, gradient: 0.4, clipped: 0 },
    // Within the range both are the same.
    { value: 0.6, old: 0.5, target: 0, loss: 0.18, gradient: 0.6, clipped: 0 },
    { value: -1, old: 0, target: -3, loss: 3.92, gradient: 0, clipped: 1 },
  ])('of $value, before $old, towards $target is $loss', ({ value, old, target, ...expected }) => {
    const found = valueLoss(
      Float32Array.of(value),
      { oldValues: Float32Array.of(old), returns: Float32Array.of(target) },
      { cliprangeValue: 0.2, vfCoef: 0.1 },
    )
    expect(found.lossSum).toBeCloseTo(expected.loss, 5)
    expect(found.dValues[0]).toBeCloseTo(0.1 * expected.gradient, 5)
    expect(found.clipped).toBe(expected.clipped)
  })
})

test('both have the derivative that finite differences find, but at the edge of the clip', () => {
  const real = (most: number) => fc.double({ min: -most, max: most, noNaN: true })
  const STEP = 1e-6
  // Float32 inputs cannot take so small a step: the losses once more, in float64.
  const policy64 = (x: number, old: number, a: number) => {
    const ratio = Math.exp(x - old)
    return Math.max(-a * ratio, -a * Math.min(1.2, Math.max(0.8, ratio)))
  }
  const value64 = (x: number, old: number, target: number) =>
    0.5 * Math.max((x - target) ** 2, (Math.min(old + 0.2, Math.max(old - 0.2, x)) - target) ** 2)
  fc.assert(
    fc.property(real(0.5), real(3), real(0.5), real(3), (logRatio, a, moved, target) => {
      const ratio = Math.exp(logRatio)
      for (const edge of [0.8, 1.2]) fc.pre(Math.abs(ratio - edge) > 1e-3)
      fc.pre(Math.abs(Math.abs(moved) - 0.2) > 1e-3)
      const [x, old] = [-3 + logRatio, -3].map(Math.fround) as [number, number]
      const advantage = Math.fround(a)
      const policy = policyLoss(
        Float32Array.of(x),
        { oldLogProbs: Float32Array.of(old), advantages: Float32Array.of(advantage) },
        { cliprange },
      )
      expect(policy.dLogProbs[0]).toBeCloseTo(
        (policy64(x + STEP, old, advantage) - policy64(x - STEP, old, advantage)) / (2 * STEP),
        3,
      )
      const [v, before, to] = [0.3 + moved, 0.3, target].map(Math.fround) as [number, number, number]
      const [free, bounded] = [(v - to) ** 2, 2 * value64(v, before, to)]
      // Beyond the range the two squares may be equal as well.
      fc.pre(Math.abs(moved) < 0.2 || Math.abs(free - (before + Math.sign(moved) * 0.2 - to) ** 2) > 1e-3)
      const value = valueLoss(
        Float32Array.of(v),
        { oldValues: Float32Array.of(before), returns: Float32Array.of(to) },
        { cliprangeValue: 0.2, vfCoef: 1 },
      )
      expect(2 * value.lossSum).toBeCloseTo(bounded, 4)
      expect(value.dValues[0]).toBeCloseTo(
        (value64(v + STEP, before, to) - value64(v - STEP, before, to)) / (2 * STEP),
        3,
      )
    }),
  )
})
