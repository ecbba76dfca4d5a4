// How labels agree, by hand and as properties.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  addAgreement,
  agreeing,
  agreementCounts,
  agreementOf,
  type Judgement,
  noAgreement,
  predictableShare,
} from '../../../src-shared/preferences/agreement.ts'
import { type Pair, rankedPairs } from '../../../src-shared/preferences/ranked-pairs.ts'

const said = (labeler: string, ranks: (number | null)[], more: Partial<Judgement> = {}): Judgement => ({
  labeler,
  pass: 0,
  outcome: 'ranked',
  ranks,
  pairs: null,
  ...more,
})

it('only pairs that both orders decide count, and those ordered the same way agree', () => {
  // 0 > 1 > 2 against 0 > 2 > 1, with a third response that the other left out and one that it tied.
  expect(agreeing(rankedPairs([1, 2, 3]).pairs, rankedPairs([1, 3, 2]).pairs)).toEqual({ hits: 2, n: 3 })
  expect(agreeing(rankedPairs([1, 2, 3]).pairs, rankedPairs([1, null, 2]).pairs)).toEqual({ hits: 1, n: 1 })
  expect(agreeing(rankedPairs([1, 2, 3]).pairs, rankedPairs([1, 1, 2]).pairs)).toEqual({ hits: 2, n: 2 })
})

it('a pair that one side gives both ways round says nothing', () => {
  const both: Pair[] = [
    [0, 1],
    [1, 0],
    [0, 2],
  ]
  expect(agreeing(both, rankedPairs([1, 2, 3]).pairs)).toEqual({ hits: 1, n: 1 })
})

it('a labeler is compared with themselves over both passes, with others by what each said last', () => {
  const { self, between } = agreementCounts([
    said('ann', [1, 2, 3]),
    said('bo', [1, 2, 3]),
    said('ann', [2, 1, 3], { pass: 1 }),
  ])
  expect([...self]).toEqual([['ann', { hits: 2, n: 3 }]])
  expect([...between]).toEqual([['["ann","bo"]', { hits: 2, n: 3 }]])
})

it('what was skipped or found all bad agrees with nothing', () => {
  const { self, between } = agreementCounts([
    said('ann', [1, 2]),
    said('ann', [null, null], { pass: 1, outcome: 'skipped' }),
    said('bo', [1, 2], { outcome: 'all-bad' }),
  ])
  expect(self.size + between.size).toBe(0)
})

/** Of so many pairs, `hits` the same way round, by the counts of prompts with one pair each. */
function counted(hits: number, n: number, more: Partial<Judgement> = { pass: 1 }) {
  const counts = noAgreement()
  for (let i = 0; i < n; i++)
    addAgreement(
      counts,
      agreementCounts([said('ann', [1, 2]), said('ann', i < hits ? [1, 2] : [2, 1], more)]),
    )
  return counts
}
const people = { simulated: [], people: 100 }

it('nothing measured is no ceiling, and neither are a handful of pairs, nor what a coin would do', () => {
  expect(agreementOf(noAgreement(), people)).toMatchObject({
    ceiling: null,
    noCeiling: { code: 'unmeasured' },
  })
  expect(agreementOf(counted(19, 19), people)).toMatchObject({
    self: [{ agreement: { share: 1, n: 19 } }],
    ceiling: null,
    noCeiling: { code: 'too-few', text: 'Only 19 pairs were judged twice: too few to say' },
  })
  expect(agreementOf(counted(18, 40), people)).toMatchObject({
    ceiling: null,
    noCeiling: { code: 'by-chance', text: expect.stringContaining('45 % were ordered the same way') },
  })
  const enough = agreementOf(counted(15, 20), people)
  expect(enough.ceiling).toMatchObject({ source: 'self', share: 0.75, n: 20 })
  expect(enough).not.toHaveProperty('noCeiling')
})

it('oneself comes before others, unless one was asked too little', () => {
  const others = counted(20, 25, { labeler: 'bo' })
  expect(agreementOf(others, people).ceiling).toMatchObject({ source: 'between', share: 0.8, n: 25 })
  addAgreement(others, counted(3, 4))
  expect(agreementOf(others, people).ceiling?.source).toBe('between')
  addAgreement(others, counted(18, 18))
  expect(agreementOf(others, people).ceiling).toMatchObject({ source: 'self', n: 22 })
})

it('of simulated labels the stated noise is the ceiling; where people’s are among them each weighs by its pairs', () => {
  // 30 pairs at 0.9 and 10 at 0.5.
  const simulated = [
    { labeler: 's', noise: 0.1, pairs: 30 },
    { labeler: 't', noise: 0.5, pairs: 10 },
  ]
  const measured = counted(30, 40)
  expect(agreementOf(measured, { simulated, people: 0 })).toMatchObject({
    ceiling: { source: 'simulated', share: 0.8, low: 0.8, high: 0.8, n: 40 },
  })
  const { ceiling } = agreementOf(measured, { simulated, people: 120 })
  expect(ceiling).toMatchObject({ source: 'mixed', share: (40 * 0.8 + 120 * 0.75) / 160, n: 160 })
  expect(ceiling!.low).toBeLessThan(ceiling!.share)
  const own = agreementOf(measured, people).ceiling!
  expect(ceiling!.high).toBeCloseTo((40 * 0.8 + 120 * own.high) / 160, 12)
})

it('of people who are many and not measured among simulated labels nothing is known; a few mended labels spoil nothing', () => {
  const simulated = [{ labeler: 's', noise: 0.1, pairs: 90 }]
  expect(agreementOf(noAgreement(), { simulated, people: 11 })).toMatchObject({
    ceiling: null,
    noCeiling: {
      code: 'unmeasured',
      text: expect.stringMatching(/^Of 101 pairs 11 are people’s\. No prompt/),
    },
  })
  expect(agreementOf(noAgreement(), { simulated, people: 10 }).ceiling).toMatchObject({ share: 0.9, n: 90 })
})

it('that people agree with simulated labels says nothing of people', () => {
  const counts = counted(40, 50, { labeler: 's' })
  const labels = { simulated: [{ labeler: 's', noise: 0.1, pairs: 10 }], people: 50 }
  expect(agreementOf(counts, labels)).toMatchObject({ ceiling: null, between: [{ a: 'ann', b: 's' }] })
})

it('several labelers are listed by name, and pooled by their pairs for the ceiling', () => {
  const counts = counted(0, 10)
  for (let i = 0; i < 10; i++)
    addAgreement(counts, agreementCounts([said('bo', [1, 2, 3]), said('bo', [1, 2, 3], { pass: 1 })]))
  const { self, ceiling } = agreementOf(counts, people)
  expect(self.map(({ labeler, agreement }) => [labeler, agreement.share, agreement.n])).toEqual([
    ['ann', 0, 10],
    ['bo', 1, 30],
  ])
  expect(ceiling).toMatchObject({ share: 0.75, n: 40 })
})

const ranks = fc.array(fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }), {
  minLength: 5,
  maxLength: 5,
})

it('every order agrees wholly with itself and not at all with its reverse, whichever is looked at first', () => {
  fc.assert(
    fc.property(ranks, ranks, (a, b) => {
      const [pairsA, pairsB] = [rankedPairs(a).pairs, rankedPairs(b).pairs]
      const reversed = rankedPairs(a.map(rank => (rank === null ? null : 6 - rank))).pairs
      expect(agreeing(pairsA, pairsA)).toEqual({ hits: pairsA.length, n: pairsA.length })
      expect(agreeing(pairsA, reversed)).toEqual({ hits: 0, n: pairsA.length })
      expect(agreeing(pairsA, pairsB)).toEqual(agreeing(pairsB, pairsA))
    }),
  )
})

it('the names of the responses change nothing: permuted in both orders, they agree as before', () => {
  fc.assert(
    fc.property(ranks, ranks, fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (a, b, places) => {
      const moved = (of: readonly (number | null)[]) => places.map(i => of[i]!)
      expect(agreeing(rankedPairs(moved(a)).pairs, rankedPairs(moved(b)).pairs)).toEqual(
        agreeing(rankedPairs(a).pairs, rankedPairs(b).pairs),
      )
    }),
  )
})

const judgements = fc.array(
  fc.record({
    labeler: fc.constantFrom('ann', 'bo', 'cy'),
    pass: fc.constantFrom(0, 1),
    outcome: fc.constantFrom('ranked' as const, 'ranked' as const, 'skipped' as const),
    ranks,
    pairs: fc.constant(null),
  }),
  { maxLength: 6 },
)

it('shares lie within their intervals, and counts that are added and taken away leave nothing', () => {
  fc.assert(
    fc.property(judgements, judgements, (one, other) => {
      const counts = noAgreement()
      addAgreement(counts, agreementCounts(one))
      addAgreement(counts, agreementCounts(other))
      const { self, between } = agreementOf(counts, people)
      for (const { agreement } of [...self, ...between]) {
        expect(agreement.n).toBeGreaterThan(0)
        expect(agreement.low).toBeLessThanOrEqual(agreement.share)
        expect(agreement.high).toBeGreaterThanOrEqual(agreement.share)
      }
      addAgreement(counts, agreementCounts(one), -1)
      addAgreement(counts, agreementCounts(other), -1)
      expect(counts).toEqual(noAgreement())
    }),
  )
})

it('labels that err in a tenth agree in .82, and nine tenths of them can be predicted', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.5, noNaN: true }), noise => {
      const agreement = (1 - noise) ** 2 + noise ** 2
      expect(predictableShare(agreement)).toBeCloseTo(1 - noise, 6)
    }),
  )
  expect(predictableShare(0.82)).toBeCloseTo(0.9, 12)
  // By chance, labels may agree in less than half.
  expect(predictableShare(0.3)).toBe(0.5)
})
