// Which prompt comes next on the bench: whole sittings, played through.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  cardOrder,
  returningPrompts,
  type SaidCard,
  shownOrder,
} from '../../../src-shared/preferences/card-order.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)
type Returning = (numbers: readonly number[]) => ReadonlyMap<number, number>
const backAfter =
  (seed: number, share: number, labeler = 'me'): Returning =>
  numbers =>
    returningPrompts(numbers, seed, labeler, share)

/** Ranks whatever is shown, until nothing is. */
function sitting(
  numbers: readonly number[],
  back: Returning,
  outcomeOf: (number: number) => SaidCard['outcome'] = () => 'ranked',
): { cards: SaidCard[]; totals: number[]; dones: number[] } {
  const cards: SaidCard[] = []
  const totals: number[] = []
  const dones: number[] = []
  const returning = back(numbers)
  for (;;) {
    const { next, done, total } = cardOrder(numbers, returning, cards)
    totals.push(total)
    dones.push(done)
    if (!next) return { cards, totals, dones }
    cards.push({ ...next, outcome: next.pass === 0 ? outcomeOf(next.number) : 'ranked' })
    if (cards.length > 3 * numbers.length + 1) throw new Error('the sitting does not end')
  }
}

it('every prompt comes once, in order, and about a tenth of them once more', () => {
  const { cards, totals, dones } = sitting(upTo(600), backAfter(3, 0.1))
  expect(dones).toEqual(upTo(cards.length + 1))
  const fresh = cards.filter(({ pass }) => pass === 0).map(({ number }) => number)
  expect(fresh).toEqual(upTo(600))
  const again = cards.filter(({ pass }) => pass === 1).map(({ number }) => number)
  expect(new Set(again).size).toBe(again.length)
  expect(again.length).toBeGreaterThan(40)
  expect(again.length).toBeLessThan(80)
  // The end is known from the beginning, and is reached.
  expect(new Set(totals)).toEqual(new Set([cards.length]))
})

it('whatever the set, what comes back stands some cards after the first time, never directly after', () => {
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(1000),
      fc.constantFrom('me', 'Ann', 'é 🐸'),
      (count, share, seed, labeler) => {
        const { cards } = sitting(upTo(count), backAfter(seed, share, labeler))
        for (const [at, { number, pass }] of cards.entries())
          if (pass === 1)
            expect(at - cards.findIndex(card => card.number === number)).toBeGreaterThanOrEqual(4)
      },
    ),
  )
})

it('what was skipped or found all bad does not come back, and is done with: the end comes no nearer by itself', () => {
  const { cards, totals, dones } = sitting(upTo(60), backAfter(1, 1), number =>
    number % 3 === 0 ? 'skipped' : number % 3 === 1 ? 'all-bad' : 'ranked',
  )
  const again = cards.filter(({ pass }) => pass === 1)
  expect(again.length).toBe(19)
  expect(again.every(({ number }) => number % 3 === 2)).toBe(true)
  // Sixty, of which all but the last three would have come back.
  expect(new Set(totals)).toEqual(new Set([60 + 57]))
  expect(dones.at(-1)).toBe(60 + 57)
  expect(dones).toEqual([...dones].sort((a, b) => a - b))
})

it('a share of 0 asks nothing twice, of 1 everything that can still come some cards later', () => {
  expect(sitting(upTo(12), backAfter(1, 0)).cards).toHaveLength(12)
  expect(sitting(upTo(12), backAfter(1, 1)).cards).toHaveLength(12 + 9)
  expect(sitting(upTo(3), backAfter(1, 1)).cards).toHaveLength(3)
  expect(cardOrder([], new Map(), [])).toEqual({ next: null, done: 0, total: 0 })
})

it('a sitting that is cut anywhere goes on with the same card', () => {
  const back = backAfter(5, 0.5)
  const { cards } = sitting(upTo(30), back)
  for (const cut of upTo(cards.length))
    expect(cardOrder(upTo(30), back(upTo(30)), cards.slice(0, cut)).next).toEqual({
      number: cards[cut]!.number,
      pass: cards[cut]!.pass,
    })
})

it('two labelers of one set, and one labeler of two sets, are asked other prompts again', () => {
  const again = (seed: number, labeler: string) => [...returningPrompts(upTo(200), seed, labeler, 0.2).keys()]
  expect(again(1, 'ann')).not.toEqual(again(1, 'bo'))
  expect(again(1, 'ann')).not.toEqual(again(2, 'ann'))
  expect(again(1, 'ann')).toEqual(again(1, 'ann'))
})

it('while more is sampled nothing comes back too early: one waits for the next new prompt', () => {
  const said: SaidCard[] = [0, 1, 2, 3, 4].map(number => ({ number, pass: 0, outcome: 'ranked' }))
  const next = (prompts: number, after: number, cards: number) =>
    cardOrder(upTo(prompts), new Map([[1, after]]), said.slice(0, cards), true).next
  expect(next(5, 9, 5)).toEqual({ number: 1, pass: 1 })
  expect(next(4, 9, 4)).toBeNull()
  expect(next(5, 9, 4)).toEqual({ number: 4, pass: 0 })
  expect(next(6, 3, 5)).toEqual({ number: 1, pass: 1 })
  expect(next(6, 4, 5)).toEqual({ number: 5, pass: 0 })
})

it('the responses stand in an order of their own each time, the same whenever the card is opened', () => {
  const order = (number: number, pass: number) => shownOrder(9, 'me', { number, pass }, 6)
  expect(order(4, 0)).toEqual(order(4, 0))
  expect([...order(4, 0)].sort()).toEqual(upTo(6))
  const firsts = new Set(upTo(60).map(number => order(number, 0)[0]))
  expect(firsts.size).toBe(6)
  expect(upTo(30).filter(number => `${order(number, 0)}` === `${order(number, 1)}`).length).toBeLessThan(3)
})
