// Our tokenizers as Hugging Face's tokenizer.json + tokenizer_config.json, and back. Plain text gives the same ids there;
// only the text of a special token differs: other tools read it as the token, ours as text.
import * as v from 'valibot'
import { LabError } from '../contract/errors.ts'
import { BpeTokenizer, BYTE_TOKENS } from './bpe.ts'
import { MAX_VOCABULARY } from './bpe-train.ts'
import { spellBytes } from './byte-alphabet.ts'
import { CharacterTokenizer, UNKNOWN_CHARACTER } from './character.ts'
import { CHAT_TEMPLATE } from './chat-template.ts'
import { SPLIT_PATTERN } from './split.ts'
import { SPECIAL_TOKENS, type Tokenizer } from './tokenizer.ts'

export interface TokenizerFiles {
  'tokenizer.json': string
  'tokenizer_config.json': string
}

/** Larger files are refused before they are parsed. */
const MAX_FILE_LENGTH = 128 * 2 ** 20

const bytePreTokenizer = (splitPattern: string) => ({
  type: 'Sequence',
  pretokenizers: [
    { type: 'Split', pattern: { Regex: splitPattern }, behavior: 'Isolated', invert: false },
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
})
const byteDecoder = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }
/** Every code point is a chunk of its own, so that no reader queues a whole text for merges that do not exist. */
const characterPreTokenizer = {
  type: 'Split',
  pattern: { Regex: '[\\s\\S]' },
  behavior: 'Isolated',
  invert: false,
}
const characterDecoder = { type: 'Fuse' }

/** GPT-2's and GPT-4's can be written too, without a chat template, since their vocabularies have no roles. */
export function writeTokenizer(tokenizer: Tokenizer): TokenizerFiles {
  const kind = partsOf(tokenizer)
  const file = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...tokenizer.specialTokens].map(([content, id]) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: kind.preTokenizer,
    post_processor: null,
    decoder: kind.decoder,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: kind.unknown,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(kind.vocabulary.map((token, id) => [token, id])),
      merges: kind.merges,
    },
  }
  const names = [...tokenizer.specialTokens.keys()]
  const ours = SPECIAL_TOKENS.every(name => names.includes(name))
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: '<|endoftext|>',
    eos_token: '<|endoftext|>',
    pad_token: ours ? '<|pad|>' : '<|endoftext|>',
    additional_special_tokens: names.filter(name => name !== '<|endoftext|>' && name !== '<|pad|>'),
    // Without this key readers "clean up" spaces before punctuation, and decode(encode(x)) is no longer x.
    clean_up_tokenization_spaces: false,
    ...(ours && { chat_template: CHAT_TEMPLATE }),
  }
  return {
    'tokenizer.json': `${JSON.stringify(file, null, 1)}\n`,
    'tokenizer_config.json': `${JSON.stringify(config, null, 2)}\n`,
  }
}

function partsOf(tokenizer: Tokenizer) {
  if (tokenizer instanceof BpeTokenizer) {
    const vocabulary = Array.from({ length: BYTE_TOKENS + tokenizer.merges.length / 2 }, (_, id) =>
      spellBytes(tokenizer.tokenBytes(id)),
    )
    // As strings: readers before 2024 know no other form, and no spelling contains a space.
    const merges: string[] = []
    for (let i = 0; i < tokenizer.merges.length; i += 2)
      merges.push(`${vocabulary[tokenizer.merges[i]!]} ${vocabulary[tokenizer.merges[i + 1]!]}`)
    return {
      vocabulary,
      merges,
      preTokenizer: bytePreTokenizer(tokenizer.splitPattern),
      decoder: byteDecoder,
      unknown: null,
    }
  }
  if (tokenizer instanceof CharacterTokenizer)
    return {
      vocabulary: [...tokenizer.alphabet],
      merges: [],
      preTokenizer: characterPreTokenizer,
      decoder: characterDecoder,
      unknown: UNKNOWN_CHARACTER,
    }
  throw new TypeError('a tokenizer of an unknown class')
}

const nullish = v.optional(v.null())
const off = v.optional(v.nullable(v.literal(false)))
const fileSchema = v.object({
  added_tokens: v.array(v.object({ id: v.number(), content: v.string(), special: v.boolean() })),
  normalizer: nullish,
  pre_tokenizer: v.unknown(),
  post_processor: nullish,
  decoder: v.unknown(),
  model: v.object({
    type: v.literal('BPE'),
    dropout: nullish,
    unk_token: v.optional(v.nullable(v.string())),
    continuing_subword_prefix: v.optional(v.nullable(v.literal(''))),
    end_of_word_suffix: v.optional(v.nullable(v.literal(''))),
    fuse_unk: off,
    byte_fallback: off,
    ignore_merges: off,
    // Checked by hand below: a record schema would copy it and drop keys such as `__proto__`.
    vocab: v.custom<object>(value => typeof value === 'object' && value !== null && !Array.isArray(value)),
    merges: v.array(v.union([v.string(), v.tuple([v.string(), v.string()])])),
  }),
})
const configSchema = v.object({ clean_up_tokenization_spaces: v.literal(false) })

function bad(what: string, where: string, facts: { expected?: string; got?: string } = {}): LabError {
  return new LabError({
    code: 'damaged',
    what,
    where,
    ...facts,
    fix: 'restore the file from a copy, or train the tokenizer again',
  })
}

function parse<S extends v.GenericSchema>(name: string, text: string, schema: S): v.InferOutput<S> {
  if (text.length > MAX_FILE_LENGTH)
    throw bad('the file is too large', name, {
      expected: `at most ${MAX_FILE_LENGTH} characters`,
      got: String(text.length),
    })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw bad(`the file is not JSON: ${(error as Error).message}`, name)
  }
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const issue = result.issues[0]
  throw bad(issue.message, `${name}, ${v.getDotPath(issue) ?? 'top level'}`)
}

/**
 * Reads a tokenizer that `writeTokenizer` wrote, verifying everything it relies on.
 * @throws LabError `damaged`, naming the file and the place
 */
export function readTokenizer(tokenizerJson: string, tokenizerConfigJson: string): Tokenizer {
  parse('tokenizer_config.json', tokenizerConfigJson, configSchema)
  const file = parse('tokenizer.json', tokenizerJson, fileSchema)
  const vocabulary = readVocabulary(file.model.vocab)
  checkSpecialTokens(file.added_tokens, vocabulary.length)
  if (sameJson(file.pre_tokenizer, bytePreTokenizer(SPLIT_PATTERN)) && sameJson(file.decoder, byteDecoder))
    return new BpeTokenizer({ merges: readMerges(vocabulary, file.model.merges) })
  if (sameJson(file.pre_tokenizer, characterPreTokenizer) && sameJson(file.decoder, characterDecoder)) {
    if (file.model.merges.length > 0)
      throw bad('a character tokenizer has merges', 'tokenizer.json, model.merges')
    if (file.model.unk_token !== UNKNOWN_CHARACTER)
      throw bad('the character for unknown ones is wrong', 'tokenizer.json, model.unk_token', {
        expected: 'U+FFFD',
      })
    return new CharacterTokenizer(readAlphabet(vocabulary))
  }
  throw bad(
    'the text is split or joined in a way that is not ours',
    'tokenizer.json, pre_tokenizer and decoder',
  )
}

/** Tokens by id, which must be 0 … n − 1, each once. */
function readVocabulary(vocab: object): string[] {
  const where = 'tokenizer.json, model.vocab'
  const entries = Object.entries(vocab) as [string, unknown][]
  if (entries.length > MAX_VOCABULARY - SPECIAL_TOKENS.length)
    throw bad('the vocabulary is too large', where, {
      expected: `at most ${MAX_VOCABULARY} tokens`,
      got: String(entries.length),
    })
  const tokens = new Array<string | undefined>(entries.length).fill(undefined)
  for (const [token, id] of entries) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= entries.length)
      throw bad(`the id of token ${JSON.stringify(token)} is out of range`, where, {
        expected: `0 to ${entries.length - 1}`,
        got: JSON.stringify(id),
      })
    if (tokens[id] !== undefined)
      throw bad(`tokens ${JSON.stringify(tokens[id])} and ${JSON.stringify(token)} share the id ${id}`, where)
    tokens[id] = token
  }
  return tokens as string[]
}

function checkSpecialTokens(
  added: readonly { id: number; content: string; special: boolean }[],
  firstId: number,
): void {
  const where = 'tokenizer.json, added_tokens'
  for (const [i, name] of SPECIAL_TOKENS.entries()) {
    const token = added.find(({ content }) => content === name)
    if (!token) throw bad(`the special token ${name} is missing`, where)
    if (token.id !== firstId + i || !token.special)
      throw bad(`the special token ${name} is wrong`, where, {
        expected: `special, id ${firstId + i}`,
        got: `${token.special ? 'special' : 'not special'}, id ${token.id}`,
      })
  }
  const extra = added.find(({ content }) => !(SPECIAL_TOKENS as readonly string[]).includes(content))
  if (extra || added.length !== SPECIAL_TOKENS.length)
    throw bad(`there are other added tokens than our ${SPECIAL_TOKENS.length} special ones`, where, {
      got: extra ? JSON.stringify(extra.content) : 'one of them twice',
    })
}

function readMerges(
  vocabulary: readonly string[],
  lines: readonly (string | [string, string])[],
): Int32Array {
  for (let byte = 0; byte < BYTE_TOKENS; byte++)
    if (vocabulary[byte] !== spellBytes(Uint8Array.of(byte)))
      throw bad(`id ${byte} is not the token of byte ${byte}`, 'tokenizer.json, model.vocab')
  if (lines.length !== vocabulary.length - BYTE_TOKENS)
    throw bad('the vocabulary and the merges do not match', 'tokenizer.json', {
      expected: `${vocabulary.length - BYTE_TOKENS} merges for ${vocabulary.length} tokens`,
      got: String(lines.length),
    })
  const idOf = new Map(vocabulary.map((token, id) => [token, id]))
  const merges = new Int32Array(lines.length * 2)
  lines.forEach((line, m) => {
    const where = `tokenizer.json, model.merges[${m}]`
    const parts = typeof line === 'string' ? line.split(' ') : line
    if (parts.length !== 2) throw bad('a merge is not two tokens', where, { got: JSON.stringify(line) })
    const [left, right] = parts as [string, string]
    const made = BYTE_TOKENS + m
    for (const [side, token] of [left, right].entries()) {
      const id = idOf.get(token)
      if (id === undefined)
        throw bad(`a merge uses ${JSON.stringify(token)}, which is not in the vocabulary`, where)
      if (id >= made)
        throw bad(`a merge uses ${JSON.stringify(token)}, which it or a later merge makes`, where)
      merges[2 * m + side] = id
    }
    if (left + right !== vocabulary[made])
      throw bad('a merge does not make the token of its id', where, {
        expected: JSON.stringify(vocabulary[made]),
        got: JSON.stringify(left + right),
      })
  })
  return merges
}

function readAlphabet(vocabulary: string[]): string[] {
  const where = 'tokenizer.json, model.vocab'
  for (const token of vocabulary)
    if (
      token.length === 0 ||
      token.length !== String.fromCodePoint(token.codePointAt(0)!).length ||
      !token.isWellFormed()
    )
      throw bad('a character tokenizer has a token that is not one character', where, {
        got: JSON.stringify(token),
      })
  if (!vocabulary.includes(UNKNOWN_CHARACTER))
    throw bad('the character for unknown ones (U+FFFD) is missing', where)
  return vocabulary
}

/** Whether two JSON values are equal, whatever the order of their keys. */
function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const keys = Object.keys(a)
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && sameJson((a as Json)[key], (b as Json)[key]))
  )
}
type Json = Record<string, unknown>
