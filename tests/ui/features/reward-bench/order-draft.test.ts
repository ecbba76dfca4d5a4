// The order that a person makes of answers: by number, with ties, taken back, dragged and nudged.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { actionOf } from '../../../../src-renderer/ui/features/reward/bench/bench-keys.ts'
import {
  dropAt,
  emptyOrder,
  groupsOf,
  isComplete,
  nudge,
  type OrderDraft,
  orderOf,
  press,
  pressTie,
  ranksOf,
  takeBack,
  wholeOrder,
} from '../../../../src-renderer/ui/features/reward/bench/order-draft.ts'

/** Types `1`–`9`, `=`, `!1` (with Shift) and `<` (Backspace). */
const typed = (keys: string, count: number, from: OrderDraft = emptyOrder): OrderDraft =>
  [...keys.matchAll(/!?\d|=|</g)].reduce((draft, [key]) => {
    if (key === '=') return pressTie(draft, count)
    if (key === '<') return takeBack(draft)
    return press(draft, Number(key.at(-1)) - 1, count, key.startsWith('!'))
  }, from)
const groups = (draft: OrderDraft, count: number) =>
  groupsOf(wholeOrder(draft, count)).map(g => g.map(p => p + 1))
const identity = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('ranking by number', () => {
  test('four answers take three keys: the last gets the last rank by itself', () => {
    const draft = typed('314', 4)
    expect(isComplete(draft, 4)).toBe(true)
    expect(groups(draft, 4)).toEqual([[3], [1], [4], [2]])
    expect(isComplete(typed('31', 4), 4)).toBe(false)
    expect(ranksOf(typed('31', 4), identity(4))).toBeNull()
  })

  test('two answers take one key, and none is an order before it', () => {
    expect(ranksOf(emptyOrder, [0, 1])).toBeNull()
    expect(ranksOf(typed('2', 2), [0, 1])).toEqual([2, 1])
  })

  test('ranks belong to the stored answers, wherever they stand on the screen', () => {
    // The best stands in place 1, which shows the stored answer 2.
    expect(ranksOf(typed('13', 3), [2, 0, 1])).toEqual([3, 2, 1])
  })

  test('"=" and Shift tie with the one before, the one that is left too', () => {
    expect(groups(typed('1=23', 4), 4)).toEqual([[1, 2], [3], [4]])
    expect(groups(typed('1!23', 4), 4)).toEqual([[1, 2], [3], [4]])
    expect(groups(typed('123=', 4), 4)).toEqual([[1], [2], [3, 4]])
    expect(groups(typed('123!4', 4), 4)).toEqual([[1], [2], [3, 4]])
    expect(groups(typed('123==', 4), 4)).toEqual([[1], [2], [3], [4]])
    expect(ranksOf(typed('1=2=3=', 4), identity(4))).toEqual([1, 1, 1, 1])
  })

  test('nobody is tied with nothing', () => {
    expect(typed('=', 3)).toEqual(emptyOrder)
    expect(groups(typed('!2', 3), 3)).toEqual([[2]])
  })

  test('Backspace takes back a waiting tie, then rank after rank', () => {
    expect(groups(typed('12=<3', 4), 4)).toEqual([[1], [2], [3], [4]])
    expect(typed('12<<<', 4)).toEqual(emptyOrder)
  })

  test('a number pressed again gives its rank back; who was tied with it keeps theirs', () => {
    expect(groups(typed('1231', 5), 5)).toEqual([[2], [3]])
    // 1, then 2 = 3; without 2, 3 stands alone behind 1.
    expect(groups(typed('12=32', 5), 5)).toEqual([[1], [3]])
    expect(groups(typed('1=2=32', 5), 5)).toEqual([[1, 3]])
  })

  test('a number without a card does nothing', () => {
    expect(typed('9', 4)).toEqual(emptyOrder)
  })
})

describe('dragging and nudging', () => {
  test('an answer dropped between two stands there alone, dropped on one it is tied', () => {
    const draft = typed('123', 5)
    expect(groups(dropAt(draft, 4, 1, false, 5), 5)).toEqual([[1], [5], [2], [3], [4]])
    expect(groups(dropAt(draft, 4, 1, true, 5), 5)).toEqual([[1], [2, 5], [3], [4]])
    expect(groups(dropAt(draft, 4, 9, false, 5), 5)).toEqual([[1], [2], [3], [5], [4]])
    expect(groups(dropAt(emptyOrder, 2, 0, false, 4), 4)).toEqual([[3]])
  })

  test('an answer that has a rank is moved, past the one that got its rank by itself too', () => {
    expect(groups(dropAt(typed('123', 4), 0, 4, false, 4), 4)).toEqual([[2], [3], [4], [1]])
    expect(groups(dropAt(typed('123', 4), 2, 0, false, 4), 4)).toEqual([[3], [1], [2], [4]])
    expect(groups(dropAt(typed('123', 4), 0, 0, true, 4), 4)).toEqual([[1], [2], [3], [4]])
  })

  test('arrows move by one rank, leave a tie first, and stop at the ends', () => {
    const draft = typed('123', 4)
    expect(groups(nudge(draft, 1, -1, 4), 4)).toEqual([[2], [1], [3], [4]])
    expect(groups(nudge(draft, 3, -1, 4), 4)).toEqual([[1], [2], [4], [3]])
    expect(groups(nudge(draft, 0, -1, 4), 4)).toEqual([[1], [2], [3], [4]])
    expect(groups(nudge(draft, 3, 1, 4), 4)).toEqual([[1], [2], [3], [4]])
    expect(groups(nudge(typed('1=23', 4), 1, -1, 4), 4)).toEqual([[2], [1], [3], [4]])
    expect(groups(nudge(typed('1=23', 4), 0, 1, 4), 4)).toEqual([[2], [1], [3], [4]])
    expect(groups(nudge(typed('1', 4), 2, -1, 4), 4)).toEqual([[1], [3]])
  })
})

describe('whatever is done', () => {
  const step = fc.record({
    what: fc.constantFrom('press', 'tie', 'back', 'drop', 'nudge'),
    place: fc.nat(9),
    rank: fc.nat(9),
    flag: fc.boolean(),
  })
  const made = (
    count: number,
    steps: readonly { what: string; place: number; rank: number; flag: boolean }[],
  ) =>
    steps.reduce((draft, { what, place, rank, flag }) => {
      const at = place % count
      if (what === 'press') return press(draft, at, count, flag)
      if (what === 'tie') return pressTie(draft, count)
      if (what === 'back') return takeBack(draft)
      if (what === 'drop') return dropAt(draft, at, rank, flag, count)
      return nudge(draft, at, flag ? -1 : 1, count)
    }, emptyOrder)

  test('every answer stands at most once, ranks count up from 1 without a gap, and survive being stored', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), fc.array(step, { maxLength: 30 }), (count, steps) => {
        const draft = made(count, steps)
        const places = draft.placed.map(each => each.place)
        expect(new Set(places).size).toBe(places.length)
        expect(draft.placed[0]?.tied ?? false).toBe(false)
        const shown = identity(count).map(i => (2 * count - i) % count)
        const ranks = ranksOf(draft, shown)
        expect(ranks !== null).toBe(draft.placed.length >= Math.max(1, count - 1))
        if (!ranks) return
        const distinct = [...new Set(ranks)].sort((a, b) => a - b)
        expect(distinct).toEqual(identity(distinct.length).map(i => i + 1))
        expect(ranksOf(orderOf(ranks, shown), shown)).toEqual(ranks)
      }),
    )
  })
})

describe('a key', () => {
  const key = (key: string, code = '', shiftKey = false) =>
    actionOf({ key, code, shiftKey, ctrlKey: false, metaKey: false, altKey: false })

  test('is a digit by where it is: QWERTY, AZERTY and the number pad', () => {
    const first = { do: 'rank', place: 0, tied: false }
    expect(key('1', 'Digit1')).toEqual(first)
    expect(key('&', 'Digit1')).toEqual(first)
    expect(key('1', 'Numpad1')).toEqual(first)
    expect(key('!', 'Digit1', true)).toEqual({ ...first, tied: true })
    expect(key('1', 'Digit1', true)).toEqual({ ...first, tied: true })
  })

  test('"=" ties wherever the keyboard has it, and Ctrl leaves every key to the window', () => {
    expect(key('=', 'Digit0', true)).toEqual({ do: 'tie' })
    expect(
      actionOf({ key: '2', code: 'Digit2', shiftKey: false, ctrlKey: true, metaKey: false, altKey: false }),
    ).toBeNull()
    expect(key('0', 'Digit0')).toBeNull()
    expect(key('constructor')).toBeNull()
    expect(key('U', 'KeyU', true)).toEqual({ do: 'undo' })
  })
})
