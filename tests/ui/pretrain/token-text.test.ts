// One token as drawn: whitespace visible, half characters as bytes, nothing that can disguise itself.
import { describe, expect, test } from 'vitest'
import {
  bytesPerToken,
  drawn,
  inOneLine,
  spoken,
} from '../../../src-renderer/ui/features/pretrain/tokens/token-text.ts'

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
