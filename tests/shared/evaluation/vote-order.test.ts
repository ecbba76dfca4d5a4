import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aIsLeft, voteOrder } from '../../../src-shared/evaluation/vote-order.ts'
import { question, said, sheetOf } from './sheet.ts'

const questions = Array.from({ length: 41 }, (_, i) =>
  i === 40 ? question(i, { set: 'sum', group: 'times-table' }) : question(i),
)
const answers = (label: string) => questions.map(({ number }) => said(`${label} ${number}`))
const sheet = sheetOf(
  questions,
  { base: answers('base'), sft: answers('sft'), rlhf: answers('rlhf') },
  [1, 0],
)

describe('The order in which a person votes', () => {
  it('asks for every comparison once and for no sum, whatever the seed and the name', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), (seed, labeler) => {
        const order = voteOrder(sheet, [1, 0], seed, labeler)
        expect(order).toHaveLength(40 * 3 * 2)
        expect(new Set(order.map(ballot => JSON.stringify(ballot))).size).toBe(order.length)
        expect(order.some(({ question }) => question === 40)).toBe(false)
        // A question comes back only when all others were asked about as often.
        for (let round = 0; round < 6; round++)
          expect(
            new Set(order.slice(40 * round, 40 * (round + 1)).map(({ question }) => question)).size,
          ).toBe(40)
      }),
      { numRuns: 20 },
    )
  })

  it('mixes models and temperatures evenly from the first votes on', () => {
    const counts = Map.groupBy(
      voteOrder(sheet, [1, 0], 5, 'me').slice(0, 40),
      ({ temperature, a, b }) => `${temperature} ${a} ${b}`,
    )
    expect(counts.size).toBe(6)
    for (const [, of] of counts) expect(of.length).toBeGreaterThanOrEqual(6)
  })

  it('is the same again, and another for another person', () => {
    const order = (labeler: string) => voteOrder(sheet, [1, 0], 7, labeler)
    expect(order('me')).toEqual(order('me'))
    expect(order('me')).not.toEqual(order('you'))
  })

  it('asks nobody to choose between equal answers, nor about those that are not there', () => {
    const some = sheetOf(questions.slice(0, 3), {
      sft: [said('same'), said('one'), said('cut', { stopped: false })],
      rlhf: [said('same'), undefined, said('cut')],
    })
    expect(voteOrder(some, [0], 1, 'me')).toEqual([{ question: 2, temperature: 0, a: 1, b: 0 }])
  })

  it('shows each model about as often on either side', () => {
    const left = Array.from({ length: 1000 }, (_, place) => aIsLeft(3, 'me', place)).filter(Boolean).length
    expect(Math.abs(left - 500)).toBeLessThan(60)
  })
})
