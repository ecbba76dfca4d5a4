import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src-shared/random/counter.ts'
import { varianceParts } from '../../../src-shared/reward/variance-parts.ts'

describe('Where scores vary', () => {
  it('is counted by hand for two prompts', () => {
    // Means 2 and 5; within: 1+1+1+1 = 4 over 4−2; between: 2·1.5²·2 = 9 over 1; n₀ = (4 − 8/4)/1 = 2.
    const parts = varianceParts([
      [1, 3],
      [4, 6],
    ])!
    expect(parts.mean).toBe(3.5)
    expect(parts.std).toBeCloseTo(Math.sqrt(13 / 4), 12)
    // MSW 2, σ²_b = (9 − 2)/2 = 3.5.
    expect(parts.withinGroups).toBeCloseTo(2 / 5.5, 12)
  })

  it('knows groups of unequal size', () => {
    // Means 2, 7, 5, overall 26/6; within: 2 + 0 + 2 = 4 over 6 − 3.
    const groups = [[1, 3], [7], [4, 5, 6]]
    const mean = 26 / 6
    const squaresBetween = 2 * (2 - mean) ** 2 + (7 - mean) ** 2 + 3 * (5 - mean) ** 2
    const n0 = (6 - (4 + 1 + 9) / 6) / 2
    const between = (squaresBetween / 2 - 4 / 3) / n0
    expect(varianceParts(groups)!.withinGroups).toBeCloseTo(4 / 3 / (4 / 3 + between), 12)
  })

  it('lies wholly within prompts that score alike on average, not at all within prompts that score all answers alike', () => {
    expect(
      varianceParts([
        [1, 3],
        [3, 1],
      ])!.withinGroups,
    ).toBe(1)
    expect(
      varianceParts([
        [1, 1],
        [3, 3],
      ])!.withinGroups,
    ).toBe(0)
    expect(varianceParts([[2, 2], [2]])).toEqual({ mean: 2, std: 0, withinGroups: 0 })
  })

  it('is nowhere without scores, and not within prompts that were answered once', () => {
    expect(varianceParts([[], []])).toBeNull()
    expect(varianceParts([[1], [3]])).toEqual({ mean: 2, std: 1, withinGroups: 0 })
  })

  it('finds what random effects were drawn with', () => {
    const random = randomStream(4, 'variance-parts')
    // A uniform number has variance 1/12: prompts of width 3, answers of width 1.
    const groups = Array.from({ length: 2000 }, () => {
      const prompt = 3 * random.uniform()
      return Array.from({ length: 4 }, () => prompt + random.uniform())
    })
    expect(varianceParts(groups)!.withinGroups).toBeCloseTo(0.1, 2)
  })
})
