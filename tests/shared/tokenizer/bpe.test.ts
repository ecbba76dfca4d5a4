import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { BpeTokenizer } from '../../../src-shared/tokenizer/bpe.ts'
import { SPECIAL_TOKENS } from '../../../src-shared/tokenizer/tokenizer.ts'
import { anyText, trainedBpe, trickyTexts } from './texts.ts'

const [a, b, c, d] = [97, 98, 99, 100]
/** 256 = ab, 257 = abc, 258 = cd, 259 = abab */
const tiny = new BpeTokenizer({ merges: Int32Array.of(a, b, 256, c, c, d, 256, 256) })

describe('byte-level BPE', () => {
  it('applies the earliest merge first, leftmost first (computed by hand)', () => {
    expect(tiny.encode('abc')).toEqual([257])
    // ab is merge 0, ab+c merge 1; so c is taken before c+d (merge 2) can have it.
    expect(tiny.encode('abcd')).toEqual([257, d])
    expect(tiny.encode('bcd')).toEqual([b, 258])
    expect(tiny.encode('ababab')).toEqual([259, 256])
    expect(tiny.encode('ababc')).toEqual([256, 257])
  })

  it('never merges across a split: a space starts a new chunk', () => {
    expect(tiny.encode('a b')).toEqual([a, 32, b])
    expect(tiny.encode('ab ab')).toEqual([256, 32, 256])
  })

  it('merges overlapping pairs from the left', () => {
    const doubled = new BpeTokenizer({ merges: Int32Array.of(a, a, 256, 256) })
    expect(doubled.encode('aaa')).toEqual([256, a])
    expect(doubled.encode('aaaaaaa')).toEqual([257, 256, a])
  })

  it('gives the bytes that a token stands for, none for special tokens', () => {
    expect([...tiny.tokenBytes(259)]).toEqual([a, b, a, b])
    expect([...tiny.tokenBytes(255)]).toEqual([255])
    expect(tiny.tokenBytes(260).length).toBe(0)
    expect(tiny.vocabularySize).toBe(260 + SPECIAL_TOKENS.length)
    for (const id of [-1, 1.5, 266, Number.NaN]) expect(() => tiny.tokenBytes(id)).toThrow(LabError)
  })

  it('gives back any text it encoded, lone surrogates as U+FFFD', () => {
    const tokenizer = trainedBpe()
    for (const text of trickyTexts) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
    fc.assert(
      fc.property(anyText, text => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed())
      }),
      { numRuns: 1000 },
    )
    expect(tokenizer.decode(tokenizer.encode('a\uD800b'))).toBe('a\uFFFDb')
  })

  it('reads the text of a special token as text', () => {
    const tokenizer = trainedBpe()
    const special = new Set(tokenizer.specialTokens.values())
    for (const name of SPECIAL_TOKENS) {
      const ids = tokenizer.encode(`x${name}y`)
      expect(ids.some(id => special.has(id))).toBe(false)
      expect(tokenizer.decode(ids)).toBe(`x${name}y`)
    }
    expect([...special]).toEqual(
      SPECIAL_TOKENS.map((_, i) => tokenizer.vocabularySize - SPECIAL_TOKENS.length + i),
    )
  })

  it('shows special tokens by name and half characters as U+FFFD when decoding', () => {
    const tokenizer = trainedBpe()
    const end = tokenizer.specialTokens.get('<|endoftext|>')!
    expect(tokenizer.decode([end, a, 0xe4, end])).toBe('<|endoftext|>a\uFFFD<|endoftext|>')
    expect(() => tokenizer.decode([tokenizer.vocabularySize])).toThrow(/there is no token/)
  })

  it('encodes the same whether its cache is fresh, warm or was emptied', () => {
    const tokenizer = trainedBpe()
    const words = Array.from({ length: 70_000 }, (_, i) => ` w${i.toString(26)}q`).join('')
    const first = tokenizer.encode(words)
    expect(tokenizer.encode(words)).toEqual(first)
    expect(trainedBpe().encode(words)).toEqual(first)
    expect(tokenizer.decode(first)).toBe(words)
  })

  it('takes a text longer than one matching window, and a chunk of millions of letters', () => {
    const tokenizer = trainedBpe()
    const lines = 'The cat sat on the mat.\n'
    const once = tokenizer.encode(lines)
    const many = tokenizer.encode(lines.repeat(100_000))
    expect(many.length).toBe(once.length * 100_000)
    expect(many.slice(-once.length)).toEqual(once)
    const bytesOnly = new BpeTokenizer({ merges: new Int32Array(0) })
    expect(bytesOnly.encode('你'.repeat(4_000_000)).length).toBe(12_000_000) // V8 cannot match this in one piece
    const pairs = `x${'🌍'.repeat(600_000)}` // a window's end falls inside a surrogate pair
    expect(bytesOnly.decode(bytesOnly.encode(pairs))).toBe(pairs)
    expect(tokenizer.encode('ab'.repeat(100_000)).length).toBeLessThan(100_000)
  })
})
