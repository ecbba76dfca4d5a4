// One token as drawn: whitespace visible, half characters as bytes, nothing that can disguise itself.
import { describe, expect, test } from 'vitest'
import {
  bytesPerToken,
  drawn,
  inOneLine,
  spoken,
  tokensFrom,
  unknownSentence,
  untrainedSentence,
  wholeText,
} from '../../../src-renderer/ui/components/token-text.ts'

const piece = (text: string | null, bytes: number[] = [], special = false) => ({ text, bytes, special })

describe('a token', () => {
  test('shows its whitespace on request and keeps breaking lines', () => {
    expect(drawn(piece(' a\tb\n'), true)).toBe('␣a⇥b⏎\n')
    expect(drawn(piece(' a\tb\n'), false)).toBe(' a\tb\n')
    expect(inOneLine(piece(' a\n'))).toBe('␣a⏎')
  })

  test('that is no whole character shows its bytes', () => {
    expect(drawn(piece(null, [0xf0, 0x9f]), false)).toBe('⟨F0 9F⟩')
    expect(inOneLine(piece(null, [10]))).toBe('⟨0A⟩')
  })

  test('cannot hide or turn text around', () => {
    expect(inOneLine(piece('\u202eevil\u0000'))).toBe('⟨U+202E⟩evil␀')
    expect(inOneLine(piece('', [], true))).toBe('⟨special⟩')
  })

  test('is spoken with its leading whitespace', () => {
    expect(spoken(piece(' the'))).toBe('space the')
    expect(spoken(piece('\n\n'))).toBe('line break line break')
    expect(spoken(piece(null, [255]))).toBe('bytes FF')
  })
})

test('bytes per token needs at least one token', () => {
  expect(bytesPerToken(12, 4)).toBe(3)
  expect(bytesPerToken(0, 0)).toBeNull()
})

const characters = (text: string) => [...text].map(c => piece(c, [...new TextEncoder().encode(c)]))

describe('a text beyond the tokens drawn one by one', () => {
  test('joins the bytes of its tokens and keeps a byte-order mark', () => {
    expect(wholeText([piece(null, [0xf0, 0x9f]), piece(null, [0x8c, 0x8d])], false)).toBe('🌍')
    expect(wholeText([...characters('\ufeffa'), piece('<|endoftext|>', [], true)], false)).toBe(
      '\ufeffa<|endoftext|>',
    )
  })

  test('grows in strides, and never hides one of the newest half page', () => {
    expect(tokensFrom(1000, 1000)).toBe(0)
    expect([1001, 1500, 1501].map(count => tokensFrom(count, 1000))).toEqual([500, 500, 1000])
    for (let count = 0; count < 5000; count += 7) {
      const shown = count - tokensFrom(count, 1000)
      expect(shown).toBeLessThanOrEqual(1000)
      expect(shown).toBeGreaterThanOrEqual(Math.min(count, 500))
    }
  })
})

describe('characters outside an alphabet', () => {
  const start = piece('<|endoftext|>', [], true)
  test('are named once each', () => {
    expect(unknownSentence('日a本日😀', [start, ...characters('\ufffda\ufffd\ufffd\ufffd')])).toBe(
      'This alphabet has no 日 本 😀: they are read as \ufffd.',
    )
    expect(unknownSentence('aü', characters('a\ufffd'))).toBe('This alphabet has no ü: it is read as \ufffd.')
  })

  test('are none when the text itself has the replacement character, or every byte is kept', () => {
    expect(unknownSentence('a\ufffd', characters('a\ufffd'))).toBeNull()
    expect(unknownSentence('🌍', [piece(null, [0xf0, 0x9f]), piece(null, [0x8c, 0x8d])])).toBeNull()
    expect(unknownSentence('\ud800', characters('\ufffd'))).toBeNull()
  })

  test('are counted beyond the first few', () => {
    expect(unknownSentence('αβγδεζηθικ', characters('\ufffd'.repeat(10)))).toContain('and 2 more')
  })
})

test('a reserved token or half a character in what a model wrote is explained', () => {
  expect(untrainedSentence('so<|assistant_start|>')).toContain('<|assistant_start|> is an untrained token')
  expect(untrainedSentence('a\ufffdb')).toContain('no character')
  expect(untrainedSentence('cut in the middle \ufffd')).toBeNull()
  expect(untrainedSentence('The end.<|endoftext|>')).toBeNull()
})
