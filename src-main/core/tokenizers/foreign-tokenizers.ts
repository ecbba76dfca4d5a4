// GPT-2's and GPT-4's tokenizers, from the vocabularies in the npm package gpt-tokenizer. Only its tables are used: its
// encoder loses U+FEFF and splits by JavaScript's `\s`, so ids would differ from OpenAI's tiktoken.
import type { TokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'
import { BpeTokenizer, BYTE_TOKENS, ByteMerger } from '../../../src-shared/tokenizer/bpe.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'

/** Every token's bytes by id, as a string or as bytes where they are not whole characters. */
type Ranks = readonly (string | readonly number[])[]
interface Encoding {
  ranks: Ranks
  tokenSplitRegex: RegExp
  specialTokensEncoder?: ReadonlyMap<string, number>
}

interface ForeignTokenizer {
  readonly name: string
  readonly vocabularySize: number
  /** The name that OpenAI gave this vocabulary; it never changes. */
  readonly encoding: string
  load(): Promise<Encoding>
}

export const foreignTokenizers: Readonly<Record<string, ForeignTokenizer>> = {
  gpt2: {
    name: 'GPT-2',
    vocabularySize: 50_257,
    encoding: 'r50k_base',
    async load() {
      const { default: ranks } = await import('gpt-tokenizer/bpeRanks/r50k_base')
      const { R50KBase } = await import('gpt-tokenizer/encodingParams/r50k_base')
      return { ranks, ...R50KBase(ranks) }
    },
  },
  gpt4: {
    name: 'GPT-4',
    vocabularySize: 100_277,
    encoding: 'cl100k_base',
    async load() {
      const { default: ranks } = await import('gpt-tokenizer/bpeRanks/cl100k_base')
      const { Cl100KBase } = await import('gpt-tokenizer/encodingParams/cl100k_base')
      return { ranks, ...Cl100KBase(ranks) }
    },
  },
}

export function foreignSummary(id: string): TokenizerSummary | undefined {
  if (!Object.hasOwn(foreignTokenizers, id)) return undefined
  const { name, vocabularySize, encoding } = foreignTokenizers[id]!
  return {
    id,
    name,
    kind: 'foreign',
    vocabularySize,
    createdAt: null,
    removedAt: null,
    hash: encoding,
    trainedOn: [],
    minutes: null,
    bytesPerToken: null,
  }
}

/** @param id a key of `foreignTokenizers` */
export async function loadForeign(id: string): Promise<Tokenizer> {
  const { vocabularySize, load } = foreignTokenizers[id]!
  const { ranks, tokenSplitRegex, specialTokensEncoder = new Map<string, number>() } = await load()
  const tokens = ranks.map(token => (typeof token === 'string' ? Buffer.from(token) : Uint8Array.from(token)))
  const byteOfId = Uint8Array.from(tokens.slice(0, BYTE_TOKENS), bytes => bytes[0]!)
  return new BpeTokenizer({
    kind: 'foreign',
    byteOfId,
    merges: recoverMerges(tokens, byteOfId),
    // `$` is the end of the text here, but the end of a line to the Oniguruma engine that reads tokenizer.json.
    splitPattern: tokenSplitRegex.source.replace('$', String.raw`(?![\s\S])`),
    specialTokens: withoutGaps(specialTokensEncoder, tokens.length, vocabularySize),
  })
}

/** A vocabulary in order of merging tells its merges: with the earlier ones alone, each token comes out as two parts. */
function recoverMerges(tokens: readonly Uint8Array[], byteOfId: Uint8Array): Int32Array {
  const merger = new ByteMerger(byteOfId)
  const merges = new Int32Array(2 * (tokens.length - BYTE_TOKENS))
  for (let id = BYTE_TOKENS; id < tokens.length; id++) {
    const parts = merger.encodeBytes(tokens[id]!)
    if (parts !== 2) throw new Error(`token ${id} is made of ${parts} parts, not of two`)
    const left = merger.ids[0]!
    const right = merger.ids[1]!
    merger.add(left, right, id)
    merges.set([left, right], 2 * (id - BYTE_TOKENS))
  }
  return merges
}

/** Special tokens by id; ids that were never given out get a name that says so, since a model has a row for them. */
function withoutGaps(special: ReadonlyMap<string, number>, first: number, end: number): Map<string, number> {
  const nameOf = new Map([...special].map(([name, id]) => [id, name]))
  return new Map(
    Array.from({ length: end - first }, (_, i) => [
      nameOf.get(first + i) ?? `<|unassigned_${first + i}|>`,
      first + i,
    ]),
  )
}
