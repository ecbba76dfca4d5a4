// How many comparisons there are, beside what others needed and what the article calls usual.
import { formatCount } from '../format.ts'
import { phaseColor } from '../phases.ts'
import { LogRuler } from './log-ruler.tsx'

/** Comparisons that reward models were trained on. */
const landmarks = [
  // Ziegler et al. 2019: 5,000 were enough for a style.
  { label: 'Ziegler, a style', pairs: 5000 },
  // Stiennon et al. 2020: 64,832 comparisons of summaries.
  { label: 'Stiennon, summaries', pairs: 64_832 },
] as const
/** The article's scale of phase 3. */
const usual = { from: 100_000, to: 1_000_000, label: 'usual: 100 K to 1 M' } as const

export interface ComparisonsMark {
  readonly label: string
  readonly pairs: number
}

export function ComparisonsRuler({ marks }: { marks: readonly ComparisonsMark[] }) {
  const mine = marks.filter(mark => mark.pairs > 0).sort((a, b) => a.pairs - b.pairs)
  return (
    <LogRuler
      span={{ from: 1, to: 1e7 }}
      marks={mine.map(({ label, pairs }) => ({
        label,
        value: pairs,
        color: phaseColor('reward'),
      }))}
      landmarks={landmarks.map(({ label, pairs }) => ({
        label,
        value: pairs,
        color: 'var(--mantine-color-dimmed)',
      }))}
      band={usual}
      describe={formatCount}
      label={comparisonsSentence(mine)}
    />
  )
}

/** The ruler in words. */
export const comparisonsSentence = (mine: readonly ComparisonsMark[]): string =>
  [
    'Scale',
    ...[...mine, ...landmarks].map(({ label, pairs }) => `${label}: ${formatCount(pairs)} comparisons`),
    'Usual: 100,000 to 1,000,000 comparisons',
  ].join('. ')
