// What a line chart draws: measured series of runs, turned into points of the chosen x axis.
import type { RunEvent, Series } from '../../../src-shared/contract/lab-contract.ts'
import { formatCompact, formatDuration } from '../format.ts'
import { nearestIndex } from './axis.ts'
import { debiasedEma } from './ema.ts'

export type XAxisKind = 'step' | 'tokens' | 'time'

export interface ChartLine {
  readonly id: string
  readonly label: string
  /** Any CSS colour; raw and smoothed share it. */
  readonly color: string
  readonly series: Series
  readonly dashed?: boolean
  /** Few measured points (evaluations): marked each, never smoothed. */
  readonly dots?: boolean
}

/** A line ready to draw: x ascending, y as measured, `smooth` null where nothing is smoothed. */
export interface DrawnLine {
  readonly line: ChartLine
  readonly x: Float64Array
  readonly y: Float64Array
  readonly smooth: Float64Array | null
}

export const xOf = (series: Series, kind: XAxisKind): Float64Array =>
  kind === 'step' ? series.steps : kind === 'tokens' ? series.tokens : series.seconds

export function drawnLine(line: ChartLine, kind: XAxisKind, smoothing: number): DrawnLine {
  const y = line.series.values
  const smooth = line.dots || smoothing <= 0 || y.length < 3 ? null : debiasedEma(y, smoothing)
  return { line, x: xOf(line.series, kind), y, smooth }
}

export interface Point {
  readonly x: number
  readonly y: number | null
}
/** Points as Recharts takes them; what a log axis cannot show is left out, a NaN leaves a gap. */
export function pointsOf(x: Float64Array, y: Float64Array, logX: boolean, logY: boolean): Point[] {
  const points: Point[] = []
  for (let i = 0; i < x.length; i++) {
    if (logX && x[i]! <= 0) continue
    const drawable = Number.isFinite(y[i]) && !(logY && y[i]! <= 0)
    points.push({ x: x[i]!, y: drawable ? y[i]! : null })
  }
  return points
}

export const xLabels: Record<XAxisKind, string> = { step: 'step', tokens: 'tokens', time: 'time' }
export const formatX = (kind: XAxisKind, x: number): string =>
  kind === 'time'
    ? formatDuration(x)
    : kind === 'step'
      ? new Intl.NumberFormat('en').format(Math.round(x))
      : formatCompact(x)

/** Where an event stands on the chosen axis, read off the first line that reaches that step. */
export function xOfEvent(event: RunEvent, lines: readonly DrawnLine[]): number | null {
  for (const { line, x } of lines) {
    const i = nearestIndex(line.series.steps, event.step)
    if (i >= 0) return x[i]!
  }
  return null
}

/** The steps that an x range covers on one series, for asking that range again in more detail. */
export function stepsIn(
  series: Series,
  kind: XAxisKind,
  [from, to]: readonly [number, number],
): [number, number] {
  if (kind === 'step') return [Math.max(0, Math.floor(from)), Math.max(1, Math.ceil(to))]
  const x = xOf(series, kind)
  const first = nearestIndex(x, from)
  const last = nearestIndex(x, to)
  return first < 0 ? [0, 1] : [series.steps[first]!, Math.max(series.steps[last]!, series.steps[first]! + 1)]
}
