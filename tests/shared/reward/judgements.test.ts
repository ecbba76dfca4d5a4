import { describe, expect, it } from 'vitest'
import { judgementsOf, type ProbedPair } from '../../../src-shared/reward/judgements.ts'
import type { ProbeCategory } from '../../../src-shared/starter-world/truth-probe.ts'

const pair = (category: ProbeCategory, prompt: string, margin: number): ProbedPair => ({
  category,
  prompt,
  better: `better of ${margin}`,
  worse: 'worse',
  attribute: null,
  betterScore: margin,
  worseScore: 0,
})

describe('What a reward model can judge', () => {
  it('is counted for each kind of pair by itself, in one order', () => {
    const judgements = judgementsOf(
      [
        pair('good-over-bad-style', 'a', 1),
        pair('true-over-false', 'a', 1),
        pair('true-over-false', 'b', -1),
        pair('true-over-false', 'c', -2),
        pair('true-over-false', 'd', 0),
      ],
      ({ prompt }) => prompt,
    )
    expect(judgements.map(({ kind, group, accuracy: { share, n } }) => ({ kind, group, share, n }))).toEqual([
      { kind: 'true-over-false', group: 'truth', share: 0.375, n: 4 },
      { kind: 'good-over-bad-style', group: 'style', share: 1, n: 1 },
    ])
    expect(judgements[0]!.title).toBe('Facts never asked before: the true answer over a false one')
  })

  it('is surer of many facts than of many pairs about few facts', () => {
    const pairs = Array.from({ length: 120 }, (_, i) => pair('true-over-false', `${i}`, i % 40 < 30 ? 1 : -1))
    const [byPair] = judgementsOf(pairs, ({ prompt }) => prompt)
    const [byFact] = judgementsOf(pairs, ({ prompt }) => `${Number(prompt) % 40}`)
    expect(byFact!.accuracy.share).toBe(byPair!.accuracy.share)
    expect(byFact!.accuracy.low).toBeLessThan(byPair!.accuracy.low)
  })

  it('shows examples from the most wrong to the surest', () => {
    const pairs = [3, -7, 0.5, 12, -2, 5, 1, 8, 4].map((margin, i) =>
      pair('right-over-wrong', `${i}`, margin),
    )
    const [judgement] = judgementsOf(pairs, ({ prompt }) => prompt)
    const margins = judgement!.examples.map(({ betterScore, worseScore }) => betterScore - worseScore)
    expect(margins).toHaveLength(6)
    expect(margins[0]).toBe(-7)
    expect(margins.at(-1)).toBe(12)
    expect(margins).toEqual([...margins].sort((a, b) => a - b))
    expect(new Set(margins).size).toBe(6)
  })
})
