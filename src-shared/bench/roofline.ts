// The roofline picture (Williams, Waterman, Patterson 2009) as geometry: how many FLOPs a task has per byte it must move,
// against the FLOPs per second it reached, under the roof that bandwidth and FMA rate allow. Drawn by roofline-svg.ts for
// files and by the Device page. Caches can lift a point above the slanted part: they spare bytes that are counted here.
import { boxOf, labelWidth, type Place, placeLabels } from './label-places.ts'
import { type BenchReport, type BenchResult, modeNames } from './report.ts'
import { type BenchSizeName, benchSizes } from './sizes.ts'
import { benchWork } from './work.ts'

export interface RooflinePoint {
  readonly size: string
  readonly mode: BenchResult['mode']
  readonly kernels: BenchResult['kernels']
  /** `simd, 2 threads` */
  readonly label: string
  /** FLOP per byte. */
  readonly intensity: number
  readonly flopsPerSecond: number
}

export interface Tick {
  readonly value: number
  readonly at: number
}

/** Everything in pixels of the picture, (0, 0) at its upper left. */
export interface Roofline {
  readonly width: number
  readonly height: number
  /** The plot without its axes. */
  readonly frame: {
    readonly left: number
    readonly right: number
    readonly top: number
    readonly bottom: number
  }
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  readonly roofs: readonly {
    readonly label: string
    readonly threads: number
    /** Left end, ridge, right end. */
    readonly line: readonly Place[]
    /** Its left end. */
    readonly labelAt: Place
  }[]
  /** One per task, where its points stand above each other. */
  readonly tasks: readonly { readonly label: string; readonly x: number; readonly labelAt: Place }[]
  readonly points: readonly (RooflinePoint & {
    readonly at: Place
    readonly labelAt: Place
    readonly anchor: 'start' | 'end'
  })[]
}

/** Over the highest roof. */
const ROOM_FOR_LABELS = 1.3
const LABEL_GAP = 6
const MARGIN = { left: 46, right: 14, top: 46, bottom: 38 }

/** What `benchSizes` does not know has no point: its work is unknown. */
export function rooflinePoints(results: readonly BenchResult[]): RooflinePoint[] {
  return results.flatMap(({ size, mode, kernels, threads, flopsPerSecond }) => {
    const known = benchSizes[size as BenchSizeName]
    if (!known) return []
    const { flops, bytes } = benchWork(known, mode)
    const label = threads > 1 ? `${kernels}, ${threads} threads` : kernels
    return [{ size, mode, kernels, label, intensity: flops / bytes, flopsPerSecond }]
  })
}

/** null when there is nothing to draw. */
export function rooflineOf(
  { results, ceiling }: Pick<BenchReport, 'results' | 'ceiling'>,
  { width, height }: { width: number; height: number },
): Roofline | null {
  const points = rooflinePoints(results)
  if (points.length === 0) return null
  const frame = {
    left: MARGIN.left,
    right: width - MARGIN.right,
    top: MARGIN.top,
    bottom: height - MARGIN.bottom,
  }
  const roofs = ceiling ? roofsOf(ceiling) : []
  const x = logScale(
    [...points.map(p => p.intensity), ...roofs.map(roof => roof.flops / roof.bytes)],
    [frame.left, frame.right],
  )
  const y = logScale(
    [...points.map(p => p.flopsPerSecond), ...roofs.map(roof => roof.flops)],
    [frame.bottom, frame.top],
    ROOM_FOR_LABELS,
  )
  // Right of all ridges, so that no label lies on another roof.
  const labelsFrom = Math.max(...roofs.map(({ flops, bytes }) => x.at(flops / bytes))) + 8
  const named = roofs.map((roof, i) => {
    const line = roofLine(roof, x, y)
    // That of all above its line, that of one thread under it.
    const labelAt = { x: labelsFrom, y: line[1]!.y + (i === 0 ? -8 : 9) }
    return { label: roofLabel(roof), threads: roof.threads, line, labelAt }
  })
  const placed = points.map(point => ({
    ...point,
    at: { x: x.at(point.intensity), y: y.at(point.flopsPerSecond) },
  }))
  return {
    width,
    height,
    frame,
    xTicks: x.ticks,
    yTicks: y.ticks,
    roofs: named,
    tasks: taskLabels(placed, frame),
    points: placeLabels(
      placed,
      frame,
      named.map(({ label, labelAt }) => boxOf(label, labelAt)),
    ),
  }
}

interface Roof {
  readonly threads: number
  /** Per second. */
  readonly flops: number
  readonly bytes: number
}

function roofsOf(ceiling: NonNullable<BenchReport['ceiling']>): Roof[] {
  const { threads, flopsPerSecond, copyBytesPerSecond } = ceiling
  const one = {
    threads: 1,
    flops: ceiling.flopsPerSecondOneThread,
    bytes: ceiling.copyBytesPerSecondOneThread,
  }
  return threads > 1 ? [{ threads, flops: flopsPerSecond, bytes: copyBytesPerSecond }, one] : [one]
}

const roofLabel = ({ threads, flops, bytes }: Roof): string =>
  `${threads === 1 ? '1 thread' : `${threads} threads`}: ${giga(flops)} GFLOP/s, ${giga(bytes)} GB/s`

const giga = (value: number): string => (value / 1e9).toPrecision(3)

interface LogScale {
  readonly low: number
  readonly high: number
  readonly ticks: readonly Tick[]
  at(value: number): number
}

/**
 * From the 1, 2 or 5 times a power of ten below all values to the one above; a tick at each of these, or at tens.
 * @param room the upper end is at least this many times the largest value
 */
export function logScale(
  values: readonly number[],
  [from, to]: readonly [number, number],
  room = 1.05,
): LogScale {
  const grid = Array.from({ length: 75 }, (_, i) => [1, 2, 5][i % 3]! * 10 ** (Math.floor(i / 3) - 4))
  const smallest = Math.min(...values)
  const largest = Math.max(...values)
  const low = grid.findLast(value => value < smallest * 0.95) ?? grid[0]!
  const high = grid.find(value => value > largest * room) ?? grid.at(-1)!
  const at = (value: number) => from + ((to - from) * Math.log(value / low)) / Math.log(high / low)
  const inside = grid.filter(value => value >= low && value <= high)
  const isTen = (value: number) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9
  const shown = inside.length > 8 ? inside.filter(isTen) : inside
  return { low, high, at, ticks: shown.map(value => ({ value, at: at(value) })) }
}

/** Up the bandwidth until the FMA rate, then flat; cut where the picture begins. */
function roofLine({ flops, bytes }: Roof, x: LogScale, y: LogScale): Place[] {
  const start = Math.max(x.low, y.low / bytes)
  const ridge = flops / bytes
  return [
    { x: x.at(start), y: y.at(start * bytes) },
    { x: x.at(ridge), y: y.at(flops) },
    { x: x.at(x.high), y: y.at(flops) },
  ]
}

/** Names of the tasks above the plot, in up to three lines where they would touch. */
function taskLabels(
  points: readonly (RooflinePoint & { at: Place })[],
  { left, right, top }: Roofline['frame'],
): Roofline['tasks'] {
  const byName = new Map(points.map(({ size, mode, at }) => [`${size}, ${modeNames[mode]}`, at.x]))
  /** Where each line is full up to. */
  const ends = [left, left, left].map(end => end - LABEL_GAP)
  return [...byName]
    .sort(([, a], [, b]) => a - b)
    .map(([label, x]) => {
      const half = labelWidth(label) / 2
      const middle = Math.min(Math.max(x, left + half), right - half)
      const free = ends.findIndex(end => middle - half >= end + LABEL_GAP)
      const line = free < 0 ? 0 : free
      ends[line] = middle + half
      return { label, x, labelAt: { x: middle, y: top - 6 - 13 * line } }
    })
}
