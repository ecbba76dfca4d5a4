// Blind judging: nothing on the screen tells whose answer it is before the vote, and a key means the place it names.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isHidden,
  isShuffled,
  placesOf,
  voteByKey,
  voteObstacle,
} from '../../../../src-renderer/ui/features/chat/blind.ts'
import { remember, useChat } from '../../../../src-renderer/ui/features/chat/chat-store.ts'
import { comparisonsOf } from '../../../../src-renderer/ui/features/chat/vote-row.tsx'
import { answer, turn } from './chat-shapes.ts'

const pair = [answer({ id: 1, column: 0 }), answer({ id: 2, column: 1 })]
const nobody = new Set<number>()

describe('names', () => {
  test('are hidden until the vote, and never again once seen', () => {
    expect(isHidden(turn({ answers: pair }), true, nobody)).toBe(true)
    expect(isHidden(turn({ answers: pair }), false, nobody)).toBe(false)
    expect(isHidden(turn({ answers: pair, vote: { outcome: 1, blind: true } }), true, nobody)).toBe(false)
    expect(isHidden(turn({ id: 3, answers: pair }), true, new Set([3]))).toBe(false)
  })

  test('that were seen before the page was loaded anew are known still', () => {
    remember('', [3, 9], [])
    const { seen } = useChat.getState()
    expect([3, 4, 9].map(id => isHidden(turn({ id, answers: pair }), true, seen))).toEqual([
      false,
      true,
      false,
    ])
  })

  test('of a single answer have nothing to hide', () => {
    expect(isHidden(turn(), true, nobody)).toBe(false)
  })
})

describe('places', () => {
  test('stay where they were after a blind vote', () => {
    const voted = turn({ answers: pair, vote: { outcome: 0, blind: true } })
    expect(isShuffled(voted, false, nobody)).toBe(true)
    expect(placesOf(voted, true)).toEqual(placesOf({ ...voted, vote: null }, true))
  })

  test('hold every column once, the same at every look', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 4 }), (seed, id, n) => {
        const answers = Array.from({ length: n }, (_, column) => answer({ column }))
        const shown = placesOf(turn({ id, seed, answers }), true)
        expect([...shown].sort()).toEqual(answers.map(each => each.column))
        expect(placesOf(turn({ id, seed, answers }), true)).toEqual(shown)
      }),
    )
  })

  test('favour no column over many turns of one seed', () => {
    const first = Array.from(
      { length: 400 },
      (_, id) => placesOf(turn({ id, seed: 1, answers: pair }), true)[0]!,
    )
    const share = first.filter(column => column === 0).length / first.length
    expect(share).toBeGreaterThan(0.42)
    expect(share).toBeLessThan(0.58)
  })
})

describe('a vote', () => {
  const key = (key: string, over = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...over })

  test('by a digit is for the column in that place', () => {
    expect(voteByKey(key('1'), [2, 0, 1])).toBe(2)
    expect(voteByKey(key('3'), [2, 0, 1])).toBe(1)
    expect(voteByKey(key('4'), [2, 0, 1])).toBeNull()
    expect(['0', 't', 'T'].map(each => voteByKey(key(each), [0, 1]))).toEqual(['tie', 'tie', 'tie'])
    expect(voteByKey(key('b'), [0, 1])).toBe('all-bad')
    expect(voteByKey(key('1', { ctrlKey: true }), [0, 1])).toBeNull()
    expect(voteByKey(key('x'), [0, 1])).toBeNull()
  })

  test('needs two finished answers with a text', () => {
    expect(voteObstacle(turn({ answers: pair }))).toBeNull()
    expect(voteObstacle(turn())).toMatch(/one answer/)
    expect(voteObstacle(turn({ answers: [pair[0]!, answer({ state: 'writing' })] }))).toMatch(/being written/)
    expect(voteObstacle(turn({ answers: [pair[0]!, answer({ state: 'failed', text: 'half' })] }))).toMatch(
      /two/,
    )
    expect(voteObstacle(turn({ answers: [pair[0]!, answer({ text: ' \n' })] }))).toMatch(/two/)
  })

  test('compares the best with every other, or every pair', () => {
    const three = turn({ answers: [...pair, answer({ column: 2 })] })
    expect(comparisonsOf(three, 1)).toBe(2)
    expect(comparisonsOf(three, 'tie')).toBe(3)
  })
})
