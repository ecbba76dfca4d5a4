// The roofline as an SVG file that stands alone: light or dark as its viewer is, with a title for those who cannot see it.
import type { BenchReport } from './report.ts'
import { type Roofline, rooflineOf } from './roofline.ts'
import { rooflineSentence, tickText } from './roofline-text.ts'

const STYLE = `
  svg { font: 10px system-ui, sans-serif; background: #fff; color: #1f242b;
    --paper: #fff; --grid: #e3e6eb; --dim: #5d6671; --ours: #4263eb }
  @media (prefers-color-scheme: dark) { svg { background: #181d23; color: #d5dae1;
    --paper: #181d23; --grid: #2c333c; --dim: #aab2bd; --ours: #91a7ff } }
  text { fill: currentColor } .dim { fill: var(--dim) } .grid { stroke: var(--grid) }
  .roof { fill: none; stroke: currentColor; stroke-width: 1.5 } .one { stroke-dasharray: 5 3; stroke-width: 1 }
  .task { stroke: var(--dim); stroke-dasharray: 1 3 }
  .simd, .fused { fill: var(--ours) } .composed { fill: var(--dim) }
  .stock { fill: var(--paper); stroke: var(--dim); stroke-width: 1.5 }`

const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"]/g, mark => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[mark]!)

const n = (value: number): string => value.toFixed(1)

/** null when the report has no point to draw. */
export function rooflineSvg(report: BenchReport, size = { width: 760, height: 460 }): string | null {
  const picture = rooflineOf(report, size)
  return picture && draw(picture, rooflineSentence(report))
}

function draw(
  { width, height, frame, xTicks, yTicks, roofs, tasks, points }: Roofline,
  title: string,
): string {
  const { left, right, top, bottom } = frame
  const text = (x: number, y: number, words: string, rest = '') =>
    `<text x="${n(x)}" y="${n(y)}" ${rest}>${escapeMarkup(words)}</text>`
  const line = (x1: number, y1: number, x2: number, y2: number, kind: string) =>
    `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" class="${kind}"/>`
  const parts = [
    ...xTicks.flatMap(({ value, at }) => [
      line(at, top, at, bottom, 'grid'),
      text(at, bottom + 14, tickText(value), 'text-anchor="middle" class="dim"'),
    ]),
    ...yTicks.flatMap(({ value, at }) => [
      line(left, at, right, at, 'grid'),
      text(left - 6, at + 3, tickText(value / 1e9), 'text-anchor="end" class="dim"'),
    ]),
    text((left + right) / 2, height - 6, 'FLOP per byte', 'text-anchor="middle" class="dim"'),
    text(6, 12, 'GFLOP/s', 'class="dim"'),
    ...roofs.flatMap(({ label, threads, line: places, labelAt }) => [
      `<polyline points="${places.map(({ x, y }) => `${n(x)},${n(y)}`).join(' ')}" class="roof${threads === 1 ? ' one' : ''}"/>`,
      text(labelAt.x, labelAt.y + 3.5, label),
    ]),
    ...tasks.flatMap(({ label, x, labelAt }) => [
      line(x, top, x, bottom, 'task'),
      text(labelAt.x, labelAt.y, label, 'text-anchor="middle"'),
    ]),
    ...points.flatMap(({ at, labelAt, anchor, label, kernels, mode }) => [
      mode === 'train'
        ? `<circle cx="${n(at.x)}" cy="${n(at.y)}" r="4.5" class="${kernels}"/>`
        : `<rect x="${n(at.x - 4)}" y="${n(at.y - 4)}" width="8" height="8" class="${kernels}"/>`,
      text(labelAt.x, labelAt.y + 3.5, label, `text-anchor="${anchor}"`),
    ]),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeMarkup(title)}</title>
<style>${STYLE}</style>
${parts.join('\n')}
</svg>
`
}
