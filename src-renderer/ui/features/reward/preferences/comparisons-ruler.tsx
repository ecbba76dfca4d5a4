// How many comparisons there are, beside what the article and InstructGPT needed.
import { LogRuler } from '../../../charts/log-ruler.tsx'
import { formatCount } from '../../../format.ts'
import { phaseColor } from '../../../phases.ts'

/** Prompts that InstructGPT's reward model was trained on, of 4 to 9 ranked responses each (Ouyang et al. 2022, Table 6). */
export const INSTRUCTGPT_PROMPTS = 33_207
/** The article's scale of phase 3. */
export const usualComparisons = { from: 100_000, to: 1_000_000, label: 'usual: 100 K to 1 M' } as const

export interface ComparisonsMark {
  readonly label: string
  readonly pairs: number
}

export function ComparisonsRuler({ marks }: { marks: readonly ComparisonsMark[] }) {
  const mine = marks.filter(mark => mark.pairs > 0).sort((a, b) => a.pairs - b.pairs)
  return (
    <LogRuler
      span={{ from: 1, to: 1e7 }}
      marks={mine.map(({ label, pairs }) => ({ label, value: pairs, color: phaseColor('reward') }))}
      landmarks={[
        {
          label: 'InstructGPT, prompts of 4 to 9',
          value: INSTRUCTGPT_PROMPTS,
          color: 'var(--mantine-color-dimmed)',
        },
      ]}
      band={usualComparisons}
      describe={pairs => formatCount(pairs)}
      label={comparisonsSentence(mine)}
    />
  )
}

/** The ruler in words. */
export const comparisonsSentence = (mine: readonly ComparisonsMark[]): string =>
  [
    'Scale',
    ...mine.map(({ label, pairs }) => `${label}: ${formatCount(pairs)} comparisons`),
    `InstructGPT: ${formatCount(INSTRUCTGPT_PROMPTS)} prompts of 4 to 9 ranked responses`,
    'Usual: 100,000 to 1 million comparisons',
  ].join('. ')
