// Tokenizers in lists: own ones first, named without repeating themselves; the pair that is compared at first.
import { describe, expect, test } from 'vitest'
import {
  firstPair,
  inListOrder,
  tokenizerLabel,
} from '../../../src-renderer/ui/components/tokenizer-names.ts'
import type { TokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'

const tokenizer = (id: string, over: Partial<TokenizerSummary> = {}): TokenizerSummary => ({
  id,
  name: id,
  kind: 'bpe',
  vocabularySize: 1024,
  createdAt: '2026-01-01T00:00:00Z',
  removedAt: null,
  hash: '0',
  trainedOn: [],
  minutes: null,
  bytesPerToken: null,
  ...over,
})
const gpt2 = tokenizer('gpt2', { kind: 'foreign', createdAt: null, vocabularySize: 50257 })
const gpt4 = tokenizer('gpt4', { kind: 'foreign', createdAt: null, vocabularySize: 100277 })
const mine = tokenizer('mine')

describe('a tokenizer', () => {
  test('is named with kind and size, each said once', () => {
    expect(tokenizerLabel(mine)).toBe('mine · BPE · 1,024 tokens')
    expect(tokenizerLabel(tokenizer('t', { name: 'letters · 1,024 tokens' }))).toBe(
      'letters · 1,024 tokens · BPE',
    )
    expect(
      tokenizerLabel(tokenizer('t', { name: 'letters · characters', kind: 'character', vocabularySize: 69 })),
    ).toBe('letters · characters · 69 tokens')
  })

  test("of one's own stands before the built-in ones, the newest first, removed ones nowhere", () => {
    const newer = tokenizer('newer', { createdAt: '2026-02-01T00:00:00Z' })
    const gone = tokenizer('gone', { removedAt: '2026-02-02T00:00:00Z' })
    expect(inListOrder([gpt4, gpt2, mine, gone, newer]).map(t => t.id)).toEqual([
      'newer',
      'mine',
      'gpt2',
      'gpt4',
    ])
  })
})

describe('side by side at first', () => {
  test("are one's own newest and GPT-4's, as in the article", () => {
    expect(firstPair([gpt2, gpt4, mine])).toEqual(['mine', 'gpt4'])
  })

  test("are GPT-2's and GPT-4's before anything was trained", () => {
    expect(firstPair([gpt2, gpt4])).toEqual(['gpt2', 'gpt4'])
    expect(firstPair([])).toEqual([null, null])
  })
})
