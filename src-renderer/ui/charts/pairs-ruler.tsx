// How many {prompt, response} pairs there are, beside what the article and InstructGPT needed.
import { formatCount } from '../format.ts'
import { phaseColor } from '../phases.ts'
import { LogRuler } from './log-ruler.tsx'

/** Prompts that InstructGPT's SFT was trained on (Ouyang et al. 2022, Table 6). */
export const INSTRUCTGPT_PAIRS = 12_725
/** The article's scale of phase 2. */
export const usualPairs = { from: 10_000, to: 100_000, label: 'usual: 10 K to 100 K' } as const

export interface PairsMark {
  readonly label: string
  readonly pairs: number
}

export function PairsRuler({ marks }: { marks: readonly PairsMark[] }) {
  const mine = marks.filter(mark => mark.pairs > 0).sort((a, b) => a.pairs - b.pairs)
  return (
    <LogRuler
      span={{ from: 1, to: 1e6 }}
      marks={mine.map(({ label, pairs }) => ({ label, value: pairs, color: phaseColor('sft') }))}
      landmarks={[{ label: 'InstructGPT', value: INSTRUCTGPT_PAIRS, color: 'var(--mantine-color-dimmed)' }]}
      band={usualPairs}
      describe={pairs => `${formatCount(pairs)} pairs`}
      label={pairsSentence(mine)}
    />
  )
}

/** The ruler in words. */
export const pairsSentence = (mine: readonly PairsMark[]): string =>
  [
    'Scale',
    ...mine.map(({ label, pairs }) => `${label}: ${formatCount(pairs)} pairs`),
    `InstructGPT: ${formatCount(INSTRUCTGPT_PAIRS)} pairs`,
    'Usual: 10,000 to 100,000 pairs',
  ].join('. ')
