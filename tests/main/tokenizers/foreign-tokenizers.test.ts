import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { encode as encodeGpt4 } from 'gpt-tokenizer/encoding/cl100k_base'
import { encode as encodeGpt2 } from 'gpt-tokenizer/encoding/r50k_base'
import { describe, expect, it } from 'vitest'
import { foreignSummary, loadForeign } from '../../../src-main/core/tokenizers/foreign-tokenizers.ts'
import { pieceOf } from '../../../src-main/core/tokenizers/pieces.ts'
import { writeTokenizer } from '../../../src-shared/tokenizer/tokenizer-json.ts'
import { anyText, trickyTexts } from '../../shared/tokenizer/texts.ts'

const plain = { disallowedSpecial: new Set<string>() }

describe.each([
  ['gpt2', encodeGpt2],
  ['gpt4', encodeGpt4],
] as const)('the tokenizer %s', (id, encode) => {
  it('gives the ids that its npm package gives, where that package follows OpenAI', async () => {
    const tokenizer = await loadForeign(id)
    // The package takes U+FEFF for nothing and, as JavaScript's \s does, for a space, and U+0085 for none.
    const agree = (text: string) => !/[\uFEFF\u0085]/.test(text)
    for (const text of trickyTexts.filter(agree)) expect(tokenizer.encode(text)).toEqual(encode(text, plain))
    fc.assert(
      fc.property(anyText.filter(agree), text => {
        expect(tokenizer.encode(text)).toEqual(encode(text.toWellFormed(), plain))
      }),
      { numRuns: 300 },
    )
  })

  it('gives back any text', async () => {
    const tokenizer = await loadForeign(id)
    fc.assert(
      fc.property(anyText, text => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed())
      }),
    )
  })

  it("has the vocabulary that its summary states, and files for Hugging Face's library", async () => {
    const tokenizer = await loadForeign(id)
    expect(tokenizer.vocabularySize).toBe(foreignSummary(id)!.vocabularySize)
    for (let token = 0; token < tokenizer.vocabularySize; token++)
      if (tokenizer.tokenBytes(token).length === 0) expect(pieceOf(tokenizer, token).special).toBe(true)
    const files = writeTokenizer(tokenizer)
    const config = JSON.parse(files['tokenizer_config.json'])
    expect(config.chat_template).toBeUndefined()
    const theirs = new HuggingFaceTokenizer(JSON.parse(files['tokenizer.json']), config)
    for (const text of trickyTexts) expect(theirs.encode(text).ids).toEqual(tokenizer.encode(text))
  })
})

describe('known ids', () => {
  it('split Andromeda, and name the end of a text, as OpenAI does', async () => {
    const [gpt2, gpt4] = [await loadForeign('gpt2'), await loadForeign('gpt4')]
    const pieces = (tokenizer: typeof gpt2) =>
      tokenizer.encode('Andromeda').map(token => pieceOf(tokenizer, token).text)
    expect(pieces(gpt2)).toEqual(['And', 'romeda'])
    expect(pieces(gpt4)).toEqual(['And', 'rom', 'eda'])
    expect(gpt2.specialTokens.get('<|endoftext|>')).toBe(50_256)
    expect(gpt4.specialTokens.get('<|endoftext|>')).toBe(100_257)
    // OpenAI's byte order mark token, which a table lookup by decoded text cannot find.
    expect(gpt4.encode('\uFEFF')).toEqual([3305])
  })
})
