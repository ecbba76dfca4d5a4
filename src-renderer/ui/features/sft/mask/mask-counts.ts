// What a mask says in figures.
import { longestFor } from '../../../../../src-shared/batches/sft-example.ts'
import type { ChatMessage, MaskXray } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { formatCount, formatCounted, formatPercent } from '../../../format.ts'

export interface MaskCounts {
  readonly tokens: number
  readonly trained: number
  /** Runs of trained tokens: one per response. */
  readonly responses: number
}

/** Nothing to read: what an import refuses, and the mask alone would let through as an end without a beginning. */
export const hasEmptyResponse = (messages: readonly ChatMessage[]): boolean =>
  messages.some(({ role, content }) => role === 'assistant' && content.trim() === '')

export function maskCounts({ trained }: Pick<MaskXray, 'trained'>): MaskCounts {
  return {
    tokens: trained.length,
    trained: trained.filter(Boolean).length,
    responses: trained.filter((lit, i) => lit && !trained[i - 1]).length,
  }
}

/** `14 tokens, 5 of them trained (36%) in 1 response; the context of 64 takes 65, the last as a target only.` Of a very long row, what is drawn of it. */
export function maskSentence(xray: MaskXray): string {
  const { tokens, trained, responses } = maskCounts(xray)
  const share = tokens > 0 ? ` (${formatPercent(trained / tokens)})` : ''
  const context =
    xray.contextLength === null
      ? ''
      : `; the context of ${formatCount(xray.contextLength)} takes ${formatCount(longestFor(xray.contextLength))}, the last as a target only`
  const all =
    xray.leftOut === 0
      ? ''
      : `The first ${formatCount(tokens)} of ${formatCount(tokens + xray.leftOut)} are drawn: `
  return `${all}${formatCounted(tokens, 'token')}, ${formatCount(trained)} of them trained${share} in ${formatCounted(
    responses,
    'response',
  )}${context}.`
}
