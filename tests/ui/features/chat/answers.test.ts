// What is said about an answer, and its tokens as they are pointed at.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  endedBecause,
  turnSentence,
  waitingFor,
} from '../../../../src-renderer/ui/features/chat/answer-words.ts'
import { samplingName } from '../../../../src-renderer/ui/features/chat/column-settings.tsx'
import { choicesOf, tokenSentence } from '../../../../src-renderer/ui/features/chat/token-card.tsx'
import { unitsOf } from '../../../../src-renderer/ui/features/chat/token-units.ts'
import type { WrittenToken } from '../../../../src-shared/contract/chat-contract.ts'
import { answer, sampling, written } from './chat-shapes.ts'

describe('words', () => {
  test('tell why an answer ended', () => {
    expect(endedBecause(answer({ stopped: 'end' }))).toBe('ended by itself')
    expect(endedBecause(answer({ stopped: 'length', tokenCount: 50 }))).toBe('at its limit of 50')
    expect(endedBecause(answer({ stopped: 'length' }))).toBe('at the end of its context')
    expect(endedBecause(answer({ stopped: 'stopped' }))).toBe('stopped by you')
    expect(endedBecause(answer({ stopped: null }))).toBeNull()
  })

  test('tell what is waited for, and that one model made room for another', () => {
    expect(waitingFor({ state: 'waiting', swapped: false })).toMatch(/turn/)
    expect(waitingFor({ state: 'loading', swapped: false })).toBe('Loading the model …')
    expect(waitingFor({ state: 'loading', swapped: true })).toMatch(/make room/)
    expect(waitingFor({ state: 'loading', swapped: false }, true)).toMatch(
      /^Loading the model … A run is training/,
    )
  })

  test('tell all of a turn in one line for those who cannot see it', () => {
    const answers = [answer({ state: 'writing' }), answer({ tokenCount: 1 }), answer({ state: 'failed' })]
    expect(turnSentence(answers, ['A', 'B', 'C'])).toBe('A writes. B: 1 token, ended by itself. C failed.')
  })

  test('tell nothing of whose answer is there first while names are hidden', () => {
    const half = [answer({ state: 'writing' }), answer()]
    expect(turnSentence(half, null)).toBe('The answers are being written.')
    expect(turnSentence([answer(), answer({ state: 'failed' })], null)).toMatch(/vote/)
  })

  test('name settings by their preset or by what they are', () => {
    expect(samplingName({ ...sampling, temperature: 0, topP: 1 })).toBe('Greedy')
    expect(samplingName({ ...sampling, temperature: 0.85, topK: 40, topP: 0.9 })).toBe('T 0.85, k 40, p 0.9')
  })
})

const byteToken = (byte: number): WrittenToken => ({
  piece: { id: byte, text: byte < 0x80 ? String.fromCharCode(byte) : null, bytes: [byte], special: false },
  logProb: -0.5,
  alternatives: [],
})

describe('tokens', () => {
  test('that make one character together are one unit, of their joint probability', () => {
    const units = unitsOf([...Buffer.from('a€b')].map(byteToken))
    expect(units.map(({ text, count }) => [text, count])).toEqual([
      ['a', 1],
      ['€', 3],
      ['b', 1],
    ])
    expect(units[1]!.logProb).toBeCloseTo(-1.5)
  })

  test('that make no character do not swallow what comes after them', () => {
    const units = unitsOf([byteToken(0xff), byteToken(0x61), byteToken(0xe2)])
    expect(units.map(unit => unit.text)).toEqual(['\ufffd', 'a', '\ufffd'])
  })

  test('of any bytes are all there, in order, and spell whole texts exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const tokens = [...Buffer.from(text.toWellFormed())].map(byteToken)
        const units = unitsOf(tokens)
        expect(units.map(unit => unit.text).join('')).toBe(text.toWellFormed())
        expect(units.reduce((sum, unit) => sum + unit.count, 0)).toBe(tokens.length)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        const units = unitsOf([...bytes].map(byteToken))
        expect(units.map(unit => unit.from)).toEqual(
          units.map((_, i) => units.slice(0, i).reduce((sum, unit) => sum + unit.count, 0)),
        )
      }),
    )
  })

  test('are listed among the likeliest, and below them when they are none of these', () => {
    const token = written('z', -5)
    const alternatives = ['a', 'b', 'c'].map((text, i) => written(text, -0.5 - i))
    expect(choicesOf({ ...token, alternatives }).map(({ taken }) => taken)).toEqual([
      false,
      false,
      false,
      true,
    ])
    const first = { ...written('a', -0.5), alternatives }
    expect(choicesOf(first).map(({ taken }) => taken)).toEqual([true, false, false])
    expect(tokenSentence(first)).toBe('a: 61%; else b 22%, c 8.2%')
  })
})
