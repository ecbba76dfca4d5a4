// The answers of an evaluation, as its results are counted from them.
import type { JudgedTask } from '../starter-world/labeler.ts'
import { oracleScore } from '../starter-world/labeler.ts'
import type { EvaluationQuestion } from './questions.ts'

export interface ModelAnswer {
  /** Without the token that ended it. */
  readonly text: string
  /** The model ended it itself. */
  readonly stopped: boolean
  /** Mean log-prob of its tokens, the end included, in nats, at temperature 1. */
  readonly logProb: number
}

export interface NumberedQuestion extends EvaluationQuestion {
  readonly number: number
}

/** How many of these questions are different ones: a set may ask the same one more than once. */
export const differentQuestions = (questions: readonly Pick<EvaluationQuestion, 'messages'>[]): number =>
  new Set(questions.map(({ messages }) => JSON.stringify(messages))).size

/** Models are given by their place. */
export interface AnswerSheet {
  readonly labels: readonly string[]
  /** Of all answers. */
  readonly temperatures: readonly number[]
  readonly questions: readonly NumberedQuestion[]
  /** undefined: it was not asked, or not yet. */
  answer(model: number, temperature: number, question: number): ModelAnswer | undefined
}

/** Somebody who says of two answers which is better. */
export interface Judge {
  /** As in the contract's `namedJudge`. */
  readonly id: string
  /**
   * > 0: the first is better; 0: as good as each other.
   * @param a, b models that both have answered   @returns null where the judge does not say
   */
  compare(question: NumberedQuestion, temperature: number, a: number, b: number): number | null
}

/** A judge that gives every answer a number: higher is better. */
export interface ScoringJudge extends Judge {
  /** null: it has none for this answer */
  score(question: NumberedQuestion, temperature: number, model: number): number | null
}

export function scoringJudge(id: string, score: ScoringJudge['score']): ScoringJudge {
  return {
    id,
    score,
    compare(question, temperature, a, b) {
      const [ofA, ofB] = [score(question, temperature, a), score(question, temperature, b)]
      return ofA === null || ofB === null ? null : Math.sign(ofA - ofB)
    },
  }
}

export const ORACLE = 'oracle'

/** The starter world's labeler without noise; says nothing of questions whose truth is not known. */
export const oracleOf = (sheet: AnswerSheet): ScoringJudge =>
  scoringJudge(ORACLE, (question, temperature, model) => {
    const answer = sheet.answer(model, temperature, question.number)
    return answer && isJudged(question) ? oracleScore(question, answer) : null
  })

const isJudged = (question: EvaluationQuestion): question is EvaluationQuestion & JudgedTask =>
  question.useCase !== null
