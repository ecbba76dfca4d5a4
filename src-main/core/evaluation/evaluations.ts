// Evaluations of a workspace: started, gone on with, shown, removed and restored.
import { randomBytes } from 'node:crypto'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type {
  AnswerFilter,
  AnswerRow,
  EvaluationReport,
  EvaluationRequest,
  EvaluationSummary,
} from '../../../src-shared/contract/evaluation-contract.ts'
import { answerRows } from '../../../src-shared/evaluation/answer-rows.ts'
import { findingsOf } from '../../../src-shared/evaluation/findings.ts'
import type { EvaluationQuestion } from '../../../src-shared/evaluation/questions.ts'
import type { CoreContext } from '../context.ts'
import { labelersOf } from '../database/queries/evaluation-votes.ts'
import {
  addEvaluationSeconds,
  deleteRemovedEvaluations,
  getEvaluation,
  insertEvaluation,
  listEvaluations,
  markEvaluationRemoved,
  renameEvaluation,
  type StoredEvaluation,
} from '../database/queries/evaluations.ts'
import type { Demonstrations } from '../demonstrations/demonstrations.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { LEAST_ANSWER } from '../ppo/ppo-prompts.ts'
import { type AskingParts, askAll, plannedAnswers } from './asking.ts'
import { checkedRequest } from './checked-request.ts'
import { judgesOf, type OpenedEvaluation, openEvaluation, personsName } from './opened-evaluation.ts'

export interface EvaluationParts extends Omit<AskingParts, 'db'> {
  readonly context: CoreContext
  readonly demonstrations: Pick<Demonstrations, 'rows' | 'show'>
}

export class Evaluations {
  private readonly parts: EvaluationParts
  /** Evaluations whose questions are being asked, with their jobs. */
  private readonly underWay = new Map<string, { job: string; done: Promise<unknown> }>()
  /** The one that was read last, as long as it stays as it is. */
  private latest: { readonly id: string; readonly opened: OpenedEvaluation } | null = null

  constructor(parts: EvaluationParts) {
    this.parts = parts
    try {
      deleteRemovedEvaluations(this.db)
    } catch (error) {
      // A full disk must keep nobody out; the next start tries again.
      const { message } = error as Error
      parts.context.workspace.notes.push(`Removed evaluations could not be deleted yet: ${message}`)
    }
  }

  get db() {
    return this.parts.context.workspace.db
  }

  /** @throws LabError as 'evaluation.start' says; nothing is kept then */
  async start(request: EvaluationRequest): Promise<{ evaluation: string; job: string }> {
    const { setting, questions: wanted } = await checkedRequest(this.db, this.parts.demonstrations, request)
    const questions = await this.withRoom(setting, wanted)
    const id = `evaluation-${randomBytes(6).toString('hex')}`
    insertEvaluation(
      this.db,
      {
        id,
        name:
          request.name ??
          setting.models
            .map(({ label }) => label)
            .join(', ')
            .slice(0, MOST_CHARACTERS),
        createdAt: new Date().toISOString(),
        setting,
        planned: plannedAnswers(setting, questions),
      },
      questions,
    )
    this.changed(id)
    return { evaluation: id, job: this.resume(id) }
  }

  /**
   * Without what a model would read the end of alone: drawn prompts are left out, and it is said how many.
   * @throws LabError `bad-input` for such a prompt of a person's own, and where none is left
   */
  private async withRoom(
    { models, prompts: { from } }: OpenedEvaluation['stored']['setting'],
    questions: readonly EvaluationQuestion[],
  ): Promise<readonly EvaluationQuestion[]> {
    const asked = questions.filter(({ set }) => set === 'prompt')
    const long = new Set<EvaluationQuestion>()
    for (const { name, checkpoint } of models) {
      const { lengths, contextLength } = await this.parts.questions.lengths(
        checkpoint,
        asked.map(({ messages }) => messages),
      )
      for (const [i, question] of asked.entries()) {
        if (lengths[i]! + LEAST_ANSWER <= contextLength) continue
        long.add(question)
        if (from === 'typed' || long.size === asked.length)
          throw new LabError({
            code: 'bad-input',
            what: `a prompt leaves "${name}" no room for an answer: “${beginning(question)}”`,
            where: `prompts, ${i + 1} of ${asked.length}`,
            expected: `at most ${contextLength - LEAST_ANSWER} tokens, the chat template included`,
            got: `${lengths[i]} tokens`,
            fix: 'shorten it or leave it out',
          })
      }
    }
    if (long.size > 0)
      this.parts.context.publish('notice', {
        kind: 'warning',
        text: `${long.size} of ${asked.length} prompts are left out: they leave a model no room for an answer`,
        run: null,
      })
    return questions.filter(question => !long.has(question))
  }

  /** @returns the job, the one under way where there is one   @throws LabError `not-found` */
  resume(id: string): string {
    const known = this.underWay.get(id)
    if (known) return known.job
    const { setting } = getEvaluation(this.db, id)
    const { length } = setting.models
    const title = length === 1 ? `Evaluating ${setting.models[0]!.label}` : `Evaluating ${length} models`
    const { id: job, done } = this.parts.context.jobs.start('evaluation', title, job => this.work(id, job))
    this.underWay.set(id, { job, done })
    // Who looks at the list sees the job.
    this.parts.context.publish('changed', { what: 'evaluations' })
    return job
  }

  private async work(id: string, job: JobControl): Promise<EvaluationReport> {
    const startedMs = performance.now()
    try {
      await askAll({ ...this.parts, db: this.db }, id, job)
    } finally {
      this.underWay.delete(id)
      addEvaluationSeconds(this.db, id, (performance.now() - startedMs) / 1000)
      this.changed(id)
    }
    return this.show(id)
  }

  /** Cancels what is under way; settles when nothing is. */
  async close(): Promise<void> {
    const open = [...this.underWay.values()]
    for (const { job } of open) this.parts.context.jobs.cancel(job)
    await Promise.allSettled(open.map(({ done }) => done))
  }

  list(): EvaluationSummary[] {
    return listEvaluations(this.db).map(stored => ({
      ...this.described(stored),
      job: this.underWay.get(stored.id)?.job ?? null,
    }))
  }

  /** Of the answers that are there. Removed ones too. @throws LabError `not-found` */
  show(id: string): EvaluationReport {
    const { stored, sheet, judges } = this.open(id)
    const { parts, temperatures } = stored.setting
    return {
      ...this.described(stored),
      seconds: stored.seconds,
      ...findingsOf({ sheet, parts, temperatures, judges: judges.map(({ judge }) => judge) }),
    }
  }

  /** @throws LabError `not-found` */
  answers(
    id: string,
    filter: AnswerFilter,
    page: { readonly offset: number; readonly limit: number },
  ): { total: number; rows: AnswerRow[] } {
    const { sheet, judges, scoring } = this.open(id)
    return answerRows(
      sheet,
      judges.map(({ judge }) => judge),
      scoring,
      filter,
      page,
    )
  }

  /** @throws LabError `not-found`, as for all that changes one */
  rename(id: string, name: string): void {
    getEvaluation(this.db, id)
    renameEvaluation(this.db, id, name)
    this.changed(id)
  }

  remove(id: string): void {
    if (getEvaluation(this.db, id).removedAt !== null) return
    markEvaluationRemoved(this.db, id, new Date().toISOString())
    const known = this.underWay.get(id)
    if (known) this.parts.context.jobs.cancel(known.job)
    this.changed(id)
  }

  restore(id: string): void {
    getEvaluation(this.db, id)
    markEvaluationRemoved(this.db, id, null)
    this.changed(id)
  }

  /** Read whole, and kept until it changes. @throws LabError `not-found` */
  open(id: string): OpenedEvaluation {
    if (this.latest?.id === id && !this.underWay.has(id)) return this.latest.opened
    const opened = openEvaluation(this.db, id)
    this.latest = { id, opened }
    return opened
  }

  /** Tells everybody; what is remembered of it is no longer true. */
  changed(id: string): void {
    if (this.latest?.id === id) this.latest = null
    this.parts.context.publish('changed', { what: 'evaluations' })
  }

  private described(stored: StoredEvaluation) {
    const { id, name, createdAt, removedAt, setting, planned, answers, votes } = stored
    const { models, prompts, parts, temperatures, seed, maxTokens } = setting
    return {
      evaluation: id,
      name,
      createdAt,
      removedAt,
      models,
      prompts,
      parts,
      temperatures,
      judges: [...judgesOf(setting), ...labelersOf(this.db, id).map(personsName)],
      seed,
      maxTokens,
      answers,
      answersPlanned: planned,
      scoresMissing: scoresPlanned(stored) - stored.scores,
      votes,
    }
  }
}

const MOST_CHARACTERS = 120

const beginning = ({ messages }: EvaluationQuestion): string => `${messages.at(-1)!.content.slice(0, 40)} …`

/** Of every reward model one for each answer of the tournament. */
function scoresPlanned({ setting, compared }: Pick<StoredEvaluation, 'setting' | 'compared'>): number {
  const { judges, models, temperatures, parts } = setting
  const scoring = judges.filter(({ checkpoint }) => checkpoint !== null).length
  return parts.includes('tournament') ? scoring * models.length * temperatures.length * compared : 0
}
