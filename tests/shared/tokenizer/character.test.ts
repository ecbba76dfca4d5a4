import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CharacterTokenizer, trainCharacters } from '../../../src-shared/tokenizer/character.ts'
import { SPECIAL_TOKENS } from '../../../src-shared/tokenizer/tokenizer.ts'

describe('the character tokenizer', () => {
  it('numbers the characters of its text in order of code point, special tokens last', () => {
    const { alphabet, uses, tokens, bytes } = trainCharacters(['ba🌍', 'aé'])
    expect(alphabet).toEqual(['a', 'b', 'é', '\uFFFD', '🌍'])
    expect([...uses]).toEqual([2, 1, 1, 0, 1, ...SPECIAL_TOKENS.map(() => 0)])
    expect([tokens, bytes]).toEqual([5, 9])
    const tokenizer = new CharacterTokenizer(alphabet)
    expect(tokenizer.vocabularySize).toBe(11)
    expect(tokenizer.specialTokens.get('<|endoftext|>')).toBe(5)
    expect(tokenizer.encode('🌍ab')).toEqual([4, 0, 1])
    expect([...tokenizer.tokenBytes(2)]).toEqual([0xc3, 0xa9])
    expect(tokenizer.tokenBytes(5).length).toBe(0)
    expect(() => tokenizer.tokenBytes(11)).toThrow(/there is no token 11/)
  })

  it('gives back any text over its alphabet', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), text => {
        const tokenizer = new CharacterTokenizer(trainCharacters([text]).alphabet)
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed())
      }),
    )
  })

  it('shows what is outside its alphabet, and lone surrogates, as U+FFFD', () => {
    const tokenizer = new CharacterTokenizer(trainCharacters(['abc']).alphabet)
    expect(tokenizer.decode(tokenizer.encode('a🌍b\uD800<|pad|>'))).toBe(
      `a\uFFFDb${'\uFFFD'.repeat(4)}a\uFFFD\uFFFD\uFFFD`,
    )
  })

  it('refuses an empty text', () => {
    expect(() => trainCharacters([''])).toThrow(/there is no text/)
  })
})
