// What a person is asked to compare next. Questions come in a shuffled order of the evaluation and the labeler, so that
// the first votes already estimate what all would; pairs of models and temperatures take turns; which answer stands on
// which side is drawn for every pair.
import { randomStream } from '../random/counter.ts'
import type { AnswerSheet } from './answers.ts'
import { isInTournament, modelPairs } from './win-rates.ts'

/** A comparison: two models, by their places, at a question. */
export interface Ballot {
  readonly question: number
  readonly temperature: number
  readonly a: number
  readonly b: number
}

/**
 * All comparisons whose answers differ. Every question is asked about once before any is asked about again.
 * @param temperatures of the tournament
 */
export function voteOrder(
  sheet: AnswerSheet,
  temperatures: readonly number[],
  seed: number,
  labeler: string,
): Ballot[] {
  const contests = temperatures.flatMap(temperature =>
    modelPairs(sheet.labels.length).map(([a, b]) => ({ temperature, a, b })),
  )
  const numbers = sheet.questions.filter(isInTournament).map(({ number }) => number)
  const shuffled = (round: number) =>
    randomStream(seed, `evaluation/votes/${labeler}`, round).shuffle(numbers.map((_, i) => i))
  // Which contest a question begins with has nothing to do with where it stands in the set.
  const begins = shuffled(contests.length)
  return contests.flatMap((_, round) =>
    shuffled(round).flatMap(i => {
      const contest = contests[(begins[i]! + round) % contests.length]!
      const ballot = { question: numbers[i]!, ...contest }
      return differs(sheet, ballot) ? [ballot] : []
    }),
  )
}

function differs(sheet: AnswerSheet, { question, temperature, a, b }: Ballot): boolean {
  const [first, second] = [sheet.answer(a, temperature, question), sheet.answer(b, temperature, question)]
  if (!first || !second) return false
  return shownBlind(first.text) !== shownBlind(second.text) || first.stopped !== second.stopped
}

/** An answer as it is compared blind: white space at its beginning would tell a base model from others. */
export const shownBlind = (text: string): string => text.trim()

/** Whether `a`'s answer is shown on the left. @param place of the ballot in the order */
export const aIsLeft = (seed: number, labeler: string, place: number): boolean =>
  randomStream(seed, `evaluation/sides/${labeler}`, place).uniform() < 0.5
