import { describe, expect, it } from 'vitest'
import { ladder, rungs, SUMS_PER_RUNG, sumText } from '../../../src-shared/starter-world/ladder.ts'

describe('The ladder of sums', () => {
  const sums = ladder(3)

  it('climbs from 2 + 2 to 17 × 24', () => {
    const examples = ['2 + 2', '3 + 5', '7 + 8', '6 × 7', '12 + 9', '34 + 58', '12 × 12', '17 × 24']
    expect(rungs.map(sumText)).toEqual(examples)
    for (const [i, { id, anchor, is, from, and }] of rungs.entries()) {
      const [a, b] = anchor
      expect(is(a, b) && a >= from[0] && a <= from[1] && b >= and[0] && b <= and[1], id).toBe(true)
      expect(sums[i * SUMS_PER_RUNG]).toMatchObject({ rung: id, prompt: expect.stringContaining(`${a} `) })
    }
    expect(sums.at(-SUMS_PER_RUNG)).toEqual({
      rung: 'times-two-digits',
      prompt: 'What is 17 * 24?',
      attribute: null,
      answers: ['408.', '408'],
    })
  })

  it('asks as many sums on every rung, each once, and computes them', () => {
    expect(new Set(sums.map(({ prompt }) => prompt)).size).toBe(rungs.length * SUMS_PER_RUNG)
    for (const { prompt, answers } of sums) {
      const [, a, operator, b] = /^What is (\d+) ([+*]) (\d+)\?$/.exec(prompt)!
      const result = operator === '+' ? Number(a) + Number(b) : Number(a) * Number(b)
      expect(answers).toEqual([`${result}.`, `${result}`])
    }
  })

  it('keeps its anchors and draws the other sums by the seed', () => {
    expect(ladder(3)).toEqual(sums)
    const other = ladder(4)
    expect(other).not.toEqual(sums)
    for (let i = 0; i < other.length; i += SUMS_PER_RUNG) expect(other[i]).toEqual(sums[i])
  })
})
