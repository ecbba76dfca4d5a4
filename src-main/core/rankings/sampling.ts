// The answers of a bench: sampled prompt by prompt in batches that depend on the set alone, each on the disk when it is
// done. A set whose sampling was cut off goes on with the batch that was lost, and gets the same bits.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { PreferenceResponse } from '../../../src-shared/contract/preferences-contract.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import type { CoreContext } from '../context.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { promptsToSample, samplingState, saveResponses } from '../database/queries/preference-sampling.ts'
import type { BatchAnswer, QuestionBatches } from '../generation/question-batches.ts'
import type { JobControl } from '../jobs/jobs.ts'
import type { Preferences } from './preferences.ts'

/** As many as ranks go. */
export const MAX_RESPONSES = 9
/** Prompts of the first batch, which somebody waits for, and of the largest. */
const FIRST_BATCH = 4
const LARGEST_BATCH = 256

/** The result of a job. */
export interface Sampled {
  readonly set: string
  /** Prompts sampled by this job. */
  readonly prompts: number
  /** Those of them whose responses are all the same: nothing to rank. */
  readonly alike: number
}

export class Sampling {
  private readonly context: CoreContext
  private readonly preferences: Preferences
  private readonly questions: Pick<QuestionBatches, 'ask'>
  private readonly jobs = new Map<string, string>()

  constructor(context: CoreContext, preferences: Preferences, questions: Pick<QuestionBatches, 'ask'>) {
    this.context = context
    this.preferences = preferences
    this.questions = questions
  }

  /** The job that samples a set; null = none does. */
  underWay(set: string): string | null {
    return this.jobs.get(set) ?? null
  }

  /**
   * Samples what a set lacks; one that is being sampled goes on as it is.
   * @returns the job   @throws LabError `not-found` for set or checkpoint; `bad-input` for a set that is not a bench
   */
  start(id: string): string {
    const { bench, name } = this.preferences.present(id)
    if (!bench)
      throw new LabError({
        code: 'bad-input',
        what: `the answers of "${name}" were not sampled here`,
        fix: 'make a new bench: choose a checkpoint and prompts',
      })
    const known = this.jobs.get(id)
    if (known !== undefined) return known
    getCheckpoint(this.context.workspace.db, bench.checkpoint)
    const job = this.context.jobs.start('ranking-sample', `Sampling answers for ${name}`, async job => {
      try {
        return await this.sample(id, job)
      } finally {
        this.jobs.delete(id)
        // Whoever waits for the next card learns that no more comes.
        this.preferences.published()
      }
    })
    this.jobs.set(id, job.id)
    return job.id
  }

  /** Ends the sampling of a set; what is sampled stays. */
  cancel(set: string): void {
    const job = this.jobs.get(set)
    if (job !== undefined) this.context.jobs.cancel(job)
  }

  private async sample(id: string, job: JobControl): Promise<Sampled> {
    const { db } = this.context.workspace
    const result = { set: id, prompts: 0, alike: 0 }
    const responses = this.preferences.present(id).bench!.responses
    for (;;) {
      const { prompts, sampled, next } = samplingState(db, id)
      const total = prompts * responses
      const progress = (answers: number) =>
        job.progress({ done: sampled * responses + answers, total, unit: 'answers' })
      progress(0)
      if (next === null) return result
      const done = await this.sampleBatch(id, next, { signal: job.signal, onProgress: progress })
      result.prompts += done.length
      result.alike += done.filter(({ length }) => length === 1).length
    }
  }

  /** One batch, from its first prompt on. @returns the responses of each prompt */
  private async sampleBatch(
    id: string,
    from: number,
    control: { signal: AbortSignal; onProgress: (answers: number) => void },
  ): Promise<PreferenceResponse[][]> {
    const { db } = this.context.workspace
    const { checkpoint, responses: count, sampling } = this.preferences.present(id).bench!
    const { seed, ...settings } = sampling
    const prompts = promptsToSample(db, id, from, batchEnd(from))
    const questions = prompts.flatMap(({ number, messages }) =>
      responseSeeds(seed, number, count).map(seed => ({ prompt: messages, seed })),
    )
    const answers = await this.questions.ask(checkpoint, questions, {
      mode: 'template',
      sampling: settings,
      ...control,
    })
    const sampled = prompts.map(({ number, responses }, i) => ({
      number,
      responses: distinctResponses(answers.slice(i * count, (i + 1) * count), responses),
    }))
    saveResponses(db, id, sampled)
    this.preferences.sampled(id, prompts.filter(({ isRemoved }) => !isRemoved).length)
    return sampled.map(({ responses }) => responses)
  }
}

/** Where the batch ends in which prompt `number` is: small at first, then of equal size. */
export function batchEnd(number: number): number {
  if (number >= LARGEST_BATCH) return number - (number % LARGEST_BATCH) + LARGEST_BATCH
  let end = FIRST_BATCH
  while (end <= number) end *= 2
  return end
}

/** The seeds of a prompt's responses: a function of (seed, prompt, place). */
export function responseSeeds(seed: number, number: number, count: number): number[] {
  const random = randomStream(seed, 'ranking/sample', number)
  return Array.from({ length: count }, () => random.uint32())
}

/** Equal answers once, then those that a labeler wrote as far as there is room for them. */
export function distinctResponses(
  answers: readonly BatchAnswer[],
  written: readonly PreferenceResponse[],
): PreferenceResponse[] {
  const distinct: PreferenceResponse[] = []
  const find = ({ text, stopped }: BatchAnswer) =>
    distinct.findIndex(known => known.text === text && known.stopped === stopped)
  for (const { text, stopped } of answers) {
    const at = find({ text, stopped })
    if (at < 0) distinct.push({ text, stopped, origin: 'model', copies: 1 })
    else distinct[at] = { ...distinct[at]!, copies: distinct[at]!.copies + 1 }
  }
  for (const response of written)
    if (find(response) < 0 && distinct.length < MAX_RESPONSES) distinct.push(response)
  return distinct
}
