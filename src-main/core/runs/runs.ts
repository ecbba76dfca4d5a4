// Training runs: one trains at a time, others wait their turn. A run survives anything: what it was asked for stands in
// its row, what it has learned in its newest verified checkpoint, and everything between is redone to the same bits.
import { randomBytes } from 'node:crypto'
import { countParameters, flopsPerToken, type ModelConfig } from '../../../src-shared/config/model-config.ts'
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import type {
  engineHostMethods,
  engineTopics,
  TrainOutcome,
  TrainSpec,
  TrainState,
} from '../../../src-shared/contract/engine-contract.ts'
import { LabError, sentence, toFacts } from '../../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { ParsedInputOf, TopicPayload } from '../../../src-shared/contract/method.ts'
import { SPECIAL_TOKENS, type Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { CheckpointStore } from '../checkpoints/checkpoint-store.ts'
import type { CoreContext } from '../context.ts'
import type { Corpora } from '../corpora/corpora.ts'
import { addEvent } from '../database/queries/events.ts'
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
import { saveSample } from '../database/queries/samples.ts'
import { setSetting } from '../database/queries/settings.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'
import { checkpointFiles, newestCheckpoint, resumeConditions, specialId } from './run-checkpoint.ts'
import { type OpenSource, RunData } from './run-data.ts'
import { RunRecorder } from './run-recorder.ts'

type HostMethods = typeof engineHostMethods
type EngineTopics = typeof engineTopics

export interface RunParts {
  readonly context: CoreContext
  readonly corpora: Corpora
  readonly tokenizers: Tokenizers
  readonly checkpoints: CheckpointStore
}

/** The run under way. */
interface Active {
  readonly id: string
  readonly recorder: RunRecorder
  readonly data: RunData
  readonly tokenizer: Tokenizer
  request: 'pause' | 'stop' | null
}

/** Where this device's last measured training speed is kept, in FLOP/s. */
export const speedKey = (fingerprint: string): string => `speed:${fingerprint}`

export class Runs {
  private readonly parts: RunParts
  private readonly context: CoreContext
  private readonly supervisor: EngineSupervisor
  private readonly queue: string[] = []
  private starting: { id: string; request: 'pause' | 'stop' | null } | null = null
  private active: Active | null = null
  /** Ends the wait for an engine. */
  private wake: () => void = () => {}
  private closing = false
  private working: Promise<void> = Promise.resolve()
  private isWorking = false
  private readonly waiters = new Map<string, ((run: RunSummary) => void)[]>()

  constructor(parts: RunParts, supervisor: EngineSupervisor) {
    this.parts = parts
    this.context = parts.context
    this.supervisor = supervisor
    for (const run of markInterrupted(this.context.workspace.db))
      this.event(run, 'interrupted', 'the app ended while this run was active')
  }

  // ── asking ────────────────────────────────────────────────────────────────────────────────────

  list(): RunSummary[] {
    return listRuns(this.context.workspace.db).map(run => this.summarize(run))
  }

  show(id: string): RunSummary {
    return this.summarize(getRun(this.context.workspace.db, id))
  }

  isActive(id: string): boolean {
    return this.active?.id === id || this.starting?.id === id || this.queue.includes(id)
  }

  /** The step under way, for the restart policy. */
  stepUnderWay(): number | null {
    return this.active?.recorder.step ?? null
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
    const config = parsePretrainConfig({ ...run.config, steps: end }, id)
    if (end <= run.step)
      throw new LabError({
        code: 'conflict',
        what: `"${run.name}" has made all its ${run.step} steps`,
        where: id,
        fix: `give a larger number of steps to continue longer, such as ${run.step * 2}`,
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
    const under = this.active ?? this.starting
    if (under) this.ask(under.id, 'pause')
    await this.working
  }

  // ── what the engine asks and tells ────────────────────────────────────────────────────────────

  readonly hostHandlers = {
    'host.batch': ({ run, step, micro }: ParsedInputOf<HostMethods['host.batch']>) =>
      this.activeRun(run).data.batch(step, micro),
    'host.evalBatch': ({ run, index }: ParsedInputOf<HostMethods['host.evalBatch']>) =>
      this.activeRun(run).data.evalBatch(index),
    'host.tensors': ({ checkpoint, file }: ParsedInputOf<HostMethods['host.tensors']>) =>
      this.parts.checkpoints.tensors(checkpoint, file),
    'host.readTensor': ({
      checkpoint,
      file,
      name,
      offset,
      length,
    }: ParsedInputOf<HostMethods['host.readTensor']>) =>
      this.parts.checkpoints.readTensor(checkpoint, file, name, offset, length),
    'host.checkpointBegin': ({
      run,
      state,
      evalLoss,
      model,
      optimizer,
    }: ParsedInputOf<HostMethods['host.checkpointBegin']>) =>
      this.beginCheckpoint(run, state, evalLoss, model, optimizer),
    'host.checkpointWrite': ({
      staging,
      file,
      bytes,
    }: ParsedInputOf<HostMethods['host.checkpointWrite']>) => {
      this.parts.checkpoints.write(staging, file, bytes)
      return {}
    },
    'host.checkpointCommit': ({ staging }: ParsedInputOf<HostMethods['host.checkpointCommit']>) =>
      this.commitCheckpoint(staging),
    'host.checkpointAbort': ({ staging }: ParsedInputOf<HostMethods['host.checkpointAbort']>) => {
      this.parts.checkpoints.abort(staging)
      return {}
    },
  }

  hear<K extends keyof EngineTopics & string>(topic: K, payload: TopicPayload<EngineTopics, K>): void {
    const { active } = this
    if (!active || !('run' in payload) || payload.run !== active.id) return
    if (topic === 'metrics') {
      const { step, tokens, values } = payload as TopicPayload<EngineTopics, 'metrics'>
      active.recorder.record(step, tokens, values)
    } else if (topic === 'sample') {
      const { step, prompt, tokens } = payload as TopicPayload<EngineTopics, 'sample'>
      const prompts = this.show(active.id).config.samplePrompts as string[]
      const sample = { step, prompt, promptText: prompts[prompt]!, text: written(active.tokenizer, tokens) }
      saveSample(this.context.workspace.db, active.id, sample)
      this.context.publish('sample', { run: active.id, sample })
    } else if (topic === 'event') {
      const { kind, text } = payload as TopicPayload<EngineTopics, 'event'>
      this.event(active.id, kind, text)
    }
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
      this.starting = { id, request: null }
      let change: RunChange
      try {
        change = await this.execute(id)
      } catch (error) {
        const facts = toFacts(error)
        change = { status: 'failed', reason: sentence(facts) }
        this.event(id, 'failed', facts.details ? `${sentence(facts)}\n${facts.details}` : sentence(facts))
      }
      this.starting = null
      this.active = null
      this.change(id, change)
      const summary = this.show(id)
      if (change.status === 'finished')
        this.context.publish('notice', { kind: 'success', text: `"${summary.name}" is finished`, run: id })
      if (change.status === 'failed' || (change.status === 'paused' && change.reason))
        this.context.publish('notice', {
          kind: 'error',
          text: `"${summary.name}": ${change.reason}`,
          run: id,
        })
      for (const resolve of this.waiters.get(id) ?? []) resolve(summary)
      this.waiters.delete(id)
    }
    this.isWorking = false
  }

  /** Trains until the run ends or leaves, starting again from the newest checkpoint whenever the engine was lost. */
  private async execute(id: string): Promise<RunChange> {
    const run = getRun(this.context.workspace.db, id)
    this.change(id, { status: 'running', reason: null })
    const tokenizer = await this.parts.tokenizers.get(run.tokenizer!)
    const data = await this.openData(run)
    try {
      for (let lost = false; ; ) {
        try {
          if (this.starting?.request) return leave(this.starting.request, this.closing)
          // A pause must not wait for an engine that may never come.
          await Promise.race([this.supervisor.ready(), new Promise<void>(resolve => (this.wake = resolve))])
          if (this.starting?.request) continue
          return await this.train(id, tokenizer, data, lost)
        } catch (error) {
          const facts = toFacts(error)
          if (facts.code !== 'engine-lost') throw error
          this.event(id, 'engine-lost', sentence(facts))
          if (this.closing)
            return { status: 'interrupted', reason: 'the app closed; it can go on from its last checkpoint' }
          if (this.supervisor.current().state === 'needs-user')
            return { status: 'paused', reason: sentence(facts) }
          lost = true
        }
      }
    } finally {
      data.close()
    }
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
    const { fingerprint } = this.supervisor.current().device!
    const conditions = resumeConditions(run, this.parts.tokenizers)
    const from = await newestCheckpoint(this.parts.checkpoints, run, conditions, (checkpoint, problem) =>
      this.event(id, 'damaged-checkpoint', `${checkpoint} cannot be used (${problem}); an earlier one is`),
    )
    rewindRun(db, id, from?.state.step ?? 0)
    if (from) {
      this.event(
        id,
        'resumed',
        `${afterLoss ? 'the engine is back: ' : ''}went on from step ${from.state.step}`,
      )
      if (run.fingerprint !== null && run.fingerprint !== fingerprint)
        this.event(
          id,
          'other-device',
          'this device is not the one the run was on: it goes on within rounding, not to the same bits',
        )
    } else this.event(id, 'started', `started on ${this.supervisor.current().device!.adapter}`)
    this.change(id, {
      fingerprint,
      step: from?.state.step ?? 0,
      tokens: from?.state.tokens ?? 0,
      bestEvalLoss: from?.state.bestEvalLoss ?? null,
    })

    const recorder = new RunRecorder(
      this.context,
      id,
      { step: from?.state.step ?? 0, seconds: run.seconds },
      () => this.context.publish('run', this.show(id)),
    )
    this.active = { id, recorder, data, tokenizer, request: this.starting?.request ?? null }
    this.starting = null
    try {
      const outcome = await this.supervisor.call('engine.train', this.trainSpec(run, tokenizer, from))
      recorder.commit()
      this.rememberSpeed(run.model, fingerprint, recorder)
      return this.ended(id, outcome)
    } finally {
      recorder.close()
      this.starting = { id, request: this.active.request }
      this.active = null
    }
  }

  private trainSpec(
    run: Run,
    tokenizer: Tokenizer,
    from: { id: string; state: TrainState } | null,
  ): TrainSpec {
    const config = parsePretrainConfig(run.config, run.id)
    const endOfText = specialId(tokenizer, SPECIAL_TOKENS[0])
    return {
      run: run.id,
      phase: run.phase,
      model: run.model,
      config,
      ...(from ? { resume: { checkpoint: from.id, state: from.state } } : {}),
      tokenBytes: Int32Array.from(
        { length: tokenizer.vocabularySize },
        (_, id) => tokenizer.tokenBytes(id).length,
      ),
      samplePrompts: config.samplePrompts.map(text => ({
        text,
        tokens: Int32Array.from([endOfText, ...tokenizer.encode(text)]),
      })),
      endOfText,
    }
  }

  private ended(id: string, { status, state, reason }: TrainOutcome): RunChange {
    this.event(id, status, reason ?? `${status} at step ${state.step}`)
    const { step, tokens, bestEvalLoss } = state
    if (status === 'paused' && !reason) return { ...leave('pause', this.closing), step, tokens, bestEvalLoss }
    // A pause of its own accord leaves the weights of the last good checkpoint; its step is where the run stands.
    if (status === 'paused') return { status, reason: reason ?? null }
    return { status, reason: null, step, tokens, bestEvalLoss }
  }

  private async openData(run: Run): Promise<RunData> {
    const config = parsePretrainConfig(run.config, run.id)
    const sources: OpenSource[] = []
    try {
      for (const { corpus, name, weight, hash } of run.data.sources) {
        const present = this.parts.corpora.show(corpus)
        if (present.hash !== hash)
          throw new LabError({
            code: 'conflict',
            what: `the corpus "${name}" is not the one this run was started with`,
            where: run.id,
            expected: `hash ${hash.slice(0, 12)}`,
            got: present.hash.slice(0, 12),
            fix: 'start a new run on it',
          })
        // The job is for its progress; open files do not travel to a screen.
        const job = this.context.jobs.start('tokenize', `Tokenizing ${name}`, async control => {
          sources.push({
            name,
            weight,
            ...(await this.parts.corpora.tokenized(corpus, run.tokenizer!, control)),
          })
        })
        await job.done
      }
      return new RunData(sources, {
        batchSize: config.batchSize,
        gradientAccumulationSteps: config.gradientAccumulationSteps,
        contextLength: run.model.contextLength,
        seed: config.seed,
      })
    } catch (error) {
      for (const { train, validation } of sources) {
        train.close()
        validation.close()
      }
      throw error
    }
  }

  private beginCheckpoint(
    id: string,
    state: TrainState,
    evalLoss: number | null,
    model: ParsedInputOf<HostMethods['host.checkpointBegin']>['model'],
    optimizer: ParsedInputOf<HostMethods['host.checkpointBegin']>['optimizer'],
  ): { staging: string } {
    const { tokenizer } = this.activeRun(id)
    const run = getRun(this.context.workspace.db, id)
    const { tokenizers, checkpoints } = this.parts
    const staging = checkpoints.begin({
      run: id,
      phase: run.phase,
      state,
      evalLoss,
      model,
      optimizer,
      files: checkpointFiles(run, tokenizer, tokenizers),
      stateFile: resumeConditions(run, tokenizers),
      fingerprint: run.fingerprint!,
    })
    return { staging }
  }

  private async commitCheckpoint(staging: string): Promise<{ checkpoint: string; weightsSha256: string }> {
    this.active?.recorder.commit()
    const committed = await this.parts.checkpoints.commit(staging)
    if (this.active) {
      const { id } = this.active
      const { keepCheckpoints } = parsePretrainConfig(getRun(this.context.workspace.db, id).config)
      await this.parts.checkpoints.retain(id, keepCheckpoints)
    }
    this.context.publish('changed', { what: 'checkpoints' })
    return committed
  }

  private ask(id: string, request: 'pause' | 'stop'): void {
    const queued = this.queue.indexOf(id)
    if (queued >= 0) {
      this.queue.splice(queued, 1)
      this.change(id, leave(request, this.closing))
      for (const resolve of this.waiters.get(id) ?? []) resolve(this.show(id))
      this.waiters.delete(id)
    } else if (this.active?.id === id) {
      this.active.request = request
      void this.supervisor.call('engine.pause', { run: id, stop: request === 'stop' }).catch(() => {
        // A lost engine ends the call in execute(), which then sees the request.
      })
    } else if (this.starting?.id === id) {
      this.starting.request = request
      this.wake()
    } else
      throw new LabError({ code: 'conflict', what: `the run ${id} is not active`, fix: 'resume it first' })
  }

  private activeRun(id: string): Active {
    if (this.active?.id === id) return this.active
    throw new LabError({
      code: 'conflict',
      what: `the run ${id} is not active`,
      fix: 'resume it from the Runs tab',
    })
  }

  private rememberSpeed(model: ModelConfig, fingerprint: string, recorder: RunRecorder): void {
    const rate = recorder.rate()
    if (rate)
      setSetting(
        this.context.workspace.db,
        speedKey(fingerprint),
        rate.tokensPerSecond * flopsPerToken(model),
      )
  }

  private event(id: string, kind: string, text: string): void {
    const { db } = this.context.workspace
    const event = {
      at: new Date().toISOString(),
      step: this.active?.recorder.step ?? getRun(db, id).step,
      kind,
      text,
    }
    addEvent(db, id, event)
    this.context.publish('runEvent', { run: id, event })
  }

  private summarize(run: Run): RunSummary {
    const rate = this.active?.id === run.id ? this.active.recorder.rate() : null
    return {
      ...run,
      parameters: countParameters(run.model).total,
      tokensPerSecond: rate?.tokensPerSecond ?? run.latest.tokens_per_second ?? null,
      etaSeconds: rate ? (run.steps - run.step) / rate.stepsPerSecond : null,
    }
  }
}

/** The text of a sample, without the token that ended it. */
function written(tokenizer: Tokenizer, tokens: Int32Array): string {
  const ended = tokens.at(-1) === specialId(tokenizer, SPECIAL_TOKENS[0])
  return tokenizer.decode(ended ? tokens.subarray(0, -1) : tokens)
}

const leave = (request: 'pause' | 'stop', closing: boolean): RunChange =>
  request === 'stop'
    ? { status: 'stopped', reason: null }
    : { status: 'paused', reason: closing ? 'the app was closed' : null }
