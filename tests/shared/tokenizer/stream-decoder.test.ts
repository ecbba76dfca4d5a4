import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BpeTokenizer } from '../../../src-shared/tokenizer/bpe.ts'
import { StreamDecoder } from '../../../src-shared/tokenizer/stream-decoder.ts'
import { anyText, trainedBpe } from './texts.ts'

const bytesOnly = new BpeTokenizer({ merges: new Int32Array(0) })

describe('decoding a stream of tokens', () => {
  it('gives a character when its last byte is there, never a part', () => {
    const decoder = new StreamDecoder(bytesOnly)
    expect(bytesOnly.encode('é🌍!').map(id => decoder.push(id))).toEqual(['', 'é', '', '', '', '🌍', '!'])
    expect(decoder.end()).toBe('')
  })

  it('gives in pieces what decoding gives at once, for any tokens', () => {
    const tokenizer = trainedBpe()
    fc.assert(
      fc.property(fc.array(fc.nat(tokenizer.vocabularySize - 1)), ids => {
        const decoder = new StreamDecoder(tokenizer)
        expect(ids.map(id => decoder.push(id)).join('') + decoder.end()).toBe(tokenizer.decode(ids))
      }),
    )
    fc.assert(
      fc.property(anyText, text => {
        const decoder = new StreamDecoder(tokenizer)
        const pieces = tokenizer.encode(text).map(id => decoder.push(id))
        expect(pieces.every(piece => piece.isWellFormed())).toBe(true)
        expect(pieces.join('') + decoder.end()).toBe(text.toWellFormed())
      }),
    )
  })

  it('ends a half character before a special token, and at the end', () => {
    const decoder = new StreamDecoder(bytesOnly)
    const end = bytesOnly.specialTokens.get('<|endoftext|>')!
    expect([0xf0, 0x9f, end, 0xe4].map(id => decoder.push(id))).toEqual(['', '', '\uFFFD<|endoftext|>', ''])
    expect(decoder.end()).toBe('\uFFFD')
    expect(decoder.push(0x61)).toBe('a')
  })
})
