// "Your own Figure 1": how often each model's answers are preferred to another's, beside what InstructGPT's paper says in
// its sentences.
import { publishedRates, publishedText } from '../evaluation/published-rates.ts'
import type { BuildReport } from './build-report.ts'
import { modelName, percent, temperatureName } from './figures.ts'
import { type Markup, markup } from './markup.ts'

interface Row {
  readonly name: string
  readonly rate: number
  readonly low: number
  readonly high: number
  readonly note: string
  readonly kind: string
}

const WIDTH = 860
const ROW = 22
const FRAME = { left: 250, right: 560, top: 22 }

export function figureOne({ winRates, judges }: Pick<BuildReport, 'winRates' | 'judges'>): Markup {
  const nameOf = (judge: string) => judges.find(({ id }) => id === judge)?.name ?? judge
  const own = winRates.map(
    ({ a, b, temperature, rate, low, high, wins, losses, ties, judge }): Row => ({
      name: `${modelName(a)} over ${modelName(b)}, ${temperatureName(temperature)}`,
      ...{ rate, low, high },
      note:
        wins + losses === 0
          ? `nothing decided, ${ties} ties`
          : `${percent(rate)} (${percent(low)} to ${percent(high)})${judges.length > 1 ? `, ${nameOf(judge)}` : ''}`,
      kind: a,
    }),
  )
  const published = publishedRates.map(
    (each): Row => ({ ...each, note: `${publishedText(each)}, published`, kind: 'published' }),
  )
  const rows = [...own, ...published]
  const { left, right, top } = FRAME
  const bottom = top + rows.length * ROW
  const at = (share: number) => (left + share * (right - left)).toFixed(1)
  return markup`<svg class="wide" viewBox="0 0 ${WIDTH} ${bottom + 22}" role="img" aria-label="${rows
    .map(({ name, note }) => `${name}: ${note}`)
    .join('; ')}">
${[0, 0.25, 0.5, 0.75, 1].map(
  share =>
    markup`<line x1="${at(share)}" x2="${at(share)}" y1="${top - 6}" y2="${bottom}" class="${share === 0.5 ? 'even' : 'grid'}"/><text x="${at(share)}" y="${bottom + 15}" text-anchor="middle" class="dim">${percent(share)}</text>`,
)}
${rows.map(({ name, rate, low, high, note, kind }, i) => {
  const y = top + (i + 0.5) * ROW
  return markup`<g class="rate ${kindClass(kind)}"><text x="${left - 10}" y="${y + 4}" text-anchor="end">${name}</text><line x1="${at(low)}" x2="${at(high)}" y1="${y}" y2="${y}" class="interval"/><circle cx="${at(rate)}" cy="${y}" r="5"/><text x="${right + 10}" y="${y + 4}" class="dim">${note}</text></g>`
})}
</svg>`
}

const kindClass = (kind: string): string =>
  ['base', 'sft', 'rlhf', 'published'].includes(kind) ? kind : 'other'
