// What other models say of the chat's answers: measured when nothing is being written, so that chatting stays quick, and
// kept beside the answers. What could not be had is known until the app ends.
import * as v from 'valibot'
import {
  type AnswerMeasure,
  type ChatAnswer,
  type ChatTurn,
  type Conversation,
  type RewardChoice,
  rewardChoice,
} from '../../../src-shared/contract/chat-contract.ts'
import { type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import type { CheckpointStore } from '../checkpoints/checkpoint-store.ts'
import { answersWithIds } from '../database/queries/chat-answers.ts'
import {
  type Measured,
  measuresOf,
  natsOf,
  runOrigins,
  saveMeasure,
} from '../database/queries/chat-measures.ts'
import { checkpointName, getCheckpoint } from '../database/queries/checkpoints.ts'
import { getSetting, setSetting } from '../database/queries/settings.ts'
import type { AnswersUnderWay } from './answers-under-way.ts'
import { MeasuredBy } from './measured-by.ts'
import { type MeasuringParts, measureKl, measureRewards, type Outcome } from './measuring.ts'

/** Name of a setting. */
const REWARD = 'chatReward'
/** Answers that are measured before what came meanwhile is looked at. */
const AT_ONCE = 16

const keyOf = ({ answer, kind, by }: Measured): string => `${answer} ${kind} ${by}`

export class AnswerMeasures {
  private readonly parts: MeasuringParts
  private readonly checkpoints: Pick<CheckpointStore, 'list'>
  private readonly underWay: AnswersUnderWay
  private readonly abort = new AbortController()
  /** By `keyOf`, in the order of measuring. */
  private waiting = new Map<string, Measured>()
  private readonly failures = new Map<string, LabErrorFacts>()
  private working: Promise<void> | null = null

  constructor(parts: MeasuringParts, checkpoints: Pick<CheckpointStore, 'list'>, underWay: AnswersUnderWay) {
    this.parts = parts
    this.checkpoints = checkpoints
    this.underWay = underWay
  }

  /** What answers of these checkpoints side by side are measured by. */
  measuredBy(checkpoints: readonly string[]): {
    choice: RewardChoice
    reward: string | null
    references: (string | null)[]
  } {
    const models = this.models()
    const { choice } = this
    return {
      choice,
      reward: models.reward(choice, checkpoints),
      references: checkpoints.map(each => models.reference(each, checkpoints)),
    }
  }

  /** @throws LabError `not-found` for a checkpoint that is not there */
  choose(choice: RewardChoice): void {
    if (choice !== 'auto' && choice !== 'off') getCheckpoint(this.db, choice)
    setSetting(this.db, REWARD, choice === 'auto' ? null : choice)
    this.context.publish('changed', { what: 'settings' })
    this.changed()
  }

  /** With what is known of its answers. */
  shown(conversation: Conversation): Conversation {
    const models = this.models()
    const known = new Map(
      measuresOf(
        this.db,
        conversation.turns.flatMap(({ answers }) => answers.map(({ id }) => id)),
      ).map(measure => [keyOf(measure), measure.value]),
    )
    const said = (measured: Measured | null): AnswerMeasure | null =>
      measured && {
        by: measured.by,
        name: checkpointName(this.db, measured.by),
        value: known.get(keyOf(measured)) ?? null,
        error: known.has(keyOf(measured)) ? null : (this.failures.get(keyOf(measured)) ?? null),
      }
    const turns = conversation.turns.map(turn => ({
      ...turn,
      answers: turn.answers.map(answer => {
        const { reward, kl } = this.wantedOf(models, turn, answer)
        return { ...answer, reward: said(reward), kl: said(kl) }
      }),
    }))
    return { ...conversation, turns }
  }

  /** Measures what its answers lack, the newest turn first. @param again also what could not be had before */
  measure(conversation: Conversation, again = false): void {
    const models = this.models()
    const wanted = this.shown(conversation)
      .turns.toReversed()
      .flatMap(turn =>
        turn.answers.flatMap(answer => {
          if (answer.state !== 'done') return []
          const { reward, kl } = this.wantedOf(models, turn, answer)
          return [
            ...(reward && answer.reward?.value === null ? [reward] : []),
            ...(kl && answer.kl?.value === null ? [kl] : []),
          ]
        }),
      )
    if (again) for (const each of wanted) this.failures.delete(keyOf(each))
    const lacking = wanted.filter(each => !this.failures.has(keyOf(each)))
    this.waiting = new Map([...lacking.map(each => [keyOf(each), each] as const), ...this.waiting])
    this.working ??= this.work()
    if (again) this.changed()
  }

  /** KL of each token. @throws LabError `not-found` where it is not measured */
  nats = (answer: number, reference: string): number[] => natsOf(this.db, answer, reference)

  /** Settles when nothing is being measured any more. */
  async close(): Promise<void> {
    this.abort.abort()
    await this.working
  }

  /** Measures until nothing is wanted; never rejects. */
  private async work(): Promise<void> {
    for (;;) {
      await this.underWay.ended()
      const first = this.waiting.values().next().value
      if (!first || this.abort.signal.aborted) break
      const batch = [...this.waiting.values()]
        .filter(({ kind, by }) => kind === first.kind && by === first.by)
        .slice(0, AT_ONCE)
      await this.measureBatch(first, batch)
      for (const each of batch) this.waiting.delete(keyOf(each))
      if (!this.abort.signal.aborted) this.changed()
    }
    this.working = null
  }

  private async measureBatch({ kind, by }: Measured, batch: readonly Measured[]): Promise<void> {
    const missing = new Set(batch.map(({ answer }) => answer))
    const keep = (answer: number, outcome: Outcome): void => {
      const measured = { answer, kind, by }
      if (this.abort.signal.aborted) return
      if ('error' in outcome) this.failures.set(keyOf(measured), outcome.error)
      else saveMeasure(this.db, { ...measured, value: outcome.value }, outcome.nats)
      missing.delete(answer)
    }
    const measure = kind === 'reward' ? measureRewards : measureKl
    try {
      const answers = answersWithIds(this.db, [...missing])
      await measure(this.parts, by, answers, ({ id }, outcome) => keep(id, outcome), this.abort.signal)
    } catch (error) {
      for (const answer of missing) keep(answer, { error: toFacts(error) })
    }
  }

  /** What an answer is to be measured by; nothing where it has no token. */
  private wantedOf(
    models: MeasuredBy,
    turn: ChatTurn,
    { id: answer, checkpoint, tokenCount, state }: ChatAnswer,
  ): { reward: Measured | null; kl: Measured | null } {
    if (state === 'failed' || (state === 'done' && tokenCount === 0)) return { reward: null, kl: null }
    const columns = turn.answers.map(each => each.checkpoint)
    const reward = models.reward(this.choice, columns)
    const reference = models.reference(checkpoint, columns)
    return {
      reward: reward === null ? null : { answer, kind: 'reward', by: reward },
      kl: reference === null ? null : { answer, kind: 'kl', by: reference },
    }
  }

  private get choice(): RewardChoice {
    const parsed = v.safeParse(rewardChoice, getSetting(this.db, REWARD))
    return parsed.success ? parsed.output : 'auto'
  }

  private models(): MeasuredBy {
    return new MeasuredBy(this.checkpoints.list(), runOrigins(this.db))
  }

  private changed(): void {
    this.context.publish('changed', { what: 'conversations' })
  }

  private get context() {
    return this.parts.models.context
  }

  private get db() {
    return this.context.workspace.db
  }
}
