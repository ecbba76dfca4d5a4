// Answers of an evaluation, written down by hand.
import type { AnswerSheet, ModelAnswer, NumberedQuestion } from '../../../src-shared/evaluation/answers.ts'

export const question = (number: number, more: Partial<NumberedQuestion> = {}): NumberedQuestion => ({
  number,
  set: 'known',
  group: 'known',
  messages: [{ role: 'user', content: `Question ${number}?` }],
  answers: ['Right.'],
  useCase: 'open-qa',
  ...more,
})

export const said = (text: string, more: Partial<ModelAnswer> = {}): ModelAnswer => ({
  text,
  stopped: true,
  logProb: 0,
  ...more,
})

/** @param answers of each label, in the order of the questions, the same at every temperature; undefined = not asked */
export function sheetOf(
  questions: readonly NumberedQuestion[],
  answers: Readonly<Record<string, readonly (ModelAnswer | undefined)[]>>,
  temperatures: readonly number[] = [0],
): AnswerSheet {
  const labels = Object.keys(answers)
  return {
    labels,
    temperatures,
    questions,
    answer: (model, temperature, number) =>
      temperatures.includes(temperature)
        ? answers[labels[model]!]![questions.findIndex(each => each.number === number)]
        : undefined,
  }
}
