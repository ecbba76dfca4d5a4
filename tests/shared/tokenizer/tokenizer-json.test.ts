import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { BpeTokenizer } from '../../../src-shared/tokenizer/bpe.ts'
import { CharacterTokenizer, trainCharacters } from '../../../src-shared/tokenizer/character.ts'
import { SPECIAL_TOKENS, type Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { readTokenizer, writeTokenizer } from '../../../src-shared/tokenizer/tokenizer-json.ts'
import { anyText, trainedBpe, trainingText, trickyTexts } from './texts.ts'

function huggingFace(tokenizer: Tokenizer): HuggingFaceTokenizer {
  const files = writeTokenizer(tokenizer)
  return new HuggingFaceTokenizer(
    JSON.parse(files['tokenizer.json']),
    JSON.parse(files['tokenizer_config.json']),
  )
}

const bpe = trainedBpe()
const characters = new CharacterTokenizer(trainCharacters([trainingText]).alphabet)
/** Texts in which other readers find a special token are the one difference. */
const hasNoSpecial = (text: string) => !SPECIAL_TOKENS.some(name => text.includes(name))

describe.each([
  ['BPE', bpe],
  ['character', characters],
])("a %s tokenizer in Hugging Face's library", (_, tokenizer) => {
  const theirs = huggingFace(tokenizer)

  it('encodes and decodes the same: emoji, CJK, code, digits, white space', () => {
    for (const text of [...trickyTexts, trainingText]) {
      const ids = tokenizer.encode(text)
      expect(theirs.encode(text).ids).toEqual(ids)
      if (ids.length > 0) expect(theirs.decode(ids)).toBe(tokenizer.decode(ids))
    }
  })

  it('encodes and decodes the same for any text, lone surrogates among them', () => {
    fc.assert(
      fc.property(anyText, text => {
        fc.pre(hasNoSpecial(text))
        const ids = tokenizer.encode(text)
        expect(theirs.encode(text).ids).toEqual(ids)
        if (ids.length > 0) expect(theirs.decode(ids)).toBe(tokenizer.decode(ids))
      }),
      { numRuns: 1000 },
    )
  })

  it('decodes any ids the same', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(tokenizer.vocabularySize - 1), { minLength: 1 }), ids => {
        expect(theirs.decode(ids)).toBe(tokenizer.decode(ids))
      }),
    )
  })

  it('knows the special tokens under our ids', () => {
    for (const [name, id] of tokenizer.specialTokens) {
      expect(theirs.encode(name).ids).toEqual([id])
      expect(theirs.decode([id], { skip_special_tokens: true })).toBe('')
    }
  })
})

describe('reading tokenizer.json', () => {
  it('gives back the tokenizer that was written, byte for byte', () => {
    for (const tokenizer of [bpe, characters, new BpeTokenizer({ merges: new Int32Array(0) })]) {
      const files = writeTokenizer(tokenizer)
      const read = readTokenizer(files['tokenizer.json'], files['tokenizer_config.json'])
      expect(read.kind).toBe(tokenizer.kind)
      expect(read.vocabularySize).toBe(tokenizer.vocabularySize)
      expect(read.encode(trainingText)).toEqual(tokenizer.encode(trainingText))
      expect(writeTokenizer(read)).toEqual(files)
    }
  })

  it('reads merges as pairs too, as newer libraries write them', () => {
    const files = writeTokenizer(bpe)
    const json = JSON.parse(files['tokenizer.json'])
    json.model.merges = json.model.merges.map((line: string) => line.split(' '))
    const read = readTokenizer(JSON.stringify(json), files['tokenizer_config.json'])
    expect(read.encode(trainingText)).toEqual(bpe.encode(trainingText))
  })

  // biome-ignore lint/suspicious/noExplicitAny: a JSON document to be damaged anywhere
  type Json = any
  const tokenOf = (json: Json, id: number) =>
    Object.keys(json.model.vocab).find(token => json.model.vocab[token] === id)
  const damages: [string, Tokenizer, (json: Json) => void, RegExp][] = [
    [
      'a merge that uses a later token',
      bpe,
      j => {
        j.model.merges[0] = [tokenOf(j, 300), 'a']
      },
      /later merge makes.*merges\[0\]/,
    ],
    [
      'a merge that uses what it makes',
      bpe,
      j => {
        j.model.merges[4] = [tokenOf(j, 260), 'a']
      },
      /later merge makes.*merges\[4\]/,
    ],
    [
      'a merge that makes another token',
      bpe,
      j => {
        j.model.merges[3] = 'a b'
      },
      /does not make the token of its id.*merges\[3\]/,
    ],
    [
      'a merge of three',
      bpe,
      j => {
        j.model.merges[0] = 'a b c'
      },
      /not two tokens/,
    ],
    [
      'a merge of an unknown token',
      bpe,
      j => {
        j.model.merges[0] = 'a €'
      },
      /not in the vocabulary/,
    ],
    ['a missing merge', bpe, j => j.model.merges.pop(), /vocabulary and the merges do not match/],
    [
      'an id out of range',
      bpe,
      j => {
        j.model.vocab.a = 1e9
      },
      /id of token "a" is out of range/,
    ],
    [
      'an id that is no number',
      bpe,
      j => {
        j.model.vocab.a = '97'
      },
      /id of token "a" is out of range/,
    ],
    [
      'a negative id',
      bpe,
      j => {
        j.model.vocab.a = -1
      },
      /out of range/,
    ],
    [
      'two tokens with one id',
      bpe,
      j => {
        j.model.vocab.a = j.model.vocab.b
      },
      /share the id/,
    ],
    [
      'bytes in another order',
      bpe,
      j => {
        ;[j.model.vocab.a, j.model.vocab.b] = [j.model.vocab.b, j.model.vocab.a]
      },
      /not the token of byte/,
    ],
    ['a missing special token', bpe, j => j.added_tokens.splice(2, 1), /<\|user_start\|> is missing/],
    [
      'a special token with a wrong id',
      bpe,
      j => {
        j.added_tokens[0].id = 5
      },
      /<\|endoftext\|> is wrong.*id 5/,
    ],
    [
      'a special token that is none',
      bpe,
      j => {
        j.added_tokens[1].special = false
      },
      /<\|pad\|> is wrong/,
    ],
    [
      'another added token',
      bpe,
      j => j.added_tokens.push({ id: 9999, content: 'x', special: true }),
      /other added tokens/,
    ],
    [
      'another split',
      bpe,
      j => {
        j.pre_tokenizer.pretokenizers[0].pattern.Regex = '(a+)+$'
      },
      /split or joined/,
    ],
    [
      'a normalizer',
      bpe,
      j => {
        j.normalizer = { type: 'Lowercase' }
      },
      /normalizer/,
    ],
    [
      'another model',
      bpe,
      j => {
        j.model.type = 'Unigram'
      },
      /model\.type/,
    ],
    [
      'byte fallback',
      bpe,
      j => {
        j.model.byte_fallback = true
      },
      /byte_fallback/,
    ],
    [
      'no vocabulary',
      bpe,
      j => {
        j.model.vocab = []
      },
      /model\.vocab/,
    ],
    [
      'no model',
      bpe,
      j => {
        delete j.model
      },
      /model/,
    ],
    [
      'a token of two characters',
      characters,
      j => {
        j.model.vocab.ab = j.model.vocab.a
        delete j.model.vocab.a
      },
      /not one character/,
    ],
    [
      'an empty token',
      characters,
      j => {
        j.model.vocab[''] = j.model.vocab.a
        delete j.model.vocab.a
      },
      /not one character/,
    ],
    [
      'no character for unknown ones',
      characters,
      j => {
        j.model.vocab['\u2603'] = j.model.vocab['\uFFFD']
        delete j.model.vocab['\uFFFD']
      },
      /U\+FFFD.* is missing/,
    ],
    [
      'another token for unknown characters',
      characters,
      j => {
        j.model.unk_token = 'a'
      },
      /unk_token/,
    ],
    [
      'merges of characters',
      characters,
      j => {
        j.model.merges = ['a b']
      },
      /has merges/,
    ],
  ]
  it.each(damages)('refuses %s, naming the file and the place', (_, tokenizer, damage, message) => {
    const files = writeTokenizer(tokenizer)
    const json = JSON.parse(files['tokenizer.json'])
    damage(json)
    const read = () => readTokenizer(JSON.stringify(json), files['tokenizer_config.json'])
    expect(read).toThrow(LabError)
    expect(read).toThrow(message)
    expect(read).toThrow(/tokenizer\.json/)
  })

  it('refuses what is no JSON, cut off, too large, or a config that cleans up spaces', () => {
    const files = writeTokenizer(bpe)
    const config = files['tokenizer_config.json']
    expect(() => readTokenizer('', config)).toThrow(/not JSON.*tokenizer\.json/)
    expect(() => readTokenizer('null', config)).toThrow(/tokenizer\.json/)
    expect(() => readTokenizer(files['tokenizer.json'].slice(0, -100), config)).toThrow(/not JSON/)
    expect(() => readTokenizer(' '.repeat(2 ** 27 + 1), config)).toThrow(/too large/)
    expect(() => readTokenizer(files['tokenizer.json'], config.replace('false', 'true'))).toThrow(
      /tokenizer_config\.json, clean_up_tokenization_spaces/,
    )
  })

  it('writes a config with the special roles and a chat template that uses our markers only', () => {
    const config = JSON.parse(writeTokenizer(bpe)['tokenizer_config.json'])
    expect(config).toMatchObject({
      bos_token: '<|endoftext|>',
      eos_token: '<|endoftext|>',
      pad_token: '<|pad|>',
      clean_up_tokenization_spaces: false,
    })
    const marked = new Set((config.chat_template as string).match(/<\|[^|]*\|>/g))
    expect([...marked].sort()).toEqual([...config.additional_special_tokens].sort())
  })
})
