// The answers behind a number: question by question, at each temperature, with what judges say of them.
import type { AnswerFilter, AnswerRow, EvaluatedAnswer } from '../contract/evaluation-contract.ts'
import { grade } from '../starter-world/grading.ts'
import { withoutBadStyle } from '../starter-world/style.ts'
import type { AnswerSheet, Judge, NumberedQuestion, ScoringJudge } from './answers.ts'
import { isInTournament, outcomeOf } from './win-rates.ts'

/** A brainstorming task has hundreds. */
const RIGHT_ANSWERS_SHOWN = 5

interface Asked {
  readonly question: NumberedQuestion
  readonly temperature: number
}

/**
 * Rows that meet the filter, in the order of the questions; what nobody has answered yet is left out.
 * @param judges all of them; `scoring` those that give numbers
 */
export function answerRows(
  sheet: AnswerSheet,
  judges: readonly Judge[],
  scoring: readonly ScoringJudge[],
  filter: AnswerFilter,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): { total: number; rows: AnswerRow[] } {
  const met = sheet.questions
    .filter(({ set, group }) => (filter.set ?? set) === set && (filter.group ?? group) === group)
    .flatMap(question =>
      sheet.temperatures
        .filter(temperature => (filter.temperature ?? temperature) === temperature)
        .map(temperature => ({ question, temperature })),
    )
    .filter(
      asked =>
        answeredBy(sheet, asked, filter).length > 0 &&
        meetsComparison(sheet, judges, asked, filter) &&
        meetsAnswer(sheet, asked, filter) &&
        meetsSearch(sheet, asked, filter),
    )
  return {
    total: met.length,
    rows: met.slice(offset, offset + limit).map(asked => rowOf(sheet, scoring, asked, filter)),
  }
}

/** Models that are told of in a row, by their places: those that have answered. */
function answeredBy(
  sheet: AnswerSheet,
  { question, temperature }: Asked,
  { comparison }: AnswerFilter,
): number[] {
  return sheet.labels.flatMap((label, model) =>
    (!comparison || label === comparison.a || label === comparison.b) &&
    sheet.answer(model, temperature, question.number)
      ? [model]
      : [],
  )
}

function meetsComparison(
  sheet: AnswerSheet,
  judges: readonly Judge[],
  { question, temperature }: Asked,
  { comparison }: AnswerFilter,
): boolean {
  if (!comparison) return true
  const judge = judges.find(({ id }) => id === comparison.judge)
  const [a, b] = [sheet.labels.indexOf(comparison.a), sheet.labels.indexOf(comparison.b)]
  if (!judge || a < 0 || b < 0 || !isInTournament(question)) return false
  const outcome = outcomeOf(sheet, judge, question, temperature, a, b)
  return outcome !== null && (comparison.outcome ?? outcome) === outcome
}

function meetsAnswer(sheet: AnswerSheet, asked: Asked, filter: AnswerFilter): boolean {
  const { question, temperature } = asked
  const { model, grade: wanted, badStyle } = filter
  if (model === undefined && wanted === undefined && badStyle === undefined) return true
  return answeredBy(sheet, asked, filter).some(place => {
    if (model !== undefined && sheet.labels[place] !== model) return false
    const answer = sheet.answer(place, temperature, question.number)!
    if (wanted !== undefined && (!hasTruth(question) || grade(question, answer) !== wanted)) return false
    return badStyle === undefined || withoutBadStyle(answer.text).found.length > 0 === badStyle
  })
}

function meetsSearch(sheet: AnswerSheet, asked: Asked, filter: AnswerFilter): boolean {
  const { question, temperature } = asked
  const searched = filter.search?.trim().toLowerCase()
  if (!searched) return true
  return [
    ...question.messages.map(({ content }) => content),
    ...answeredBy(sheet, asked, filter).map(model => sheet.answer(model, temperature, question.number)!.text),
  ].some(text => text.toLowerCase().includes(searched))
}

const hasTruth = ({ set }: NumberedQuestion): boolean => set !== 'prompt'

function rowOf(
  sheet: AnswerSheet,
  scoring: readonly ScoringJudge[],
  asked: Asked,
  filter: AnswerFilter,
): AnswerRow {
  const { question, temperature } = asked
  const { number, set, group, messages, answers } = question
  return {
    number,
    set,
    group,
    messages: [...messages],
    right: answers.slice(0, RIGHT_ANSWERS_SHOWN),
    temperature,
    answers: answeredBy(sheet, asked, filter).map((model): EvaluatedAnswer => {
      const answer = sheet.answer(model, temperature, number)!
      return {
        label: sheet.labels[model]!,
        text: answer.text,
        stopped: answer.stopped,
        grade: hasTruth(question) ? grade(question, answer) : null,
        badStyles: withoutBadStyle(answer.text).found,
        scores: Object.fromEntries(
          scoring.flatMap(judge => {
            const score = isInTournament(question) ? judge.score(question, temperature, model) : null
            return score === null ? [] : [[judge.id, score]]
          }),
        ),
        confidence: Math.exp(answer.logProb),
      }
    }),
  }
}
