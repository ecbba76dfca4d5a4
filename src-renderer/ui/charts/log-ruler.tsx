// A ruler with a logarithmic axis: marks of one's own from the left, landmarks to compare with from the right, and
// perhaps a range that is usual.
import { useElementSize } from '@mantine/hooks'
import { formatCompact } from '../format.ts'
import classes from './charts.module.css'
import { placeLabels } from './ruler-labels.ts'

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

/** Of the axis before it is measured, in pixels. */
const USUAL_WIDTH = 1000
/** Of a character in the labels' size, in pixels; digits and the bold names are wider than most letters. */
const CHARACTER = 6.6
const ROWS = 3
const ROW_HEIGHT = 20

export function LogRuler({ span, marks, landmarks, band, describe, label }: LogRulerProps) {
  const { ref, width: measured } = useElementSize()
  const width = measured || USUAL_WIDTH
  const ticks = Array.from(
    { length: Math.round(Math.log10(span.to / span.from)) + 1 },
    (_, i) => span.from * 10 ** i,
  )
  const percent = (value: number) => `${100 * logPosition(value, span)}%`
  const all = [
    ...marks.map(mark => ({ mark, side: 'right' as const })),
    ...landmarks.map(mark => ({ mark, side: 'left' as const })),
  ].map(({ mark, side }) => ({ mark, side, text: describe(mark.value) }))
  const placed = placeLabels(
    all.map(({ mark, side, text }) => ({
      x: width * logPosition(mark.value, span),
      width: CHARACTER * (mark.label.length + 1 + text.length),
      side,
    })),
    width,
    ROWS,
  )
  const rows = 1 + Math.max(0, ...placed.map(({ row }) => row))
  const over = ROW_HEIGHT * rows + 8
  return (
    <figure className={classes.chart} aria-label={label}>
      <div
        ref={ref}
        className={classes.ruler}
        style={{ '--over': `${over}px` } as React.CSSProperties}
        aria-hidden
      >
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
        {all.map(({ mark, text }, i) => (
          <div
            key={mark.label}
            className={classes.rulerMark}
            data-side={placed[i]!.side}
            style={
              {
                left: percent(mark.value),
                '--mark': mark.color,
                top: ROW_HEIGHT * placed[i]!.row,
                height: over - ROW_HEIGHT * placed[i]!.row,
              } as React.CSSProperties
            }
          >
            <span>
              <strong>{mark.label}</strong> <span className="tabular">{text}</span>
            </span>
          </div>
        ))}
      </div>
    </figure>
  )
}
