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

it('known noise is the ceiling before measured agreement, oneself before others, and nothing measured is no ceiling', () => {
  expect(agreementOf(noAgreement(), []).ceiling).toBeNull()
  const between = agreementCounts([said('ann', [1, 2]), said('bo', [2, 1])])
  expect(agreementOf(between, []).ceiling).toMatchObject({ source: 'between', share: 0, n: 1 })
  addAgreement(between, agreementCounts([said('ann', [1, 2]), said('ann', [1, 2], { pass: 1 })]))
  expect(agreementOf(between, []).ceiling).toMatchObject({ source: 'self', share: 1, n: 1 })
  // 30 pairs at 0.9 and 10 at 0.5.
  const { ceiling } = agreementOf(between, [
    { noise: 0.1, pairs: 30 },
    { noise: 0.5, pairs: 10 },
  ])
  expect(ceiling).toEqual({ source: 'simulated', share: 0.8, low: 0.8, high: 0.8, n: 40 })
  expect(agreementOf(between, [{ noise: 0.1, pairs: 0 }]).ceiling?.source).toBe('self')
})

it('several labelers are listed by name, and pooled by their pairs for the ceiling', () => {
  const counts = noAgreement()
  for (const labeler of ['bo', 'ann'])
    addAgreement(
      counts,
      agreementCounts([
        said(labeler, labeler === 'ann' ? [1, 2] : [1, 2, 3]),
        said(labeler, labeler === 'ann' ? [2, 1] : [1, 2, 3], { pass: 1 }),
      ]),
    )
  const { self, ceiling } = agreementOf(counts, [])
  expect(self.map(({ labeler, agreement }) => [labeler, agreement.share, agreement.n])).toEqual([
    ['ann', 0, 1],
    ['bo', 1, 3],
  ])
  expect(ceiling).toMatchObject({ share: 0.75, n: 4 })
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
      const { self, between } = agreementOf(counts, [])
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
