// What a reward model is measured against, in words: where the figure comes from, and how sure it is.
import type { Agreement, ShareWithInterval } from '../../../../src-shared/contract/preferences-contract.ts'
import { predictableShare } from '../../../../src-shared/preferences/agreement.ts'
import { formatCounted, formatPercent } from '../../format.ts'

type Ceiling = NonNullable<Agreement['ceiling']>

/** `84% (74–91%)`; the interval only where there is one. */
export function shareText({ share, low, high }: ShareWithInterval): string {
  if (low === high) return formatPercent(share)
  return `${formatPercent(share)} (${formatPercent(low).replace('%', '')}–${formatPercent(high)})`
}

/** The line's name in charts. */
export const ceilingLabel = ({ source }: Ceiling): string =>
  ({
    simulated: 'simulated labels',
    self: 'your own agreement',
    between: 'agreement of labelers',
    mixed: 'people and simulated labels',
  })[source]

/** Where the ceiling comes from, as a sentence. @param why there is none */
export function ceilingSentence(ceiling: Ceiling | null, why?: Agreement['noCeiling']): string {
  if (!ceiling) return why ? `No ceiling. ${why.text}.` : 'No ceiling: agreement was not measured.'
  const { source, n } = ceiling
  const of = shareText(ceiling)
  if (source === 'simulated')
    return `${of}: the labels are simulated, and this is what their stated noise leaves right. No model can agree with them more often.`
  if (source === 'mixed')
    return `${of}: what people agree on and what the stated noise of simulated labels leaves right, each by its pairs (${formatCounted(n, 'pair')}).`
  if (source === 'self')
    return `${of}: so often the same labeler ordered a pair the same way when its prompt came back (${formatCounted(n, 'pair')}). ${beyond(ceiling)}`
  return `${of}: so often two labelers ordered the same pair the same way (${formatCounted(n, 'pair')}). ${beyond(ceiling)}`
}

/** Agreement of two labels is less than what can be predicted of one. */
const beyond = ({ share }: Ceiling): string =>
  share <= 0.5
    ? 'That is no more than chance.'
    : `Both labels err, the model only once: it can match up to ${formatPercent(predictableShare(share))} of them. One that matches more has seen the answers.`
