// The playground's text: tokens join as bytes, undo takes back exactly one, keys take the n-th.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { untakable } from '../../../src-renderer/ui/components/token-text.ts'
import {
  asked,
  continuation,
  fullText,
  started,
  takenByKey,
  taking,
  undone,
} from '../../../src-renderer/ui/features/pretrain/complete/completion-text.ts'

const piece = (bytes: number[], special = false) => ({ id: 1, text: null, bytes, special })
const token = (bytes: number[], special = false) => ({
  piece: piece(bytes, special),
  logProb: -1,
  by: 'person' as const,
})
const utf8 = (text: string) => [...new TextEncoder().encode(text)]

describe('the text', () => {
  test('joins tokens that hold parts of one character', () => {
    const [a, b, c, d] = utf8('🌍')
    const text = [[a!, b!], [c!], [d!]].reduce((t, bytes) => taking(t, token(bytes)), started('Hello '))
    expect(fullText(text)).toBe('Hello 🌍')
    expect(fullText(undone(text))).toBe('Hello \ufffd')
  })

  test('is unchanged by a special token, which has no letters', () => {
    expect(fullText(taking(started('a'), token([], true)))).toBe('a')
    expect(untakable(piece([], true))).not.toBeNull()
    expect(untakable(piece([65]))).toBeNull()
  })

  test('loses nothing however its bytes are cut into tokens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 5 }), (text, size) => {
        const bytes = utf8(text)
        const taken = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          token(bytes.slice(i * size, (i + 1) * size)),
        )
        expect(continuation(taken)).toBe(text)
      }),
    )
  })

  test('is asked about as text and the ids taken, so that a taken token stays that token', () => {
    expect(asked(started('a'))).toEqual({ text: 'a' })
    expect(asked(taking(started('a'), token([0xf0])))).toEqual({ text: 'a', after: Int32Array.of(1) })
  })

  test('keeps the prompt when undo has nothing left to take', () => {
    expect(undone(started('a'))).toEqual(started('a'))
  })
})

test('keys 1 to 9 take a token, and leave shortcuts alone', () => {
  const key = (k: string, over = {}) => ({ key: k, ctrlKey: false, metaKey: false, altKey: false, ...over })
  expect(takenByKey(key('1'))).toBe(1)
  expect(takenByKey(key('9'))).toBe(9)
  expect(takenByKey(key('0'))).toBeNull()
  expect(takenByKey(key('F1'))).toBeNull()
  expect(takenByKey(key('3', { ctrlKey: true }))).toBeNull()
})
