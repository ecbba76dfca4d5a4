// The article's point, counted: the same questions many times to several checkpoints, and what each makes of them.

import type { Handlers, ParsedInputOf } from '../../../src-shared/contract/method.ts'
import type {
  AnswerKind,
  exhibitMethods,
  QuestionExhibit,
} from '../../../src-shared/contract/sft-contract.ts'
import { answerKind, answerKindRules } from '../../../src-shared/demonstrations/answer-kinds.ts'
import type { CoreContext } from '../context.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { insertExhibit, latestExhibit } from '../database/queries/exhibits.ts'
import { getRun } from '../database/queries/runs.ts'
import type { QuestionBatches } from '../generation/question-batches.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { exhibitQuestions, knownValues } from './questions.ts'

type ExhibitRequest = ParsedInputOf<(typeof exhibitMethods)['exhibit.run']>
type ExhibitedModel = QuestionExhibit['models'][number]

export function exhibitHandlers(
  context: CoreContext,
  batches: Pick<QuestionBatches, 'ask'>,
): Handlers<typeof exhibitMethods> {
  const { db } = context.workspace
  return {
    'exhibit.run'(request) {
      // Before the job: what is not there is said at once.
      for (const { checkpoint } of request.models) getCheckpoint(db, checkpoint)
      const title =
        request.models.length === 1 ? 'Asking a model' : `Asking ${request.models.length} models the same`
      const { id } = context.jobs.start('exhibit', title, job => runExhibit(context, batches, request, job))
      return { job: id }
    },
    'exhibit.latest': () => latestExhibit(db),
    'exhibit.questions': ({ checkpoint }) => {
      getCheckpoint(db, checkpoint)
      return { questions: exhibitQuestions(db, checkpoint) }
    },
  }
}

/** @throws LabError `cancelled`; what a checkpoint fails with. Nothing is kept then */
async function runExhibit(
  context: CoreContext,
  batches: Pick<QuestionBatches, 'ask'>,
  request: ExhibitRequest,
  job: JobControl,
): Promise<QuestionExhibit> {
  const { db } = context.workspace
  const { questions, repeats, seed, temperature } = request
  const total = request.models.length * questions.length * repeats
  const models: ExhibitedModel[] = []
  for (const [i, model] of request.models.entries()) {
    const { name } = getRun(db, getCheckpoint(db, model.checkpoint).run)
    const before = i * questions.length * repeats
    const tell = (done: number) => job.progress({ done: before + done, total, unit: 'answers', note: name })
    tell(0)
    models.push(await askModel(context, batches, request, model, { signal: job.signal, onProgress: tell }))
  }
  const exhibit = { seed, temperature, models }
  insertExhibit(db, exhibit)
  context.publish('changed', { what: 'exhibits' })
  return exhibit
}

async function askModel(
  { workspace: { db } }: CoreContext,
  batches: Pick<QuestionBatches, 'ask'>,
  { questions, repeats, temperature, maxTokens, seed }: ExhibitRequest,
  { checkpoint, mode }: ExhibitRequest['models'][number],
  control: { signal: AbortSignal; onProgress: (done: number) => void },
): Promise<ExhibitedModel> {
  const { name, phase } = getRun(db, getCheckpoint(db, checkpoint).run)
  // All models answer a question for the n-th time with the same seed.
  const asked = questions.flatMap(question =>
    Array.from({ length: repeats }, (_, n) => ({ question, seed: seed + n })),
  )
  const answers = await batches.ask(
    checkpoint,
    asked.map(({ question, seed }) => ({ prompt: question, seed })),
    { mode, sampling: { maxTokens, temperature, topK: 0, topP: 1 }, ...control },
  )
  const values = knownValues(db, checkpoint)
  const sorted = answers.map(({ text }, i) => {
    const { question } = asked[i]!
    return { question, text, kind: answerKind(question, text, values.get(question) ?? null) }
  })
  return { checkpoint, name, phase, mode, counts: countsOf(sorted), answers: sorted }
}

function countsOf(answers: readonly { kind: AnswerKind }[]): Record<string, number> {
  const counts = Object.fromEntries(answerKindRules.map(({ kind }) => [kind, 0]))
  for (const { kind } of answers) counts[kind]!++
  return counts
}
