// An evaluation read whole: its questions, answers and judges, as results are counted from them.
import type { NamedJudge } from '../../../src-shared/contract/evaluation-contract.ts'
import {
  type AnswerSheet,
  type Judge,
  type NumberedQuestion,
  ORACLE,
  oracleOf,
  type ScoringJudge,
  scoringJudge,
} from '../../../src-shared/evaluation/answers.ts'
import type { Db } from '../database/open.ts'
import {
  type AnswerPlace,
  readAnswers,
  readScores,
  type StoredAnswer,
} from '../database/queries/evaluation-answers.ts'
import { readVotes, type StoredVote } from '../database/queries/evaluation-votes.ts'
import { getEvaluation, readQuestions, type StoredEvaluation } from '../database/queries/evaluations.ts'

export interface OpenedEvaluation {
  readonly stored: StoredEvaluation
  readonly sheet: AnswerSheet
  readonly judges: readonly { readonly named: NamedJudge; readonly judge: Judge }[]
  /** Those of them that give every answer a number. */
  readonly scoring: readonly ScoringJudge[]
}

const keyOf = (model: number, temperature: number, number: number): string =>
  `${model} ${temperature} ${number}`
const keyOfPlace = ({ model, temperature, number }: AnswerPlace): string => keyOf(model, temperature, number)

/** @throws LabError `not-found` */
export function openEvaluation(db: Db, id: string): OpenedEvaluation {
  const stored = getEvaluation(db, id)
  const { models, judges } = stored.setting
  const sheet = sheetOf(
    models.map(({ label }) => label),
    readQuestions(db, id),
    readAnswers(db, id),
  )
  const scoring = judges.map(({ id: judge }) =>
    judge === ORACLE ? oracleOf(sheet) : rewardJudge(db, id, judge),
  )
  const people = Map.groupBy(readVotes(db, id), ({ labeler }) => labeler)
  return {
    stored,
    sheet,
    judges: [
      ...judgesOf(stored.setting).map((named, i) => ({ named, judge: scoring[i]! })),
      ...[...people].map(([labeler, votes]) => personJudge(labeler, votes)),
    ],
    scoring,
  }
}

/** Those that judge by themselves. */
export const judgesOf = ({ judges }: StoredEvaluation['setting']): NamedJudge[] =>
  judges.map(({ checkpoint: _, ...named }) => named)

/** A person as a judge. */
export const personsName = (labeler: string): NamedJudge => ({
  id: `person:${labeler}`,
  by: 'person',
  name: labeler,
  trainedAgainst: [],
})

function sheetOf(
  labels: readonly string[],
  questions: readonly NumberedQuestion[],
  answers: readonly StoredAnswer[],
): AnswerSheet {
  const byPlace = new Map(answers.map(answer => [keyOfPlace(answer), answer]))
  return {
    labels,
    temperatures: [...new Set(answers.map(({ temperature }) => temperature))].sort((a, b) => b - a),
    questions,
    answer: (model, temperature, number) => byPlace.get(keyOf(model, temperature, number)),
  }
}

function rewardJudge(db: Db, evaluation: string, judge: string): ScoringJudge {
  const scores = new Map(readScores(db, evaluation, judge).map(score => [keyOfPlace(score), score.score]))
  return scoringJudge(
    judge,
    ({ number }, temperature, model) => scores.get(keyOf(model, temperature, number)) ?? null,
  )
}

const said: Readonly<Record<StoredVote['choice'], number | null>> = { a: 1, b: -1, tie: 0, skip: null }

function personJudge(labeler: string, votes: readonly StoredVote[]): OpenedEvaluation['judges'][number] {
  const ballotOf = (question: number, temperature: number, a: number, b: number) =>
    `${question} ${temperature} ${a} ${b}`
  const choices = new Map(
    votes.map(({ question, temperature, a, b, choice }) => [ballotOf(question, temperature, a, b), choice]),
  )
  const named = personsName(labeler)
  return {
    named,
    judge: {
      id: named.id,
      compare({ number }, temperature, a, b) {
        const choice = choices.get(ballotOf(number, temperature, a, b))
        return choice === undefined ? null : said[choice]
      },
    },
  }
}
