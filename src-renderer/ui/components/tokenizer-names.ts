// Tokenizers in lists: the person's own first, newest on top, then the foreign ones.
import type { TokenizerSummary } from '../../../src-shared/contract/lab-contract.ts'
import { formatCount } from '../format.ts'
import { visible } from './plain-text.tsx'

const kinds = { bpe: 'BPE', character: 'characters', foreign: 'built in' } as const

/** Names that the app gave say kind and size already. */
export function tokenizerLabel(t: TokenizerSummary): string {
  const size = formatCount(t.vocabularySize)
  return [visible(t.name), kinds[t.kind], `${size} tokens`]
    .filter((part, i) => i === 0 || !t.name.includes(i === 1 ? part : size))
    .join(' · ')
}

export const inListOrder = (tokenizers: readonly TokenizerSummary[]): TokenizerSummary[] =>
  tokenizers
    .filter(t => t.removedAt === null)
    .sort(
      (a, b) =>
        Number(a.kind === 'foreign') - Number(b.kind === 'foreign') ||
        (b.createdAt ?? '').localeCompare(a.createdAt ?? '') ||
        a.vocabularySize - b.vocabularySize,
    )

/** What stands side by side at first: the person's newest beside GPT-4's, as the article shows it. */
export function firstPair(tokenizers: readonly TokenizerSummary[]): [string | null, string | null] {
  const listed = inListOrder(tokenizers)
  const own = listed.find(t => t.kind !== 'foreign')
  const gpt4 = listed.find(t => t.id === 'gpt4')
  const gpt2 = listed.find(t => t.id === 'gpt2')
  const left = own ?? gpt2 ?? listed[0]
  const right = [gpt4, gpt2, ...listed].find(t => t && t.id !== left?.id)
  return [left?.id ?? null, right?.id ?? null]
}
