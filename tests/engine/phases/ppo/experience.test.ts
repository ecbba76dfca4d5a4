// What each token of an answer is charged and rewarded, worked out by hand.
import { describe, expect, test } from 'vitest'
import {
  experienceOf,
  responseStatistics,
  type TokenReadings,
} from '../../../../src-renderer/engine/phases/ppo/experience.ts'
import { generalizedAdvantages } from '../../../../src-renderer/engine/phases/ppo/gae.ts'
import { rolloutsOf } from '../../../../src-renderer/engine/phases/ppo/rollouts.ts'
import { mean, variance, whiten } from '../../../../src-renderer/engine/phases/ppo/whitening.ts'

/** Three answers: of three tokens, of one, and of two that were cut off. */
const rollouts = rolloutsOf(
  [Int32Array.of(5), Int32Array.of(5, 6), Int32Array.of(7)],
  [Int32Array.of(8, 9, 2), Int32Array.of(2), Int32Array.of(9, 9)],
  [true, true, false],
)
const readings: TokenReadings = {
  logProbs: Float32Array.of(-1, -0.5, -0.25, -3, -2, -1),
  refLogProbs: Float32Array.of(-1.5, -0.5, -0.125, -2, -2, -4),
  values: Float32Array.of(0.5, 0.25, -0.5, 1, 0, -1),
}
const plain = { missingEosPenalty: 1, rewardClip: 0, whitenRewards: false, gamma: 1, gaeLambda: 0.95 }
const scored = [2, -0.5, 0.75]
const of = (klCoef: number, changes: Partial<typeof plain> = {}, rewards: readonly number[] = scored) =>
  experienceOf(rollouts, readings, rewards, klCoef, { ...plain, ...changes })

describe('an update’s answers', () => {
  test('are charged β times the KL at every token, and rewarded at the last', () => {
    // KL of the tokens: .5, 0, −.125 | −1 | 0, 3. The third answer did not end: .75 − 1 = −.25.
    const { kls, scores, rewards } = of(0.1)
    expect([...kls]).toEqual([0.375, -1, 3])
    expect([...scores]).toEqual([2, -0.5, -0.25])
    const expected = [-0.05, 0, 0.0125 + 2, 0.1 - 0.5, 0, -0.3 - 0.25]
    for (const [t, reward] of expected.entries()) expect(rewards[t]).toBeCloseTo(reward, 6)
  })

  test('are rewarded nowhere but at the last token when the KL costs nothing', () => {
    expect([...of(0).rewards]).toEqual([0, 0, 2, -0.5, 0, -0.25])
  })

  test('that do not end lose the penalty after their reward is clipped, the others nothing', () => {
    const far = [9, -9, -9]
    expect([...of(0, { rewardClip: 5 }, far).scores]).toEqual([5, -5, -6])
    expect([...of(0, { missingEosPenalty: 0 }, far).scores]).toEqual([9, -9, -9])
    expect([...of(0, { missingEosPenalty: 2.5 }, far).scores]).toEqual([9, -9, -11.5])
  })

  test('have the advantages and returns of their rewards, advantages whitened over all tokens', () => {
    const { rewards, advantages, returns } = of(0.1)
    const raw = generalizedAdvantages(rewards, readings.values, rollouts.starts, plain)
    expect([...returns]).toEqual([...raw.returns])
    expect([...advantages]).toEqual([...whiten(raw.advantages, true)])
    expect(mean(advantages)).toBeCloseTo(0, 6)
    expect(variance(advantages)).toBeCloseTo(1, 5)
    // The one token alone: 0.1 − 0.5 − V.
    expect(raw.advantages[3]).toBeCloseTo(-1.4, 6)
  })

  test('keep the mean of their rewards when those are whitened', () => {
    const [raw, white] = [of(0.1).rewards, of(0.1, { whitenRewards: true }).rewards]
    expect([...white]).toEqual([...whiten(raw, false)])
    expect(mean(white)).toBeCloseTo(mean(raw), 5)
  })

  test('of which one has no number for a reward make no number anywhere that could be learnt from', () => {
    const { advantages } = of(0.1, {}, [2, Number.NaN, 0])
    expect([...advantages].every(Number.isNaN)).toBe(true)
  })

  test('are counted: how many end, how long they are, what they repeat', () => {
    const repeating = rolloutsOf(
      [1, 2, 3].map(() => Int32Array.of(5)),
      // Its runs of three: 8 9 8, 9 8 9, and 8 9 8 again.
      [Int32Array.of(8, 9, 8, 9, 8), Int32Array.of(2), Int32Array.of(2)],
      [false, true, true],
    )
    const counted = responseStatistics(repeating)
    expect(counted).toMatchObject({ 'val/num_eos_tokens': 2, 'response/eos_rate': 2 / 3 })
    expect(counted['response/length']).toBeCloseTo(7 / 3, 9)
    expect(counted['response/repetition']).toBeCloseTo(1 / 9, 9)
    expect(counted['response/top_share']).toBeCloseTo(2 / 3, 9)
  })
})
