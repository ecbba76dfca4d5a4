// Training runs: one trains at a time, others wait their turn. A run survives anything: what it was asked for stands in
// its row, what it has learned in its newest verified checkpoint, and everything between is redone to the same bits.
import { randomBytes } from 'node:crypto'
import { countParameters, flopsPerToken } from '../../../src-shared/config/model-config.ts'
import { parsePhaseConfig } from '../../../src-shared/config/phase-config.ts'
import { parsePpoConfig, ppoTrainedTokens } from '../../../src-shared/config/ppo-config.ts'
import type { engineTopics } from '../../../src-shared/contract/engine-contract.ts'
import { LabError, sentence, toFacts } from '../../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { CoreContext } from '../context.ts'
import { rewindRun } from '../database/queries/rewind.ts'
import {
  getRun,
  insertRun,
  listRuns,
  markInterrupted,
  type NewRun,
  type Run,
  type RunChange,
  updateRun,
} from '../database/queries/runs.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'
import { rememberSpeed } from './device-speed.ts'
import { estimateRun, requireNone } from './estimate.ts'
import { newestCheckpoint, resumeConditions } from './run-checkpoint.ts'
import { openRunData, type RunData } from './run-data.ts'
import { ended, endNotice, failure, leave } from './run-endings.ts'
import { RunRecorder } from './run-recorder.ts'
import { engineHostHandlers, type RunParts, recordEvent, TrainingSession } from './training-session.ts'

type EngineTopics = typeof engineTopics
type Request = TrainingSession['request']

export class Runs {
  private readonly parts: RunParts
  private readonly context: CoreContext
  private readonly supervisor: EngineSupervisor
  private readonly queue: string[] = []
  /** The run whose turn it is, while no engine trains it. */
  private starting: { run: string; request: Request } | null = null
  private session: TrainingSession | null = null
  /** Ends the wait for an engine, or for what it says before a run can begin. */
  private wake: () => void = () => {}
  private closing = false
  private working: Promise<void> = Promise.resolve()
  private isWorking = false
  /** What the engine asks for. */
  readonly hostHandlers: ReturnType<typeof engineHostHandlers>
  private readonly waiters = new Map<string, ((run: RunSummary) => void)[]>()

  constructor(parts: RunParts, supervisor: EngineSupervisor) {
    this.parts = parts
    this.context = parts.context
    this.supervisor = supervisor
    this.hostHandlers = engineHostHandlers(parts, () => this.session)
    for (const id of markInterrupted(this.context.workspace.db)) {
      const { steps } = getRun(this.context.workspace.db, id)
      const saved = this.lastSaved(id)
      // Killed between its last checkpoint and the word that it is finished.
      if (saved >= steps)
        updateRun(this.context.workspace.db, id, { status: 'finished', reason: null, step: saved })
      else this.event(id, 'interrupted', 'the app ended while this run was active')
    }
  }

  // ── asking ────────────────────────────────────────────────────────────────────────────────────

  list(): RunSummary[] {
    return listRuns(this.context.workspace.db).map(run => this.summarize(run))
  }

  show(id: string): RunSummary {
    return this.summarize(getRun(this.context.workspace.db, id))
  }

  isActive(id: string): boolean {
    return this.underWay() === id || this.queue.includes(id)
  }

  /** The step under way, for the restart policy. */
  stepUnderWay(): number | null {
    return this.session?.recorder.step ?? null
  }

  /** Resolves when the run is neither queued nor running. */
  wait(id: string): Promise<RunSummary> {
    if (!this.isActive(id)) return Promise.resolve(this.show(id))
    return new Promise(resolve => this.waiters.set(id, [...(this.waiters.get(id) ?? []), resolve]))
  }

  // ── telling ───────────────────────────────────────────────────────────────────────────────────

  /** Queues a new run. */
  start(run: Omit<NewRun, 'id' | 'status'>): string {
    const id = `run-${randomBytes(4).toString('hex')}`
    insertRun(this.context.workspace.db, { ...run, id, status: 'queued' })
    this.enqueue(id)
    return id
  }

  pause(id: string): void {
    this.ask(id, 'pause')
  }

  stop(id: string): void {
    const run = getRun(this.context.workspace.db, id)
    if (this.isActive(id)) this.ask(id, 'stop')
    else if (run.status === 'paused' || run.status === 'interrupted' || run.status === 'failed')
      this.change(id, { status: 'stopped', reason: null })
  }

  /** Goes on from the newest checkpoint; `steps` moves the end. @throws LabError `conflict` when it is active or has nothing left to do */
  resume(id: string, steps?: number): void {
    const run = getRun(this.context.workspace.db, id)
    if (this.isActive(id))
      throw new LabError({
        code: 'conflict',
        what: `"${run.name}" is already ${run.status}`,
        fix: 'wait for it, or pause it',
      })
    const end = steps ?? run.steps
    const config = parsePhaseConfig(run.phase, { ...run.config, steps: end }, id)
    // Not the step last reported: a run that was killed before its last checkpoint has its last steps to redo.
    const saved = this.lastSaved(id)
    if (end <= saved)
      throw new LabError({
        code: 'conflict',
        what: `"${run.name}" has made all its ${saved} steps`,
        where: id,
        fix: `give a larger number of steps to continue longer, such as ${saved * 2}`,
      })
    this.change(id, { config, steps: end, status: 'queued', reason: null, removedAt: null })
    if (end !== run.steps)
      this.event(
        id,
        'continued',
        `the end was moved from step ${run.steps} to step ${end}; the learning rate follows the longer schedule`,
      )
    this.enqueue(id)
  }

  /** Changes a row and tells the screens. */
  change(id: string, change: RunChange): void {
    updateRun(this.context.workspace.db, id, change)
    this.context.publish('run', this.show(id))
  }

  /** Pauses what is active, with a checkpoint. */
  async close(): Promise<void> {
    this.closing = true
    this.queue.length = 0
    const run = this.underWay()
    if (run) this.ask(run, 'pause')
    await this.working
  }

  /** What the engine tells. */
  hear<K extends keyof EngineTopics & string>(topic: K, payload: TopicPayload<EngineTopics, K>): void {
    if (this.session && 'run' in payload && payload.run === this.session.run)
      this.session.hear(topic, payload)
  }

  // ── doing ─────────────────────────────────────────────────────────────────────────────────────

  private enqueue(id: string): void {
    this.queue.push(id)
    this.context.publish('run', this.show(id))
    if (!this.isWorking) this.working = this.work()
  }

  private async work(): Promise<void> {
    this.isWorking = true
    for (let id = this.queue.shift(); id !== undefined; id = this.queue.shift()) {
      this.starting = { run: id, request: null }
      let change: RunChange
      try {
        change = await this.execute(id)
      } catch (error) {
        const facts = toFacts(error)
        const failed = failure(facts, getRun(this.context.workspace.db, id).step)
        change = failed
        this.event(id, failed.status, facts.details ? `${failed.reason}\n${facts.details}` : failed.reason)
      }
      this.starting = null
      this.change(id, change)
      const summary = this.show(id)
      const notice = endNotice(summary)
      if (notice) this.context.publish('notice', notice)
      this.tellWaiters(summary)
    }
    this.isWorking = false
  }

  /** Trains until the run ends or leaves, starting again from the newest checkpoint whenever the engine was lost. */
  private async execute(id: string): Promise<RunChange> {
    const run = getRun(this.context.workspace.db, id)
    this.change(id, { status: 'running', reason: null })
    const tokenizer = await this.parts.tokenizers.get(run.tokenizer!)
    let data: RunData | undefined
    try {
      for (let lost = false; ; ) {
        try {
          if (this.starting?.request) return leave(this.starting.request, this.closing)
          data ??= await this.open(run, tokenizer)
          if (this.starting?.request) continue
          // A pause must not wait for an engine that may never come.
          await Promise.race([this.supervisor.ready(), new Promise<void>(resolve => (this.wake = resolve))])
          if (this.starting?.request) continue
          return await this.train(id, tokenizer, data, lost)
        } catch (error) {
          const facts = toFacts(error)
          // By who asked the run to leave, or by who cancelled the job that reads its data.
          if (facts.code === 'cancelled') return leave(this.starting?.request ?? 'pause', this.closing)
          if (facts.code !== 'engine-lost') throw error
          this.event(
            id,
            'engine-lost',
            'the engine was lost; the run goes on from its last checkpoint once it is back',
          )
          if (this.closing)
            return { status: 'interrupted', reason: 'the app closed; it can go on from its last checkpoint' }
          if (this.supervisor.current().state === 'needs-user')
            return { status: 'paused', reason: sentence(facts) }
          lost = true
        }
      }
    } finally {
      data?.close()
    }
  }

  /** What the run trains on; its row says so before the first step. @throws LabError as `openRunData` */
  private async open(run: Run, tokenizer: Tokenizer): Promise<RunData> {
    const abort = new AbortController()
    this.wake = () => abort.abort()
    const data = await openRunData(this.parts, run, tokenizer, abort.signal)
    this.change(run.id, { data: data.describe(run.data) })
    return data
  }

  /** One session with one engine. */
  private async train(
    id: string,
    tokenizer: Tokenizer,
    data: RunData,
    afterLoss: boolean,
  ): Promise<RunChange> {
    const { db } = this.context.workspace
    const run = getRun(db, id)
    const device = this.supervisor.current().device!
    const { fingerprint } = device
    const config = parsePhaseConfig(run.phase, run.config, id)
    // Phase 4 holds four models, and has looked at them when it was started.
    if (run.phase !== 'ppo') {
      const batchSize = run.data.preferences?.rowsPerBatch ?? config.batchSize
      requireNone(estimateRun(run.model, { ...config, batchSize }, device, null, []).problems)
    }
    const conditions = resumeConditions(run, this.parts.tokenizers)
    const from = await newestCheckpoint(this.parts.checkpoints, run, conditions, (checkpoint, reason) =>
      this.warn(id, 'damaged-checkpoint', `${checkpoint} is passed over: ${reason}`),
    )
    rewindRun(db, id, from?.state.step ?? 0)
    this.change(id, {
      fingerprint,
      step: from?.state.step ?? 0,
      tokens: from?.state.tokens ?? 0,
      bestEvalLoss: from?.state.bestEvalLoss ?? null,
    })
    if (from) {
      this.event(
        id,
        'resumed',
        `${afterLoss ? 'the engine is back: ' : ''}goes on from step ${from.state.step}`,
      )
      if (run.fingerprint !== null && run.fingerprint !== fingerprint)
        this.warn(
          id,
          'other-device',
          'this device is not the one the run was on: it goes on within rounding, not to the same bits',
        )
    } else this.event(id, 'started', `started on ${device.adapter}`)

    const start = { step: from?.state.step ?? 0, seconds: run.seconds }
    const recorder = new RunRecorder(this.context, id, start, () =>
      this.context.publish('run', this.show(id)),
    )
    const session = new TrainingSession(this.parts, run, tokenizer, data, recorder)
    session.request = this.starting?.request ?? null
    this.session = session
    this.starting = null
    try {
      if (session.request) return leave(session.request, this.closing)
      const resume = from ? { checkpoint: from.id, state: from.state } : undefined
      const outcome = await this.supervisor.call('engine.train', await session.spec(run, resume))
      recorder.commit()
      const rate = recorder.rate()
      if (rate) {
        const work = run.phase === 'ppo' ? 'ppo' : 'training'
        const read = rate.tokensPerSecond / rate.stepsPerSecond
        const trained =
          work === 'ppo'
            ? ppoTrainedTokens(read, run.model.contextLength, parsePpoConfig(run.config, id))
            : read
        const perStep = trained * flopsPerToken(run.model)
        rememberSpeed(db, device, perStep, rate.stepsPerSecond * perStep, work)
      }
      this.event(id, outcome.status, outcome.reason ?? `${outcome.status} at step ${outcome.state.step}`)
      return ended(outcome, this.closing)
    } finally {
      recorder.close()
      this.session = null
      this.starting = { run: id, request: session.request }
    }
  }

  private tellWaiters(run: RunSummary): void {
    for (const resolve of this.waiters.get(run.id) ?? []) resolve(run)
    this.waiters.delete(run.id)
  }

  private ask(id: string, request: 'pause' | 'stop'): void {
    const queued = this.queue.indexOf(id)
    if (queued >= 0) {
      this.queue.splice(queued, 1)
      this.change(id, leave(request, this.closing))
      this.tellWaiters(this.show(id))
    } else if (this.session?.run === id) {
      this.session.request = request
      this.context.publish('run', this.show(id))
      void this.supervisor.call('engine.pause', { run: id, stop: request === 'stop' }).catch(() => {
        // A lost engine ends the call in execute(), which then sees the request.
      })
    } else if (this.starting?.run === id) {
      this.starting.request = request
      this.context.publish('run', this.show(id))
      this.wake()
    } else
      throw new LabError({ code: 'conflict', what: `the run ${id} is not active`, fix: 'resume it first' })
  }

  /** Step of the newest checkpoint, 0 without one. */
  private lastSaved(id: string): number {
    return this.parts.checkpoints.list(id)[0]?.step ?? 0
  }

  /** The run whose turn it is. */
  private underWay(): string | null {
    return this.session?.run ?? this.starting?.run ?? null
  }

  /** An event that a person should not have to look for. */
  private warn(id: string, kind: string, text: string): void {
    this.event(id, kind, text)
    const { name } = getRun(this.context.workspace.db, id)
    this.context.publish('notice', { kind: 'warning', text: `"${name}": ${text}`, run: id })
  }

  private event(id: string, kind: string, text: string): void {
    const step =
      this.session?.run === id ? this.session.recorder.step : getRun(this.context.workspace.db, id).step
    recordEvent(this.context, id, step, kind, text)
  }

  private askedOf(id: string): Request {
    if (this.session?.run === id) return this.session.request
    return this.starting?.run === id ? this.starting.request : null
  }

  private summarize(run: Run): RunSummary {
    const rate = this.session?.run === run.id ? this.session.recorder.rate() : null
    return {
      ...run,
      parameters: countParameters(run.model).total,
      asked: this.askedOf(run.id),
      tokensPerSecond: rate?.tokensPerSecond ?? run.latest.tokens_per_second ?? null,
      etaSeconds: rate ? (run.steps - run.step) / rate.stepsPerSecond : null,
    }
  }
}
