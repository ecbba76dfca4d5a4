// The chat's stream: whatever the order of messages and answers, no token is lost, doubled, or out of place.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answerWithNews,
  type ChatNews,
  conversationWithNews,
  withKnownTurns,
} from '../../src-renderer/ui/chat-news.ts'
import { answer, conversation, turn, written } from './features/chat/chat-shapes.ts'

/** @param before the text that these tokens come after */
const news = (
  from: number,
  texts: readonly string[],
  over: Partial<ChatNews> = {},
  before = '',
): ChatNews => ({
  conversation: 'conversation-1',
  turn: 1,
  answer: 1,
  column: 0,
  state: 'writing',
  from,
  tokens: texts.map(text => written(text)),
  textFrom: before.length,
  text: texts.join(''),
  tokensPerSecond: 9,
  stopped: null,
  swapped: false,
  error: null,
  ...over,
})
const waiting = answer({ id: 1, state: 'waiting', text: '', tokens: [], tokenCount: 0, stopped: null })

describe('news of an answer', () => {
  test('adds tokens after those that are known', () => {
    const first = answerWithNews(waiting, news(0, ['The', ' fox']))!
    const second = answerWithNews(first, news(2, [' hides'], { state: 'done', stopped: 'end' }, 'The fox'))!
    expect(second).toMatchObject({ text: 'The fox hides', tokenCount: 3, state: 'done', stopped: 'end' })
    expect(second.tokens).toHaveLength(3)
  })

  test('that comes twice changes nothing', () => {
    const once = answerWithNews(waiting, news(0, ['a', 'b']))!
    expect(answerWithNews(once, news(0, ['a', 'b']))!.text).toBe('ab')
  })

  test('of a state alone keeps the text', () => {
    const once = answerWithNews(waiting, news(0, ['a']))!
    expect(answerWithNews(once, news(1, [], { state: 'done', stopped: 'stopped' }, 'a'))).toMatchObject({
      text: 'a',
      state: 'done',
    })
  })

  test('that repeats a part adds the rest', () => {
    const asked = {
      ...waiting,
      state: 'writing' as const,
      tokens: ['a', 'b'].map(each => written(each)),
      text: 'ab',
    }
    expect(answerWithNews(asked, news(1, ['b', 'c'], {}, 'a'))).toMatchObject({ text: 'abc', tokenCount: 3 })
  })

  test('with a gap must be asked for', () => {
    expect(answerWithNews(waiting, news(3, ['x'], {}, 'abc'))).toBeNull()
  })

  test('of what a screen has already changes nothing but the state', () => {
    const asked = { ...waiting, tokens: ['a', 'b', 'c'].map(each => written(each)), text: 'abc' }
    expect(answerWithNews(asked, news(1, ['b'], {}, 'a'))).toMatchObject({ text: 'abc', tokenCount: 3 })
  })

  test('in pieces of any size, overlapping and repeated, makes the same text', () => {
    const texts = fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })
    const cuts = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 12 })
    fc.assert(
      fc.property(texts, cuts, (texts, cuts) => {
        let known = waiting
        const tell = (from: number, to: number) => {
          const before = texts.slice(0, from).join('')
          known = answerWithNews(known, news(from, texts.slice(from, to), {}, before)) ?? known
        }
        for (const [from, to] of cuts) tell(Math.min(from, to), Math.max(from, to))
        for (let i = 0; i < texts.length; i++) tell(i, i + 1)
        expect(known.text).toBe(texts.join(''))
        expect(known.tokenCount).toBe(texts.length)
      }),
    )
  })
})

describe('the conversation', () => {
  const twoTurns = conversation([turn({ id: 1, answers: [waiting] }), turn({ id: 2, parent: 1 })])

  test('keeps the turns that the news is not about', () => {
    const changed = conversationWithNews(twoTurns, news(0, ['a']))!
    expect(changed.turns[0]!.answers[0]!.text).toBe('a')
    expect(changed.turns[1]).toBe(twoTurns.turns[1])
  })

  test('is the same when the news is about another branch', () => {
    expect(conversationWithNews(twoTurns, news(0, ['a'], { turn: 7 }))).toBe(twoTurns)
    expect(conversationWithNews(twoTurns, news(0, ['a'], { answer: 7 }))).toBe(twoTurns)
  })

  test('asked for again keeps what did not change', () => {
    const again = structuredClone(twoTurns)
    again.turns[1] = { ...again.turns[1]!, vote: { outcome: 'tie', blind: false } }
    const merged = withKnownTurns(twoTurns, again)
    expect(merged.turns[0]).toBe(twoTurns.turns[0])
    expect(merged.turns[1]!.vote).toEqual({ outcome: 'tie', blind: false })
    expect(withKnownTurns(undefined, again)).toBe(again)
  })
})
