// A ruler with a logarithmic axis: marks of one's own from the left, landmarks to compare with from the right, and
// perhaps a range that is usual.
import { formatCompact } from '../format.ts'
import classes from './charts.module.css'

export interface RulerSpan {
  /** Both powers of ten; what lies outside stands at its end. */
  readonly from: number
  readonly to: number
}

/** Place on the axis, 0–1. */
export const logPosition = (value: number, { from, to }: RulerSpan): number =>
  Math.min(1, Math.max(0, Math.log10(Math.max(value, from) / from) / Math.log10(to / from)))

export interface LogMark {
  readonly label: string
  readonly value: number
  readonly color: string
}

export interface LogRulerProps {
  span: RulerSpan
  marks: readonly LogMark[]
  landmarks: readonly LogMark[]
  /** The usual size: drawn as a band on the axis. */
  band?: { readonly from: number; readonly to: number; readonly label: string }
  /** What stands beside a mark's name. */
  describe: (value: number) => string
  /** The ruler in words. */
  label: string
}

export function LogRuler({ span, marks, landmarks, band, describe, label }: LogRulerProps) {
  const ticks = Array.from(
    { length: Math.round(Math.log10(span.to / span.from)) + 1 },
    (_, i) => span.from * 10 ** i,
  )
  const percent = (value: number) => `${100 * logPosition(value, span)}%`
  return (
    <figure className={classes.chart} aria-label={label}>
      <div className={classes.ruler} aria-hidden>
        {band && (
          <div
            className={classes.rulerBand}
            style={{ left: percent(band.from), right: `calc(100% - ${percent(band.to)})` }}
          >
            <span>{band.label}</span>
          </div>
        )}
        <div className={classes.rulerAxis} />
        {ticks.map(tick => (
          <div key={tick} className={classes.rulerTick} style={{ left: percent(tick) }}>
            <span>{formatCompact(tick)}</span>
          </div>
        ))}
        {marks.map((mark, i) => (
          <Mark
            key={mark.label}
            mark={mark}
            text={describe(mark.value)}
            place={logPosition(mark.value, span)}
            low={i % 2 === 1}
            side="right"
          />
        ))}
        {landmarks.map((mark, i) => (
          <Mark
            key={mark.label}
            mark={mark}
            text={describe(mark.value)}
            place={logPosition(mark.value, span)}
            low={i === 0}
            side={hasMarkBefore(mark, marks, span) ? 'right' : 'left'}
          />
        ))}
      </div>
    </figure>
  )
}

/** About the width of a label, as a part of the ruler. */
const LABEL = 0.22

/** Whether one of one's own marks would cross the label of a landmark, left of it where labels stand otherwise. */
function hasMarkBefore(landmark: LogMark, marks: readonly LogMark[], span: RulerSpan): boolean {
  const place = logPosition(landmark.value, span)
  return (
    place < 1 - LABEL &&
    marks.some(mark => {
      const before = place - logPosition(mark.value, span)
      return before > 0 && before < LABEL
    })
  )
}

/** Marks near each other would write over each other: every second one stands lower. */
function Mark({
  mark,
  text,
  place,
  low,
  side,
}: {
  mark: LogMark
  text: string
  place: number
  low: boolean
  side: 'left' | 'right'
}) {
  const style = {
    left: `${100 * place}%`,
    '--mark': mark.color,
    top: low ? 24 : 0,
    height: low ? 24 : 48,
  } as React.CSSProperties
  return (
    <div className={classes.rulerMark} data-side={side} style={style}>
      <span>
        <strong>{mark.label}</strong> <span className="tabular">{text}</span>
      </span>
    </div>
  )
}
