// How numbers read on every screen: Intl, SI units, three to four figures that carry meaning.
import { type Metric, metricOf, TOKENS_PER_BOOK } from '../../src-shared/metrics/metrics.ts'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })
const finePercent = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })

/** What stands where there is no number. */
export const NONE = '–'

/** `1,234`; from a million on `1.23M`. */
export function formatCount(n: number): string {
  if (!Number.isFinite(n)) return NONE
  return Math.abs(n) < 1e6 ? whole.format(n) : compact.format(n)
}

/** `1,048,576`, whatever its size: for limits and for what a person typed. */
export const formatExact = (n: number): string => (Number.isFinite(n) ? whole.format(n) : NONE)

/** `1 document`, `2 documents`, `1.2M documents`. */
export const formatCounted = (n: number, one: string, many = `${one}s`): string =>
  `${formatCount(n)} ${n === 1 ? one : many}`

/** `1.23K`, `41K`, `2T`: where room is short. */
export const formatCompact = (n: number): string => (Number.isFinite(n) ? compact.format(n) : NONE)

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
const byteFormats = byteUnits.map(
  unit =>
    new Intl.NumberFormat('en', {
      style: 'unit',
      unit,
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumSignificantDigits: 3,
    }),
)

/** SI units as disks and downloads show them: `999 bytes`, `1.12 MB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return NONE
  let power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3))
  // 999,999 would round to 1,000 kB.
  if (power < 4 && Number((bytes / 1000 ** power).toPrecision(3)) >= 1000) power++
  return byteFormats[power]!.format(bytes / 1000 ** power)
}

/** `under 1 s`, `42 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`: two units at most. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return NONE
  if (seconds < 1) return seconds === 0 ? '0 s' : 'under 1 s'
  const s = Math.round(seconds)
  const parts: [number, string][] = [
    [Math.floor(s / 86400), 'd'],
    [Math.floor(s / 3600) % 24, 'h'],
    [Math.floor(s / 60) % 60, 'min'],
    [s % 60, 's'],
  ]
  const first = parts.findIndex(([n]) => n > 0)
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ')
}

/** `about 3 min left`; an estimate does not pretend to seconds beyond one minute. */
export function formatEta(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return ''
  if (seconds < 1) return 'almost done'
  const rounded =
    seconds < 60 ? seconds : seconds < 3600 ? Math.round(seconds / 60) * 60 : Math.round(seconds / 300) * 300
  return `about ${formatDuration(rounded)} left`
}

/** `41K tok/s`. */
export const formatRate = (perSecond: number | null, unit = 'tok'): string =>
  perSecond === null || !Number.isFinite(perSecond) ? NONE : `${formatCompact(perSecond)} ${unit}/s`

/** 0.62 → `62%`; below 1% two figures, so that small probabilities stay apart. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return NONE
  return share !== 0 && Math.abs(share) < 0.01 ? finePercent.format(share) : percent.format(share)
}

/** The figure with a sign for minus that is as wide as a plus; exponents keep theirs. */
export const withMinus = (figure: string): string => figure.replace(/^-/, '−')

/** A measured number with `digits` significant figures: `1.884`, `0.00012`, `−1.2e-7`. */
export function formatNumber(n: number, digits = 4): string {
  if (Number.isNaN(n)) return 'NaN'
  if (!Number.isFinite(n)) return n > 0 ? '∞' : '−∞'
  if (n === 0) return '0'
  const size = Math.abs(n)
  if (size < 1e-4 || size >= 1e7)
    return withMinus(n.toExponential(Math.min(2, digits - 1)).replace('e+', 'e'))
  return withMinus(size >= 10 ** (digits - 1) ? whole.format(n) : n.toPrecision(digits))
}

/** A metric's value as its unit wants it, without the unit. */
export function formatMetric(name: string, value: number | undefined): string {
  if (value === undefined) return NONE
  if (name === 'num_tokens') return formatCount(value)
  if (name === 'epoch') return value.toFixed(2)
  if (name === 'tokens_per_second') return formatCompact(value)
  if (name.endsWith('accuracy')) return value.toFixed(3)
  if (name === 'learning_rate' && value !== 0) return value.toExponential(2).replace('e+', 'e')
  return formatNumber(value)
}

/** A metric as its phase means it; a name that the table does not know keeps its own spelling. */
export const describeMetric = (name: string, phase?: string): Metric =>
  metricOf(name, phase) ?? { label: name, unit: '', meaning: '', better: 'neither' }

/** Tokens in the article's yardstick: `0.004 books`, `12 books`. */
export function formatBooks(tokens: number): string {
  const books = tokens / TOKENS_PER_BOOK
  const figure = books >= 100 ? formatCount(Math.round(books)) : String(Number(books.toPrecision(2)))
  return `${figure} ${figure === '1' ? 'book' : 'books'}`
}

/** `just now`, `5 minutes ago`, then the date. */
export function formatWhen(iso: string, now: Date): string {
  const then = new Date(iso)
  const seconds = (then.getTime() - now.getTime()) / 1000
  if (Number.isNaN(seconds)) return NONE
  const ago = Math.abs(seconds)
  if (ago < 45) return 'just now'
  if (ago < 45 * 60) return relative.format(Math.round(seconds / 60), 'minute')
  if (ago < 22 * 3600) return relative.format(Math.round(seconds / 3600), 'hour')
  if (ago < 7 * 86400) return relative.format(Math.round(seconds / 86400), 'day')
  return day.format(then)
}

export const formatMoment = (iso: string): string => {
  const then = new Date(iso)
  return Number.isNaN(then.getTime()) ? NONE : moment.format(then)
}
