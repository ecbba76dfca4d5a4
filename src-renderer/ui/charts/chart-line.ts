// What a line chart draws: measured series of runs, turned into points of the chosen x axis.
import type { RunEvent, Series } from '../../../src-shared/contract/lab-contract.ts'
import { formatCompact, formatDuration } from '../format.ts'
import { extent, nearestIndex } from './axis.ts'
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

/** More points than this per line cost time and show nothing that a chart has pixels for. */
const DRAWN_POINTS = 300

/**
 * Indices of at most `most` points that keep what the eye reads: the ends, and of each stretch its lowest and its
 * highest value, so that spikes stay; a NaN stays too, for it is a gap.
 */
export function thinned(y: Float64Array, most = DRAWN_POINTS): readonly number[] {
  if (y.length <= most) return Array.from(y, (_, i) => i)
  const stretches = Math.floor((most - 2) / 2)
  const kept = [0]
  const inner = y.length - 2
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor((stretch * inner) / stretches)
    const to = 1 + Math.floor(((stretch + 1) * inner) / stretches)
    let low = from
    let high = from
    for (let i = from + 1; i < to; i++) {
      // Once on a NaN it stays there.
      if (y[i]! < y[low]! || Number.isNaN(y[i]!)) low = i
      if (y[i]! > y[high]! || Number.isNaN(y[high]!)) high = i
    }
    kept.push(Math.min(low, high))
    if (low !== high) kept.push(Math.max(low, high))
  }
  kept.push(y.length - 1)
  return kept
}

/** Data to pixels; undefined where the axis has no place for a value. */
export type ToPixel = (value: number) => number | undefined

/** Corners of a line in pixels, in pieces: what cannot be drawn (NaN, 0 on a log axis) leaves a gap. */
export function piecesOf(
  x: Float64Array,
  y: Float64Array,
  toX: ToPixel,
  toY: ToPixel,
): readonly (readonly string[])[] {
  const pieces: string[][] = [[]]
  for (const i of thinned(y)) {
    const left = toX(x[i]!)
    const top = toY(y[i]!)
    const drawable = left !== undefined && top !== undefined && Number.isFinite(left) && Number.isFinite(top)
    if (drawable) pieces.at(-1)!.push(`${left.toFixed(1)} ${top.toFixed(1)}`)
    else if (pieces.at(-1)!.length > 0) pieces.push([])
  }
  return pieces.filter(piece => piece.length > 0)
}

export const xLabels: Record<XAxisKind, string> = { step: 'step', tokens: 'tokens', time: 'time' }
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
export const formatX = (kind: XAxisKind, x: number): string =>
  kind === 'time' ? formatDuration(x) : kind === 'step' ? whole.format(x) : formatCompact(x)

/** An event with its place on the chosen axis. */
export interface PlacedEvent {
  readonly event: RunEvent
  readonly x: number
}

/**
 * Where a step stands on the chosen axis: between measured points by proportion, before the first one from 0 on.
 * @param series any of the same run; the more points, the closer
 */
export function xOfStep(step: number, series: Series | undefined, kind: XAxisKind): number | null {
  if (kind === 'step') return step
  if (!series || series.steps.length === 0) return step === 0 ? 0 : null
  const { steps } = series
  const x = xOf(series, kind)
  const after = steps.findIndex(measured => measured >= step)
  if (after < 0) return x.at(-1)!
  const [fromStep, fromX] = after === 0 ? [0, 0] : [steps[after - 1]!, x[after - 1]!]
  const share = steps[after] === fromStep ? 1 : (step - fromStep) / (steps[after]! - fromStep)
  return fromX + share * (x[after]! - fromX)
}

/** The x range that every chart of these runs shows: from the start to the newest point of any metric. */
export function commonXRange(
  all: readonly Series[],
  kind: XAxisKind,
  log: boolean,
): readonly [number, number] | null {
  const range = extent(
    all.map(series => xOf(series, kind)),
    log,
  )
  return range && (log ? range : [Math.min(0, range[0]), range[1]])
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
