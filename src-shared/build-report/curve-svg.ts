// A curve over a run's steps as SVG.
import { HELD_OUT, type ReportCurve } from './build-report.ts'
import { compact } from './figures.ts'
import { type Markup, markup, nothing } from './markup.ts'

const WIDTH = 360
const HEIGHT = 170
const FRAME = { left: 44, right: WIDTH - 10, top: 12, bottom: HEIGHT - 24 }
const TICKS = 4

/** Round values from the one at or below `low` to the one at or above `high`. */
export function roundTicks(low: number, high: number, about = TICKS): number[] {
  // Differences below rounding are no curve.
  const span = Math.max(high - low, Math.abs(high) * 1e-6, 1e-9)
  const least = span / about
  const power = 10 ** Math.floor(Math.log10(least))
  const step = [1, 2, 5, 10].map(times => times * power).find(each => each >= least * (1 - 1e-9))!
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9))
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

const n = (value: number): string => value.toFixed(1)

/** Nothing for a curve without two points. */
export function curveSvg({ title, unit, lines }: ReportCurve): Markup {
  const drawable = lines
    .map(({ name, points }) => ({
      name,
      points: points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)),
    }))
    .filter(({ points }) => points.length > 1)
  if (drawable.length === 0) return nothing
  const all = drawable.flatMap(({ points }) => points)
  const xs = all.map(([x]) => x)
  const ys = all.map(([, y]) => y)
  const [from, to] = [Math.min(...xs), Math.max(...xs)]
  const ticks = roundTicks(Math.min(...ys), Math.max(...ys))
  const [bottom, top] = [ticks[0]!, ticks.at(-1)!]
  const { left, right } = FRAME
  const xAt = (x: number) => left + ((x - from) / (to - from || 1)) * (right - left)
  const yAt = (y: number) => FRAME.bottom - ((y - bottom) / (top - bottom)) * (FRAME.bottom - FRAME.top)
  const last = drawable.map(({ name, points }) => `${name} ${compactSigned(points.at(-1)![1])}`).join(', ')
  return markup`<figure class="curve"><figcaption>${title}${unit ? `, ${unit}` : ''}<span>${drawable.map(
    ({ name }) => markup`<i class="${lineClass(name)}"></i>${name} `,
  )}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${`${title}, step ${from} to ${to}: ends at ${last}`}">
${ticks.map(
  tick =>
    markup`<line x1="${left}" x2="${right}" y1="${n(yAt(tick))}" y2="${n(yAt(tick))}" class="grid"/><text x="${left - 5}" y="${n(yAt(tick) + 3.5)}" text-anchor="end" class="dim">${compactSigned(tick)}</text>`,
)}
<text x="${left}" y="${HEIGHT - 8}" class="dim">${compact(from)}</text>
<text x="${right}" y="${HEIGHT - 8}" text-anchor="end" class="dim">step ${compact(to)}</text>
${drawable.map(
  ({ name, points }) =>
    markup`<polyline class="line ${lineClass(name)}" points="${points.map(([x, y]) => `${n(xAt(x))},${n(yAt(y))}`).join(' ')}"/>${
      name === HELD_OUT
        ? points.map(
            ([x, y]) =>
              markup`<circle class="${lineClass(name)}" cx="${n(xAt(x))}" cy="${n(yAt(y))}" r="2.2"/>`,
          )
        : nothing
    }`,
)}
</svg></figure>`
}

/** Held out stands out: it is what counts, and training is noisy. */
const lineClass = (name: string): string => (name === HELD_OUT ? 'held' : 'training')

const compactSigned = (value: number): string => (value < 0 ? `−${compact(-value)}` : compact(value))
