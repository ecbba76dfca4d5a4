// The truth triangle as SVG: known facts as circles, unknown names as squares, a line from phase to phase.
import type { EvaluationFindings } from '../contract/evaluation-contract.ts'
import { spreadTags, ternaryPoint, triangleIn } from '../evaluation/ternary.ts'
import { modelClass, modelName, percent } from './figures.ts'
import { type Markup, markup, nothing } from './markup.ts'

const WIDTH = 420
const HEIGHT = 320
const LINE = 14
const LETTER = 6.6
const BESIDE = 10
const kinds = ['known', 'unknown'] as const

export function truthTriangle(truthfulness: EvaluationFindings['truthfulness']): Markup {
  const models = Object.entries(truthfulness)
  if (models.length === 0) return nothing
  const triangle = triangleIn(WIDTH, HEIGHT, { x: 54, y: 30 })
  const { top, left, right } = triangle
  const marks = kinds.flatMap(kind =>
    models.map(([label, shares]) => {
      const [x, y] = ternaryPoint(triangle, shares[kind])
      return { kind, label, x, y, says: sentence(label, kind, shares[kind]) }
    }),
  )
  // Marks of one model that lie together bear its name once.
  const named = marks.filter(
    ({ label, x, y }, i) =>
      !marks.slice(0, i).some(other => other.label === label && Math.hypot(other.x - x, other.y - y) < LINE),
  )
  const tags = spreadTags(
    named.map(({ x, y, label }) => {
      const width = modelName(label).length * LETTER
      return { x: x + BESIDE + width > WIDTH ? x - BESIDE - width : x + BESIDE, y, width }
    }),
    LINE,
    HEIGHT / 2,
    marks.map(({ x, y }) => ({ x: x - 7, y, width: 14 })),
  )
  const quarter = (correct: number, abstains: number) =>
    ternaryPoint(triangle, { correct, abstains, fabricates: 1 - correct - abstains })
      .map(value => value.toFixed(1))
      .join(' ')
  return markup`<svg class="triangle" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${marks.map(({ says }) => says).join('; ')}">
<path class="side" d="M${top.join(' ')}L${left.join(' ')}L${right.join(' ')}Z"/>
${[0.25, 0.5, 0.75].map(
  share =>
    markup`<path class="grid" d="M${quarter(share, 1 - share)}L${quarter(share, 0)}M${quarter(0, share)}L${quarter(1 - share, share)}M${quarter(1 - share, 0)}L${quarter(0, 1 - share)}"/>`,
)}
<text x="${top[0]}" y="${top[1] - 10}" text-anchor="middle" class="dim">correct</text>
<text x="${left[0]}" y="${left[1] + 20}" text-anchor="middle" class="dim">abstains</text>
<text x="${right[0]}" y="${right[1] + 20}" text-anchor="middle" class="dim">fabricates</text>
${kinds.map(
  kind =>
    markup`<polyline class="way ${kind}" points="${marks
      .filter(mark => mark.kind === kind)
      .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
      .join(' ')}"/>`,
)}
${marks.map(each => {
  const { kind, label, x, y, says } = each
  const tag = tags[named.indexOf(each)]
  const mark =
    kind === 'known'
      ? markup`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5.5"/>`
      : markup`<rect x="${(x - 5).toFixed(1)}" y="${(y - 5).toFixed(1)}" width="10" height="10"/>`
  const name = tag
    ? markup`<text x="${tag.x.toFixed(1)}" y="${(tag.y + 4).toFixed(1)}">${modelName(label)}</text>`
    : nothing
  return markup`<g class="${modelClass(label)}"><title>${says}</title>${mark}${name}</g>`
})}
</svg>`
}

const sentence = (
  label: string,
  kind: string,
  { correct, abstains, fabricates }: EvaluationFindings['truthfulness'][string]['known'],
): string =>
  `${modelName(label)}, ${kind}: ${percent(correct)} correct, ${percent(abstains)} abstain, ${percent(fabricates)} fabricated`
