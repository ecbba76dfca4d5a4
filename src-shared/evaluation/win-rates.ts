// Who wins: every two models compared question by question, by every judge.

import type { InferOutput } from 'valibot'
import type { groupWinRate, WinRate } from '../contract/evaluation-contract.ts'
import { shareOf } from '../metrics/share.ts'
import { type AnswerSheet, differentQuestions, type Judge, type NumberedQuestion } from './answers.ts'

export interface Tally {
  readonly wins: number
  readonly losses: number
  readonly ties: number
}

/**
 * Of those comparisons that are decided, with Wilson's 95 % interval; .5 in [0, 1] where none is.
 * @param independent of the decided ones, as of `shareOf`
 */
export function rateOf(
  { wins, losses, ties }: Tally,
  independent = wins + losses,
): Pick<WinRate, keyof Tally | 'rate' | 'low' | 'high'> {
  const { share, low, high, n } = shareOf(wins, wins + losses, independent)
  return { wins, losses, ties, rate: n === 0 ? 0.5 : share, low, high }
}

/** Every two models by their places, [a, b]: a is the later one. Neighbours first, as the phases follow each other. */
export function modelPairs(models: number): [a: number, b: number][] {
  const pairs: [number, number][] = []
  for (let distance = 1; distance < models; distance++)
    for (let b = 0; b + distance < models; b++) pairs.push([b + distance, b])
  return pairs
}

/** `sum` is no contest: what is true there is told by the ladder. */
export const isInTournament = ({ set }: Pick<NumberedQuestion, 'set'>): boolean => set !== 'sum'

export type Outcome = keyof Tally

/** What the judge says of one comparison; null: nothing, or an answer is not there. */
export function outcomeOf(
  sheet: AnswerSheet,
  judge: Judge,
  question: NumberedQuestion,
  temperature: number,
  a: number,
  b: number,
): Outcome | null {
  if (!sheet.answer(a, temperature, question.number) || !sheet.answer(b, temperature, question.number))
    return null
  const said = judge.compare(question, temperature, a, b)
  if (said === null) return null
  return said > 0 ? 'wins' : said < 0 ? 'losses' : 'ties'
}

/** Pairs of which the judge says nothing are left out. @param temperatures of the tournament */
export function winRatesOf(
  sheet: AnswerSheet,
  judges: readonly Judge[],
  temperatures: readonly number[],
): { winRates: WinRate[]; winRatesByGroup: InferOutput<typeof groupWinRate>[] } {
  const questions = sheet.questions.filter(isInTournament)
  const winRates: WinRate[] = []
  const winRatesByGroup: InferOutput<typeof groupWinRate>[] = []
  for (const judge of judges)
    for (const temperature of temperatures)
      for (const [a, b] of modelPairs(sheet.labels.length)) {
        const outcomes = questions.flatMap(question => {
          const outcome = outcomeOf(sheet, judge, question, temperature, a, b)
          return outcome === null ? [] : [{ question, outcome }]
        })
        if (outcomes.length === 0) continue
        const of = { a: sheet.labels[a]!, b: sheet.labels[b]!, temperature, judge: judge.id }
        winRates.push({ ...of, ...rated(outcomes) })
        for (const [group, ofGroup] of Map.groupBy(outcomes, ({ question }) => question.group))
          winRatesByGroup.push({ ...of, group, ...rated(ofGroup) })
      }
  return { winRates, winRatesByGroup }
}

function rated(outcomes: readonly { readonly question: NumberedQuestion; readonly outcome: Outcome }[]) {
  const counts = { wins: 0, losses: 0, ties: 0 }
  for (const { outcome } of outcomes) counts[outcome]++
  const decided = outcomes.filter(({ outcome }) => outcome !== 'ties')
  return rateOf(counts, differentQuestions(decided.map(({ question }) => question)))
}
