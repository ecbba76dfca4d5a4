// How models answer: tasks right, bad style, abstaining where nobody is helped by it, ending by themselves.
import type { MannerResult, TruthShares } from '../contract/evaluation-contract.ts'
import { shareOf } from '../metrics/share.ts'
import { type Grade, grade, grades } from '../starter-world/grading.ts'
import { badStyleNames, withoutBadStyle } from '../starter-world/style.ts'
import { type AnswerSheet, differentQuestions, type ModelAnswer, type NumberedQuestion } from './answers.ts'

interface Answered {
  readonly question: NumberedQuestion
  readonly answer: ModelAnswer
}

/** Answers of one model at one temperature to the questions that `isAsked`. */
export function answersOf(
  sheet: AnswerSheet,
  model: number,
  temperature: number,
  isAsked: (question: NumberedQuestion) => boolean,
): Answered[] {
  return sheet.questions.flatMap(question => {
    const answer = isAsked(question) ? sheet.answer(model, temperature, question.number) : undefined
    return answer ? [{ question, answer }] : []
  })
}

/** null without answers. */
export function mannerOf(sheet: AnswerSheet, model: number, temperature: number): MannerResult | null {
  const all = answersOf(sheet, model, temperature, ({ set }) => set !== 'sum' && set !== 'prompt')
  if (all.length === 0) return null
  const tasks = all.filter(({ question }) => question.set === 'task')
  const share = (of: readonly Answered[], is: (answered: Answered) => boolean) =>
    shareOf(of.filter(is).length, of.length, independent(of))
  const isGraded =
    (wanted: Grade) =>
    ({ question, answer }: Answered) =>
      grade(question, answer) === wanted
  const found = all.map(({ answer }) => withoutBadStyle(answer.text).found)
  const inBadStyle = found.filter(({ length }) => length > 0).length
  return {
    label: sheet.labels[model]!,
    temperature,
    tasks: share(tasks, isGraded('correct')),
    tasksByUseCase: [...Map.groupBy(tasks, ({ question }) => question.group)].map(([group, of]) => ({
      group,
      right: share(of, isGraded('correct')),
    })),
    abstainsOnTasks: share(tasks, isGraded('abstains')),
    badStyle: shareOf(inBadStyle, all.length, independent(all)),
    badStyles: Object.fromEntries(
      badStyleNames.map(style => [style, found.filter(of => of.includes(style)).length / all.length]),
    ),
    stopped: share(all, ({ answer }) => answer.stopped),
    words: all.reduce((sum, { answer }) => sum + words(answer.text), 0) / all.length,
  }
}

const independent = (of: readonly Answered[]): number =>
  differentQuestions(of.map(({ question }) => question))

const words = (text: string): number => text.split(/\s+/).filter(Boolean).length

/** Greedy answers to the questions of a set. */
export function truthOfSet(sheet: AnswerSheet, model: number, set: 'known' | 'unknown'): TruthShares {
  const all = answersOf(sheet, model, 0, question => question.set === set)
  const graded = all.map(({ question, answer }) => grade(question, answer))
  const shares = Object.fromEntries(
    grades.map(each => [
      each,
      shareOf(graded.filter(is => is === each).length, all.length, independent(all)),
    ]),
  ) as Record<Grade, ReturnType<typeof shareOf>>
  const interval = (each: Grade): [number, number] => [shares[each].low, shares[each].high]
  return {
    correct: shares.correct.share,
    abstains: shares.abstains.share,
    fabricates: shares.fabricates.share,
    stopped: shareOf(all.filter(({ answer }) => answer.stopped).length, all.length).share,
    questions: all.length,
    intervals: {
      correct: interval('correct'),
      abstains: interval('abstains'),
      fabricates: interval('fabricates'),
    },
  }
}
