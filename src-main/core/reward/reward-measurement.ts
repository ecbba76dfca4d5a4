// Measuring what a reward model can judge: a job that runs by itself when a run of phase 3 ends, and whose report the
// workspace keeps.
import { responseTokens } from '../../../src-shared/batches/preference-example.ts'
import { parseRewardConfig } from '../../../src-shared/config/reward-config.ts'
import { LabError, sentence, toFacts } from '../../../src-shared/contract/errors.ts'
import type { LabMethods, RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'
import type { RewardReport } from '../../../src-shared/contract/reward-contract.ts'
import { judgementsOf } from '../../../src-shared/reward/judgements.ts'
import type { MeasuredPrompt } from '../../../src-shared/reward/measured-prompt.ts'
import { rewardReportOf } from '../../../src-shared/reward/report.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { CoreContext } from '../context.ts'
import { getCheckpoint, listCheckpoints } from '../database/queries/checkpoints.ts'
import { findRewardReport, saveRewardReport } from '../database/queries/reward-reports.ts'
import { getRun, type Run } from '../database/queries/runs.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { readReference } from '../runs/reward-data.ts'
import type { Runs } from '../runs/runs.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'
import { type ComparedPrompt, readComparisons } from './comparisons.ts'
import { asked, pairsOfWorld } from './known-truth.ts'
import type { ResponseScore, ResponseToScore, RewardScores } from './reward-scores.ts'

/** Responses that are scored before a run that was started meanwhile gets its turn. */
const RESPONSES_AT_ONCE = 500

interface MeasurementParts {
  readonly context: CoreContext
  readonly tokenizers: Pick<Tokenizers, 'get'>
  readonly scores: Pick<RewardScores, 'score'>
  readonly runs: Pick<Runs, 'list' | 'isActive' | 'wait'>
}

export class RewardMeasurement {
  private readonly parts: MeasurementParts
  /** Checkpoints that are being measured, with their jobs. */
  private readonly underWay = new Map<string, { job: string; done: Promise<unknown> }>()
  /** Runs of phase 3 that were seen under way. */
  private readonly training = new Set<string>()

  constructor(parts: MeasurementParts) {
    this.parts = parts
  }

  readonly handlers: Handlers<Pick<LabMethods, 'reward.measure' | 'reward.report'>> = {
    'reward.measure': ({ checkpoint }) => ({ job: this.start(checkpoint) }),
    'reward.report': ({ checkpoint }) => {
      const { db } = this.parts.context.workspace
      getCheckpoint(db, checkpoint)
      return findRewardReport(db, checkpoint)
    },
  }

  /** A run has changed: when one of phase 3 has ended, its last checkpoint is measured. */
  hear({ id, phase, status }: RunSummary): void {
    if (phase !== 'reward') return
    if (status === 'running') this.training.add(id)
    else if (this.training.delete(id) && status === 'finished') {
      const [newest] = listCheckpoints(this.parts.context.workspace.db, id)
      if (newest) this.start(newest.id)
    }
  }

  /** Cancels what is under way; settles when nothing is. */
  async close(): Promise<void> {
    const open = [...this.underWay.values()]
    for (const { job } of open) this.parts.context.jobs.cancel(job)
    await Promise.allSettled(open.map(({ done }) => done))
  }

  /** @returns the job, the one under way where there is one   @throws LabError `not-found`; `bad-input` for another phase's checkpoint */
  private start(checkpoint: string): string {
    const known = this.underWay.get(checkpoint)
    if (known) return known.job
    const { context } = this.parts
    const { db } = context.workspace
    const run = getRun(db, getCheckpoint(db, checkpoint).run)
    if (run.phase !== 'reward')
      throw new LabError({
        code: 'bad-input',
        what: `"${run.name}" is no reward model: it scores nothing that could be measured`,
        where: checkpoint,
        fix: 'choose a checkpoint of phase 3',
      })
    const title = `Measuring what "${run.name}" can judge`
    const { id, done } = context.jobs.start('reward-measure', title, async job => {
      try {
        return await this.measure(checkpoint, job)
      } catch (error) {
        // Nobody may be looking at the job: it began by itself.
        if (!job.signal.aborted)
          context.publish('notice', {
            kind: 'error',
            text: `${title}: ${sentence(toFacts(error))}`,
            run: run.id,
          })
        throw error
      } finally {
        this.underWay.delete(checkpoint)
      }
    })
    this.underWay.set(checkpoint, { job: id, done })
    return id
  }

  private async measure(checkpoint: string, job: JobControl): Promise<RewardReport> {
    const { context, tokenizers } = this.parts
    const { workspace } = context
    await this.turn(job, { done: 0, total: null })
    const { step, run: id } = getCheckpoint(workspace.db, checkpoint)
    const run = getRun(workspace.db, id)
    const tokenizer = await tokenizers.get(run.tokenizer!)
    const comparisons = await readComparisons(workspace, run, tokenizer, job.signal)
    const reference = await this.reference(run, tokenizer)
    const known = comparisons.worlds.flatMap(world => pairsOfWorld(world, tokenizer, run.model.contextLength))

    const sheet = new ScoreSheet()
    for (const { messages, responses } of [...comparisons.train, ...comparisons.validation])
      for (const response of responses) sheet.add({ messages, ...response })
    for (const response of reference) sheet.add(response)
    const answer = (prompt: string, text: string) => ({ messages: asked(prompt), text, stopped: true })
    for (const { prompt, better, worse } of known) {
      sheet.add(answer(prompt, better))
      sheet.add(answer(prompt, worse))
    }
    await this.score(checkpoint, sheet, job)

    const measured = (prompt: ComparedPrompt): MeasuredPrompt => ({
      ...prompt,
      responses: prompt.responses.map(response => {
        const { raw, score } = sheet.of({ messages: prompt.messages, ...response })
        return { text: response.text, characters: response.text.length, raw, score }
      }),
    })
    const trained = promptsTrainedOn(run, step)
    const report = rewardReportOf({
      checkpoint,
      createdAt: new Date().toISOString(),
      train: comparisons.train.map(measured),
      trainPrompts: { distinct: Math.min(comparisons.distinctTrain, trained), all: trained },
      validation: comparisons.validation.map(measured),
      agreement: comparisons.agreement,
      reference: [...Map.groupBy(reference, ({ messages }) => JSON.stringify(messages)).values()].map(
        answers => answers.map(response => sheet.of(response).raw),
      ),
      judges: judgementsOf(
        known.map(pair => ({
          ...pair,
          betterScore: sheet.of(answer(pair.prompt, pair.better)).score,
          worseScore: sheet.of(answer(pair.prompt, pair.worse)).score,
        })),
        ({ about }) => about,
      ),
    })
    saveRewardReport(workspace.db, report)
    context.publish('changed', { what: 'reward-reports' })
    return report
  }

  /** Fresh answers of the run's parent, those that the run was normalised on. */
  private async reference(run: Run, tokenizer: Tokenizer): Promise<ResponseToScore[]> {
    const hash = run.data.preferences!.reference
    // A run that ends without it has made no checkpoint.
    if (hash === undefined) return []
    const answers: ResponseToScore[] = []
    for await (const { prompt, text, stopped } of readReference(this.parts, hash))
      if (responseTokens(tokenizer, prompt, { text, stopped }).length <= run.model.contextLength)
        answers.push({ messages: prompt, text, stopped })
    return answers
  }

  private async score(checkpoint: string, sheet: ScoreSheet, job: JobControl): Promise<void> {
    const { responses } = sheet
    const tell = (done: number) => job.progress({ done, total: responses.length, unit: 'responses' })
    tell(0)
    for (let first = 0; first < responses.length; first += RESPONSES_AT_ONCE) {
      await this.turn(job, { done: first, total: responses.length })
      sheet.scores.push(
        ...(await this.parts.scores.score(checkpoint, responses.slice(first, first + RESPONSES_AT_ONCE), {
          signal: job.signal,
          onProgress: done => tell(first + done),
        })),
      )
    }
  }

  /** Settles when no run is active. @throws when the job is cancelled */
  private async turn(job: JobControl, sofar: { done: number; total: number | null }): Promise<void> {
    const { runs } = this.parts
    for (;;) {
      job.signal.throwIfAborted()
      const active = runs.list().find(({ id }) => runs.isActive(id))
      if (!active) return
      job.progress({ ...sofar, unit: 'responses', note: `waits until "${active.name}" has ended` })
      const { promise: aborted, resolve } = Promise.withResolvers<void>()
      const stop = () => resolve()
      job.signal.addEventListener('abort', stop, { once: true })
      await Promise.race([runs.wait(active.id), aborted])
      job.signal.removeEventListener('abort', stop)
    }
  }
}

/** Prompts of training that the weights of a step have seen: a run that was stopped early has not read them all. */
function promptsTrainedOn(run: Run, step: number): number {
  const { batchSize, gradientAccumulationSteps } = parseRewardConfig(run.config, run.id)
  return Math.min(run.data.preferences!.prompts.train, step * batchSize * gradientAccumulationSteps)
}

/** Responses with their scores, each once however often it is asked for. */
class ScoreSheet {
  readonly responses: ResponseToScore[] = []
  /** Of the responses, in their order. */
  readonly scores: ResponseScore[] = []
  private readonly places = new Map<string, number>()

  add(response: ResponseToScore): void {
    const key = keyOf(response)
    if (this.places.has(key)) return
    this.places.set(key, this.responses.length)
    this.responses.push(response)
  }

  of(response: ResponseToScore): ResponseScore {
    return this.scores[this.places.get(keyOf(response))!]!
  }
}

const keyOf = ({ messages, text, stopped }: ResponseToScore): string =>
  JSON.stringify([messages.map(({ role, content }) => [role, content]), text, stopped])
