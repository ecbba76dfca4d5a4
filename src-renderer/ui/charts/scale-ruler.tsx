// The article's idea of scale on one log axis: your tokens beside GPT-3's and LLaMA-2's, and in 500-page books.
import { formatBooks, formatCompact, formatCount } from '../format.ts'
import { LogRuler, logPosition } from './log-ruler.tsx'

export interface RulerMark {
  readonly label: string
  readonly tokens: number
  readonly color: string
}

/** As the article counts them: GPT-3 about 0.5 T tokens, LLaMA-2 about 2 T. */
const landmarks: readonly RulerMark[] = [
  { label: 'GPT-3', tokens: 0.5e12, color: 'var(--mantine-color-dimmed)' },
  { label: 'LLaMA-2', tokens: 2e12, color: 'var(--mantine-color-dimmed)' },
]
const span = { from: 1e3, to: 1e13 }

/** Place on the axis, 0–1; what lies outside stands at its end. */
export const rulerPosition = (tokens: number): number => logPosition(tokens, span)

const asValue = ({ label, tokens, color }: RulerMark) => ({ label, value: tokens, color })

export function ScaleRuler({ marks }: { marks: readonly RulerMark[] }) {
  const mine = marks.filter(mark => mark.tokens > 0).sort((a, b) => a.tokens - b.tokens)
  return (
    <LogRuler
      span={span}
      marks={mine.map(asValue)}
      landmarks={landmarks.map(asValue)}
      describe={tokens => `${formatCount(tokens)} · ${formatBooks(tokens)}`}
      label={rulerSentence(mine)}
    />
  )
}

/** The ruler in words. */
export function rulerSentence(mine: readonly RulerMark[]): string {
  const all = [...mine, ...landmarks].map(
    mark => `${mark.label}: ${formatCompact(mark.tokens)} tokens, ${formatBooks(mark.tokens)} of 500 pages`,
  )
  return `Scale. ${all.join('. ')}`
}
