// Axes: which range a chart shows and where its ticks stand, linear and logarithmic.
import { formatCompact, withMinus } from '../format.ts'

export interface Axis {
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
}

/** Smallest and largest drawable value; null when there is none. On a log axis only positive values can be drawn. */
export function extent(lists: readonly Float64Array[], log: boolean): [number, number] | null {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const list of lists)
    for (const value of list) {
      if (!Number.isFinite(value) || (log && value <= 0)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  return low <= high ? [low, high] : null
}

/**
 * @param tight the domain ends at the data (time axes), not at the next round tick (value axes)
 * @param stepAtLeast a round distance of ticks from the least one that is wanted
 */
export function axisFor(
  [low, high]: readonly [number, number],
  log: boolean,
  tight: boolean,
  count = 5,
  stepAtLeast: (least: number) => number = niceStep,
): Axis {
  if (log) return logAxis(low, high, tight, count)
  // Differences below rounding are no curve.
  if (high - low <= Math.abs(high) * 1e-9) {
    const room = Math.abs(low) * 0.1 || 1
    return { domain: [low - room, high + room], ticks: [Number(low.toPrecision(3))] }
  }
  const step = stepAtLeast((high - low) / count)
  if (tight) return { domain: [low, high], ticks: multiplesWithin(low, high, step) }
  const ticks = multiplesWithin(Math.floor(low / step) * step, Math.ceil(high / step) * step, step)
  return { domain: [ticks[0]!, ticks.at(-1)!], ticks }
}

/** Multiples of `step` from `low` to `high`. */
function multiplesWithin(low: number, high: number, step: number): number[] {
  // A quotient such as 2.9999999996 is 3.
  const first = Math.ceil(exact(low / step))
  const last = Math.floor(exact(high / step))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => exact((first + i) * step))
}

/** The step of 1, 2 or 5 times a power of ten that is at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * (least / power <= 1 ? 1 : least / power <= 2 ? 2 : least / power <= 5 ? 5 : 10)
}
/** There is no half step of training. */
export const wholeStep = (least: number): number => Math.max(1, niceStep(least))

const clock = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200]
const DAY_S = 86_400
/** Seconds, minutes and hours as clocks divide them; whole days beyond. */
export const clockStep = (least: number): number =>
  clock.find(step => step >= least) ?? DAY_S * wholeStep(least / DAY_S)

/** Undoes 3 · 0.1 = 0.30000000000000004. */
const exact = (value: number): number => Number(value.toPrecision(12))

/** A tick without padding: `4.5`, `30`, `40K`, `1e-4`. */
export function formatTick(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e4) return withMinus(formatCompact(value))
  if (size > 0 && size < 1e-3) return withMinus(exact(value).toExponential().replace('e+', 'e'))
  return withMinus(String(exact(value)))
}

/** Ticks at powers of ten; at 1, 2 and 5 times them when the range is short. */
function logAxis(low: number, high: number, tight: boolean, count: number): Axis {
  const [from, to] = low === high ? [low / 1.5, high * 1.5] : [low, high]
  const decades = Math.log10(to / from)
  const factors = decades > 2.5 ? [1] : decades > 0.9 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9]
  const first = Math.floor(Math.log10(from))
  const last = Math.ceil(Math.log10(to))
  const stride = Math.max(1, Math.ceil(decades / 8))
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .filter(power => power % stride === 0)
    .flatMap(power => factors.map(factor => exact(factor * 10 ** power)))
  const margin = tight ? 1 : (to / from) ** 0.04
  const domain = [from / margin, to * margin] as const
  const inside = all.filter(tick => tick >= domain[0] && tick <= domain[1])
  const ticks = spread(inside, Math.log(domain[1] / domain[0]) / (count * 1.7))
  if (ticks.length >= 2) return { domain, ticks }
  // So short a range holds no round value of its decade: evenly spaced ones read as well.
  return { domain, ticks: multiplesWithin(...domain, niceStep((domain[1] - domain[0]) / 4)) }
}

/** Those that stand at least `gap` (in natural logarithms) apart, powers of ten before 5 and 2, these before others. */
function spread(ticks: readonly number[], gap: number): number[] {
  const rank = (tick: number): number => {
    const place = [1, 5, 2].indexOf(exact(tick / 10 ** Math.floor(exact(Math.log10(tick)))))
    return place < 0 ? 3 : place
  }
  const kept: number[] = []
  for (const tick of [...ticks].sort((a, b) => rank(a) - rank(b) || a - b))
    if (kept.every(other => Math.abs(Math.log(tick / other)) >= gap)) kept.push(tick)
  return kept.sort((a, b) => a - b)
}

/** Index of the value nearest to `x` in an ascending list; −1 when it is empty. */
export function nearestIndex(ascending: Float64Array, x: number): number {
  if (ascending.length === 0) return -1
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! < x) low = middle + 1
    else high = middle
  }
  return low > 0 && x - ascending[low - 1]! <= ascending[low]! - x ? low - 1 : low
}
