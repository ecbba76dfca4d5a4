// The article's idea of scale on one log axis: your tokens beside GPT-3's and LLaMA-2's, and in 500-page books.
import { formatBooks, formatCompact, formatCount } from '../format.ts'
import classes from './charts.module.css'

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
const FROM = 1e3
const TO = 1e13

/** Place on the axis, 0–1; what lies outside stands at its end. */
export const rulerPosition = (tokens: number): number =>
  Math.min(1, Math.max(0, Math.log10(Math.max(tokens, FROM) / FROM) / Math.log10(TO / FROM)))

export function ScaleRuler({ marks }: { marks: readonly RulerMark[] }) {
  const mine = marks.filter(mark => mark.tokens > 0).sort((a, b) => a.tokens - b.tokens)
  const ticks = Array.from({ length: 11 }, (_, i) => FROM * 10 ** i)
  return (
    <figure className={classes.chart} aria-label={rulerSentence(mine)}>
      <div className={classes.ruler} aria-hidden>
        <div className={classes.rulerAxis} />
        {ticks.map(tick => (
          <div key={tick} className={classes.rulerTick} style={{ left: `${100 * rulerPosition(tick)}%` }}>
            <span>{formatCompact(tick)}</span>
          </div>
        ))}
        {mine.map((mark, i) => (
          <Mark key={mark.label} mark={mark} low={i % 2 === 1} side="right" />
        ))}
        {landmarks.map((mark, i) => (
          <Mark key={mark.label} mark={mark} low={i === 0} side="left" />
        ))}
      </div>
    </figure>
  )
}

/** Marks near each other would write over each other: every second one stands lower. */
function Mark({ mark, low, side }: { mark: RulerMark; low: boolean; side: 'left' | 'right' }) {
  const style = {
    left: `${100 * rulerPosition(mark.tokens)}%`,
    '--mark': mark.color,
    top: low ? 24 : 0,
    height: low ? 24 : 48,
  } as React.CSSProperties
  return (
    <div className={classes.rulerMark} data-side={side} style={style}>
      <span>
        <strong>{mark.label}</strong> <span className="tabular">{formatCount(mark.tokens)}</span> ·{' '}
        {formatBooks(mark.tokens)}
      </span>
    </div>
  )
}

/** The ruler in words. */
export function rulerSentence(mine: readonly RulerMark[]): string {
  const all = [...mine, ...landmarks].map(
    mark => `${mark.label}: ${formatCompact(mark.tokens)} tokens, ${formatBooks(mark.tokens)} of 500 pages`,
  )
  return `Scale. ${all.join('. ')}`
}
