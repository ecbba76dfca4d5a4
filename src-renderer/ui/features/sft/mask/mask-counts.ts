// What a mask says in figures.
import type { MaskXray } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { formatCount, formatCounted, formatPercent } from '../../../format.ts'

export interface MaskCounts {
  readonly tokens: number
  readonly trained: number
  /** Runs of trained tokens: one per response. */
  readonly responses: number
}

export function maskCounts({ trained }: Pick<MaskXray, 'trained'>): MaskCounts {
  return {
    tokens: trained.length,
    trained: trained.filter(Boolean).length,
    responses: trained.filter((lit, i) => lit && !trained[i - 1]).length,
  }
}

/** `14 tokens, 5 of them trained (36%) in 1 response; the context holds 64.` Of a very long row, what is drawn of it. */
export function maskSentence(xray: MaskXray): string {
  const { tokens, trained, responses } = maskCounts(xray)
  const share = tokens > 0 ? ` (${formatPercent(trained / tokens)})` : ''
  const context = xray.contextLength === null ? '' : `; the context holds ${formatCount(xray.contextLength)}`
  const all =
    xray.leftOut === 0
      ? ''
      : `The first ${formatCount(tokens)} of ${formatCount(tokens + xray.leftOut)} are drawn: `
  return `${all}${formatCounted(tokens, 'token')}, ${formatCount(trained)} of them trained${share} in ${formatCounted(
    responses,
    'response',
  )}${context}.`
}
