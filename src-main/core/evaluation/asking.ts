// The work of an evaluation: every question asked of every checkpoint, then what reward models say of the answers. Each
// batch depends on the evaluation alone and is on the disk when it is done; what was cut off goes on with the batch that
// was lost.
import { askingsOf } from '../../../src-shared/evaluation/questions.ts'
import { isInTournament } from '../../../src-shared/evaluation/win-rates.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import type { Db } from '../database/open.ts'
import {
  type AnswerPlace,
  readAnswers,
  readScores,
  type StoredAnswer,
  saveAnswers,
  saveScores,
} from '../database/queries/evaluation-answers.ts'
import { type EvaluationSetting, getEvaluation, readQuestions } from '../database/queries/evaluations.ts'
import type { QuestionBatches, WrittenAnswer } from '../generation/question-batches.ts'
import type { JobControl } from '../jobs/jobs.ts'
import type { ResponseToScore, RewardScores } from '../reward/reward-scores.ts'

export interface AskingParts {
  readonly db: Db
  readonly questions: Pick<QuestionBatches, 'ask' | 'lengths'>
  readonly scores: Pick<RewardScores, 'score' | 'lengths'>
}

type Question = ReturnType<typeof readQuestions>[number]

/** Questions of one batch: several times as many as are written at a time. */
const QUESTIONS_AT_ONCE = 256

/** Questions that each model answers at each temperature. */
export function askedAt(
  { parts, temperatures }: Pick<EvaluationSetting, 'parts' | 'temperatures'>,
  questions: readonly Pick<Question, 'set'>[],
): Map<number, Set<string>> {
  const present = new Set(questions.map(({ set }) => set))
  return new Map(
    [...Map.groupBy(askingsOf(parts, temperatures), ({ temperature }) => temperature)].flatMap(
      ([temperature, askings]) => {
        const sets = new Set<string>(askings.map(({ set }) => set).filter(set => present.has(set)))
        return sets.size === 0 ? [] : [[temperature, sets] as const]
      },
    ),
  )
}

/** Answers that an evaluation will have. */
export function plannedAnswers(
  setting: Pick<EvaluationSetting, 'models' | 'parts' | 'temperatures'>,
  questions: readonly Pick<Question, 'set'>[],
): number {
  const perModel = [...askedAt(setting, questions).values()].map(
    sets => questions.filter(({ set }) => sets.has(set)).length,
  )
  return setting.models.length * perModel.reduce((sum, n) => sum + n, 0)
}

/**
 * Asks what is not answered yet, and has scored what is not scored yet.
 * @throws LabError `cancelled`; what a checkpoint fails with. What is stored stays
 */
export async function askAll(parts: AskingParts, id: string, job: JobControl): Promise<void> {
  const { setting, planned } = getEvaluation(parts.db, id)
  const questions = readQuestions(parts.db, id)
  const judged = setting.judges.flatMap(({ id, name, checkpoint }) =>
    checkpoint === null ? [] : [{ id, name, checkpoint }],
  )
  const toScore = planned === 0 ? 0 : tournamentAnswers(setting, questions)
  const total = planned + judged.length * toScore
  const tell = (done: number, note: string) => job.progress({ done, total, unit: 'answers', note })

  let done = await answer(parts, id, { setting, questions, job, tell })
  for (const judge of judged) {
    await score(parts, id, judge, {
      setting,
      questions,
      job,
      tell: n => tell(done + n, `${judge.name} judges`),
    })
    done += toScore
  }
}

interface Work {
  readonly setting: EvaluationSetting
  readonly questions: readonly Question[]
  readonly job: JobControl
}

/** @returns answers that are there then */
async function answer(
  { db, questions: batches }: AskingParts,
  id: string,
  { setting, questions, job, tell }: Work & { readonly tell: (done: number, note: string) => void },
): Promise<number> {
  const { models, seed, maxTokens } = setting
  const there = new Set(readAnswers(db, id).map(keyOf))
  let done = there.size
  for (const [model, { label, checkpoint }] of models.entries())
    for (const [temperature, sets] of askedAt(setting, questions)) {
      const asked = questions.filter(({ set }) => sets.has(set))
      for (let first = 0; first < asked.length; first += QUESTIONS_AT_ONCE) {
        const batch = asked.slice(first, first + QUESTIONS_AT_ONCE)
        if (batch.every(({ number }) => there.has(keyOf({ model, temperature, number })))) continue
        job.signal.throwIfAborted()
        const note = `${label} answers ${temperature === 0 ? 'greedily' : `at temperature ${temperature}`}`
        tell(done, note)
        const answers = await batches.ask(
          checkpoint,
          batch.map(({ number, messages }) => ({ prompt: messages, seed: answerSeed(seed, number) })),
          {
            mode: 'template',
            sampling: { temperature, topK: 0, topP: 1, maxTokens },
            signal: job.signal,
            onProgress: written => tell(done + written, note),
          },
        )
        saveAnswers(
          db,
          id,
          answers.map((written, i) => ({ ...stored(written), model, temperature, number: batch[i]!.number })),
        )
        done += batch.length
      }
    }
  return done
}

/** The same for a question in all columns. */
export const answerSeed = (seed: number, number: number): number =>
  randomStream(seed, 'evaluation/answers', number).uint32()

function stored({
  text,
  stopped,
  logProbs,
}: WrittenAnswer): Pick<StoredAnswer, 'text' | 'stopped' | 'logProb'> {
  const sum = logProbs.reduce((sum, logProb) => sum + logProb, 0)
  return { text, stopped, logProb: sum / Math.max(1, logProbs.length) }
}

/** Equal answers to a question are scored once; those that the judge's context does not take get none. */
async function score(
  { db, scores }: AskingParts,
  id: string,
  judge: { readonly id: string; readonly checkpoint: string },
  { setting, questions, job, tell }: Work & { readonly tell: (done: number) => void },
): Promise<void> {
  const { temperatures } = setting
  const byNumber = new Map(questions.map(question => [question.number, question]))
  const there = new Set(readScores(db, id, judge.id).map(keyOf))
  const missing = readAnswers(db, id).filter(
    answer =>
      isInTournament(byNumber.get(answer.number)!) &&
      temperatures.includes(answer.temperature) &&
      !there.has(keyOf(answer)),
  )
  const equal = [
    ...Map.groupBy(missing, ({ number, text, stopped }) => JSON.stringify([number, text, stopped])).values(),
  ]
  const { checkpoint } = judge
  let done = there.size
  for (let first = 0; first < equal.length; first += QUESTIONS_AT_ONCE) {
    const batch = equal.slice(first, first + QUESTIONS_AT_ONCE)
    const responses = batch.map(
      ([one]): ResponseToScore => ({
        messages: byNumber.get(one!.number)!.messages,
        text: one!.text,
        stopped: one!.stopped,
      }),
    )
    job.signal.throwIfAborted()
    tell(done)
    const { lengths, contextLength } = await scores.lengths(checkpoint, responses)
    const fits = (_: unknown, i: number) => lengths[i]! <= contextLength
    const scored = (await scores.score(checkpoint, responses.filter(fits), { signal: job.signal })).values()
    const rows = batch.flatMap((answers, i) => {
      const score = fits(null, i) ? scored.next().value!.score : null
      return answers.map(({ model, temperature, number }) => ({ model, temperature, number, score }))
    })
    saveScores(db, id, judge.id, rows)
    done += rows.length
  }
}

const tournamentAnswers = (
  { models, temperatures }: EvaluationSetting,
  questions: readonly Question[],
): number => models.length * temperatures.length * questions.filter(isInTournament).length

const keyOf = ({ model, temperature, number }: AnswerPlace): string => `${model} ${temperature} ${number}`
