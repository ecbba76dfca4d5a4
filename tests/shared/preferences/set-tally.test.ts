// What the prompts of a set say together.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  addTally,
  contradictionsOf,
  emptyTally,
  promptTally,
} from '../../../src-shared/preferences/set-tally.ts'

type Said = Parameters<typeof promptTally>[1][number]
const said = (labeler: string, ranks: (number | null)[], more: Partial<Said> = {}): Said => ({
  labeler,
  pass: 0,
  outcome: 'ranked',
  ranks,
  pairs: null,
  ...more,
})

it('of each labeler the last ranking counts, but every ranking is theirs', () => {
  const tally = promptTally(true, [
    said('ann', [1, 2, 3]),
    said('bo', [1, 1, null]),
    said('ann', [2, 1, 1], { pass: 1 }),
  ])
  expect(tally).toMatchObject({ prompts: 1, sampled: 1, ranked: 1, pairs: 2, ties: 2, skipped: 0, allBad: 0 })
  expect([...tally.labelers]).toEqual([
    ['ann', { rankings: 2, pairs: 2 }],
    ['bo', { rankings: 1, pairs: 0 }],
  ])
})

it('a prompt is ranked by one order, else all bad, else skipped, else untouched', () => {
  const skipped = said('ann', [null, null], { outcome: 'skipped' })
  const bad = said('bo', [null, null], { outcome: 'all-bad' })
  const kinds = [[], [skipped], [skipped, bad], [skipped, bad, said('cy', [2, 1])]].map(rankings => {
    const { ranked, allBad, skipped } = promptTally(true, rankings)
    return [ranked, allBad, skipped]
  })
  expect(kinds).toEqual([
    [0, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ])
})

it('a contradiction is the same two texts both ways round, once, whoever says it and wherever they stand', () => {
  const prompt = (texts: string[], ...rankings: Said[]) => ({
    responses: texts.map(text => ({ text })),
    rankings,
  })
  expect(contradictionsOf([prompt(['A', 'B'], said('ann', [1, 2]), said('bo', [2, 1]))])).toBe(1)
  expect(contradictionsOf([prompt(['A', 'B'], said('ann', [1, 2]), said('bo', [1, 2]))])).toBe(0)
  // Other places, and a third response, which the others do not know.
  const twice = [
    prompt(['A', 'B'], said('ann', [1, 2])),
    prompt(['C', 'B', 'A'], said('ann', [2, 1, 3])),
    prompt(['B', 'A'], said('cy', [1, 2])),
  ]
  expect(contradictionsOf(twice)).toBe(1)
  // Oneself, of another opinion the second time: what was said last counts alone.
  const changed = [said('ann', [1, 2]), said('ann', [2, 1], { pass: 1 })]
  expect(contradictionsOf([prompt(['A', 'B'], ...changed)])).toBe(0)
})

const rankings = fc.array(
  fc.record({
    labeler: fc.constantFrom('ann', 'bo'),
    pass: fc.constantFrom(0, 1),
    outcome: fc.constantFrom('ranked' as const, 'skipped' as const, 'all-bad' as const),
    ranks: fc.array(fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }), { minLength: 3, maxLength: 3 }),
    pairs: fc.option(
      fc.array(
        fc.tuple(fc.nat(2), fc.nat(2)).filter(([a, b]) => a !== b),
        { maxLength: 3 },
      ),
      { nil: null },
    ),
  }),
  { maxLength: 4 },
)

it('tallies add up in any order, and what is taken away leaves what was there', () => {
  fc.assert(
    fc.property(fc.array(rankings, { maxLength: 5 }), rankings, (prompts, more) => {
      const forward = emptyTally()
      for (const prompt of prompts) addTally(forward, promptTally(true, prompt))
      const backward = emptyTally()
      for (const prompt of prompts.toReversed()) addTally(backward, promptTally(true, prompt))
      expect(backward).toEqual(forward)
      addTally(forward, promptTally(false, more), 3)
      addTally(forward, promptTally(false, more), -3)
      expect(forward).toEqual(backward)
    }),
  )
})
