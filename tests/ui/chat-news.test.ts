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

const news = (from: number, texts: readonly string[], over: Partial<ChatNews> = {}): ChatNews => ({
  conversation: 'conversation-1',
  turn: 1,
  answer: 1,
  column: 0,
  state: 'writing',
  from,
  tokens: texts.map(text => written(text)),
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
    const second = answerWithNews(first, news(2, [' hides'], { state: 'done', stopped: 'end' }))!
    expect(second).toMatchObject({ text: 'The fox hides', tokenCount: 3, state: 'done', stopped: 'end' })
    expect(second.tokens).toHaveLength(3)
  })

  test('that comes twice changes nothing', () => {
    const once = answerWithNews(waiting, news(0, ['a', 'b']))!
    expect(answerWithNews(once, news(0, ['a', 'b']))!.text).toBe('ab')
  })

  test('of a state alone keeps the text', () => {
    const once = answerWithNews(waiting, news(0, ['a']))!
    expect(answerWithNews(once, news(1, [], { state: 'done', stopped: 'stopped' }))).toMatchObject({
      text: 'a',
      state: 'done',
    })
  })

  test('with a gap or half an overlap must be asked for', () => {
    expect(answerWithNews(waiting, news(3, ['x']))).toBeNull()
    const once = answerWithNews(waiting, news(0, ['a', 'b']))!
    expect(answerWithNews(once, news(1, ['b', 'c']))).toBeNull()
  })

  test('in pieces of any size, some of them twice, makes the same text', () => {
    const pieces = fc.array(fc.array(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 4 }), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(pieces, fc.infiniteStream(fc.boolean()), (pieces, again) => {
        let known = waiting
        let from = 0
        for (const texts of pieces) {
          const told = news(from, texts)
          for (const each of again.next().value ? [told, told] : [told]) known = answerWithNews(known, each)!
          from += texts.length
        }
        expect(known.text).toBe(pieces.flat().join(''))
        expect(known.tokenCount).toBe(pieces.flat().length)
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
