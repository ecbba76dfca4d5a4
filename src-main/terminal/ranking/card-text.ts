// A card of the ranking bench as text. What models and people wrote stands behind a margin, so that no answer can look like
// the next one, or like a line of ours.
import type { BenchCard, BenchState } from '../../../src-shared/contract/preferences-contract.ts'
import { duration, escapeControls } from '../text.ts'
import { ranksText } from './ranking-entry.ts'

export const speakers = { system: 'System', user: 'User', assistant: 'Assistant' } as const
const percent = (share: number): string => `${Math.round(100 * share)} %`

/** What the keys do, on a card of so many responses. */
export const keysHelp = (responses: number): string =>
  `1-${responses} from best to worst, = between equals, Enter next · s skip · b all bad · u undo · q quit`

/** Text behind a margin, its lines as they are. */
export function behind(margin: string, text: string): string {
  const lines = escapeControls(text).split('\n')
  const next = `${' '.repeat(margin.length - 2)}│ `
  return lines.map((line, i) => `${i === 0 ? margin : next}${line}`).join('\n')
}

/** `Prompt 12 of 44 · about 4 min left · you agree with yourself in 80 % of 10 pairs` */
function placeText({ done, total, secondsPerCard, agreement }: BenchState, labeler: string): string {
  const left = (secondsPerCard ?? 0) * (total - done)
  const own = agreement.self.find(one => one.labeler === labeler)?.agreement
  return [
    `Prompt ${Math.min(done + 1, total)} of ${total}`,
    ...(left >= 1 ? [`about ${duration(left)} left`] : []),
    ...(own && own.n > 0 ? [`you agree with yourself in ${percent(own.share)} of ${own.n} pairs`] : []),
  ].join(' · ')
}

/** @param place on the card, from 0 on */
export function answerText(
  place: number,
  { text, stopped }: { readonly text: string; readonly stopped: boolean },
): string {
  const said = text === '' ? '(nothing)' : text
  return behind(`[${place + 1}] │ `, stopped ? said : `${said} … (cut off)`)
}

export function cardText(card: BenchCard, state: BenchState, labeler: string): string {
  const messages = card.messages.map(({ role, content }) => behind(`${speakers[role]}: `, content))
  const responses = card.order.map((index, place) => {
    return answerText(place, card.responses[index]!)
  })
  const before = card.ranking && saidText(card, card.ranking)
  return [
    `── ${placeText(state, labeler)}`,
    ...messages,
    '',
    ...responses,
    ...(before ? [`You said: ${before}. Enter says it again.`] : []),
    keysHelp(card.order.length),
  ].join('\n')
}

/** What was said of a card, by the places in which its responses stand. */
export function saidText(
  { order }: Pick<BenchCard, 'order'>,
  { outcome, ranks }: NonNullable<BenchCard['ranking']>,
): string {
  if (outcome === 'skipped') return 'skipped'
  if (outcome === 'all-bad') return 'all bad'
  return ranksText(order.map(index => ranks[index] ?? null))
}
