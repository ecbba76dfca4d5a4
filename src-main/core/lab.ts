// The core, put together: what every host opens, and the one implementation of the contract.
import * as v from 'valibot'
import { version } from '../../package.json' with { type: 'json' }
import {
  type BackendChoice,
  type Calibration,
  calibration,
  type DeviceInfo,
} from '../../src-shared/contract/device-info.ts'
import { LabError, sentence, toFacts } from '../../src-shared/contract/errors.ts'
import type {
  LabMethods,
  LabTopics,
  RunSummary,
  WorkspaceStatus,
} from '../../src-shared/contract/lab-contract.ts'
import type { Handlers, TopicPayload } from '../../src-shared/contract/method.ts'
import { LABELER } from '../../src-shared/preferences/labeler-name.ts'
import type { Tokenizer } from '../../src-shared/tokenizer/tokenizer.ts'
import { DeviceBench } from './bench/device-bench.ts'
import { Chat } from './chat/chat.ts'
import { chatHandlers } from './chat/chat-handlers.ts'
import { CheckpointStore } from './checkpoints/checkpoint-store.ts'
import type { CoreContext } from './context.ts'
import { Corpora } from './corpora/corpora.ts'
import { corporaHandlers } from './corpora/corpora-handlers.ts'
import type { Db } from './database/open.ts'
import { allSettings, getSetting, setSetting } from './database/queries/settings.ts'
import { Builds } from './demo/builds.ts'
import { Demonstrations } from './demonstrations/demonstrations.ts'
import { demonstrationsHandlers } from './demonstrations/demonstrations-handlers.ts'
import type { EngineHost } from './engine-supervisor/engine-host.ts'
import { EngineSupervisor } from './engine-supervisor/engine-supervisor.ts'
import { evaluationHandlers } from './evaluation/evaluation-handlers.ts'
import { Evaluations } from './evaluation/evaluations.ts'
import { exhibitHandlers } from './exhibit/exhibit.ts'
import { FileGrants } from './files/file-grants.ts'
import { Completion, type TextEvaluation } from './generation/completion.ts'
import { QuestionBatches } from './generation/question-batches.ts'
import { Residency } from './generation/residency.ts'
import { type JobControl, Jobs } from './jobs/jobs.ts'
import { ppoHandlers } from './ppo/ppo-handlers.ts'
import { preferenceImportHandlers } from './rankings/import/import-handlers.ts'
import { requirePersonsName } from './rankings/persons-name.ts'
import { Preferences } from './rankings/preferences.ts'
import { rankingsHandlers } from './rankings/rankings-handlers.ts'
import { RewardMeasurement } from './reward/reward-measurement.ts'
import { RewardScores } from './reward/reward-scores.ts'
import { sizedFile } from './row-files/file-task.ts'
import { rememberSpeed, speedFor } from './runs/device-speed.ts'
import { PpoRuns } from './runs/ppo-handlers.ts'
import { RewardRuns } from './runs/reward-handlers.ts'
import { runHandlers } from './runs/run-handlers.ts'
import { Runs } from './runs/runs.ts'
import { SftRuns } from './runs/sft-handlers.ts'
import type { RunParts } from './runs/training-session.ts'
import { createStarterWorld, STARTER_WORLD_DOCUMENTS } from './starter-world/starter-world.ts'
import { Tokenizers, tokenizerHandlers } from './tokenizers/tokenizers.ts'
import { openWorkspace } from './workspace/workspace.ts'

export type TopicListener = <K extends keyof LabTopics & string>(
  topic: K,
  payload: TopicPayload<LabTopics, K>,
) => void

export interface Lab {
  readonly handlers: Handlers<LabMethods>
  readonly workspacePath: string
  /** What this start found and did, in sentences. */
  readonly notes: readonly string[]
  /** Hears every topic; the answer unsubscribes. */
  subscribe(listener: TopicListener): () => void
  /** An opaque file id for a path that a person picked, dropped or typed. */
  grantPath(path: string): string
  /** Resolves with the job's result. @throws LabError the job's error */
  waitForJob<T>(job: string): Promise<T>
  /** Resolves when the run is neither queued nor running. */
  waitForRun(run: string): Promise<RunSummary>
  activeRuns(): RunSummary[]
  /** A tokenizer, for texts of any length. @throws LabError `not-found` */
  tokenizer(id: string): Promise<Tokenizer>
  /** Many questions to one checkpoint. */
  readonly questions: Pick<QuestionBatches, 'ask'>
  /** Many responses to one reward model. */
  readonly rewardScores: Pick<RewardScores, 'score' | 'lengths'>
  /** Log-probs of a text under a checkpoint, for `evaluate`. */
  evaluateText(checkpoint: string, text: string): Promise<TextEvaluation>
  /** Pauses active runs with a checkpoint, then closes everything. */
  close(): Promise<void>
}

export interface LabOptions {
  readonly path: string
  readonly host: WorkspaceStatus['host']
  readonly engineHost: EngineHost
  /** Overrides the remembered choice. */
  readonly backend?: BackendChoice
  /** CPU threads, for this time; overrides the remembered number. */
  readonly threads?: number
}

/** Names of settings. */
const THREADS = 'threads'
const CALIBRATION = 'calibration'

/** null = as many as cores. */
function rememberedThreads(db: Db): number | null {
  const threads = getSetting(db, THREADS)
  return typeof threads === 'number' && Number.isInteger(threads) && threads > 0 ? threads : null
}

function rememberedCalibration(db: Db): Calibration | null {
  const parsed = v.safeParse(calibration, getSetting(db, CALIBRATION))
  return parsed.success ? parsed.output : null
}

/** @throws LabError when the workspace cannot be opened: another owner, no space, not writable, newer version */
export async function openLab({ path, host, engineHost, backend, threads }: LabOptions): Promise<Lab> {
  const workspace = openWorkspace(path, host)
  const listeners = new Set<TopicListener>()
  const publish: CoreContext['publish'] = (topic, payload) => {
    for (const listener of listeners) listener(topic, payload)
  }
  const jobs = new Jobs(status => publish('job', status))
  const context: CoreContext = { workspace, jobs, publish }
  const files = new FileGrants(workspace)
  const tokenizers = new Tokenizers(context)
  const corpora = new Corpora(context, tokenizers)
  const checkpoints = new CheckpointStore(context)
  workspace.notes.push(...(await checkpoints.recover()))
  const demonstrations = new Demonstrations(context)
  const preferences = new Preferences(context)
  const parts: RunParts = {
    context,
    corpora,
    tokenizers,
    checkpoints,
    demonstrations,
    preferences,
    // Made below, of parts that need the runs.
    get questions() {
      return questions
    },
  }

  const remembered = getSetting(workspace.db, 'backend') as BackendChoice | undefined
  const supervisor: EngineSupervisor = new EngineSupervisor({
    host: engineHost,
    choice: backend ?? remembered ?? 'auto',
    threads: threads ?? rememberedThreads(workspace.db),
    calibration: rememberedCalibration(workspace.db),
    // The runs answer the engine's questions; they are made next and the engine is started last.
    get handlers() {
      return runs.hostHandlers
    },
    onTopic: (topic, payload) => {
      if (topic === 'token') {
        completion.hear(payload as never)
        chat.underWay.hear(payload as never)
      } else if (topic === 'batchProgress') questions.hear(payload as never)
      else if (topic === 'benchProgress') {
        // A measurement begins by releasing what is loaded.
        residency.forget()
        bench.hear(payload as never)
      } else runs.hear(topic, payload)
    },
    onStatus: status => publish('engine', status),
    onReady: device => {
      residency.forget()
      if (device.calibration) setSetting(workspace.db, CALIBRATION, device.calibration)
      if (host !== 'terminal') void calibrate(device)
    },
    stepUnderWay: () => runs.stepUnderWay(),
  })
  const runs = new Runs(parts, supervisor)
  const residency = new Residency(workspace.db, supervisor)
  const models = { context, tokenizers, supervisor, residency }
  const completion = new Completion(models)
  const questions: QuestionBatches = new QuestionBatches(models)
  const sftRuns = new SftRuns(parts, runs, supervisor)
  const rewardRuns = new RewardRuns(parts, runs, supervisor)
  const ppoRuns = new PpoRuns(parts, runs, supervisor, ids => files.resolve(ids).map(sizedFile))
  const rewardScores = new RewardScores(models)
  const rewardMeasurement = new RewardMeasurement({ context, tokenizers, scores: rewardScores, runs })
  const evaluations = new Evaluations({ context, demonstrations, questions, scores: rewardScores })
  listeners.add((topic, payload) => {
    // In the terminal a command asks for what it wants to know.
    if (topic === 'run' && host !== 'terminal') rewardMeasurement.hear(payload as RunSummary)
    if (topic !== 'changed') return
    const { what } = payload as { what: string }
    if (what === 'demonstrations') sftRuns.forget()
    if (what === 'preferences' || what === 'conversations') rewardRuns.forget()
  })
  const chat = new Chat(models, checkpoints, rewardScores)
  const builds = new Builds(context, () => lab)
  const activeRuns = () => runs.list().filter(run => runs.isActive(run.id))
  const bench = new DeviceBench(context, supervisor, () => activeRuns()[0])
  void supervisor.start()

  /** Once per device: without a measured speed the screens could not say how long a run will take. */
  async function calibrate(device: DeviceInfo): Promise<void> {
    if (speedFor(workspace.db, device, 1) !== null) return
    try {
      const { flopsPerSecond, flopsPerStep } = await supervisor.call('engine.calibrate', {})
      rememberSpeed(workspace.db, device, flopsPerStep, flopsPerSecond)
      publish('changed', { what: 'settings' })
    } catch (error) {
      // An engine that is lost or a lab that closes meanwhile: the next engine is measured instead.
      const facts = toFacts(error)
      if (facts.code !== 'engine-lost')
        publish('notice', { kind: 'warning', text: sentence(facts), run: null })
    }
  }

  const handlers: Handlers<LabMethods> = {
    'workspace.show': () => ({
      path: workspace.path,
      freeBytes: workspace.freeBytes(),
      version,
      host,
      notes: [...workspace.earlierNotes, ...workspace.notes],
    }),
    'settings.all': () => allSettings(workspace.db),
    'settings.set'({ key, value }) {
      if (key === LABELER && typeof value === 'string') requirePersonsName(value)
      setSetting(workspace.db, key, value)
      publish('changed', { what: 'settings' })
      return {}
    },
    'engine.status': () => supervisor.current(),
    async 'engine.choose'({ backend, threads }) {
      const [active] = activeRuns()
      if (active)
        throw new LabError({
          code: 'conflict',
          what: `"${active.name}" is being trained`,
          fix: 'pause it, then change the backend',
        })
      bench.refuseWhileMeasuring()
      setSetting(workspace.db, 'backend', backend)
      if (threads !== undefined) setSetting(workspace.db, THREADS, threads)
      await supervisor.choose(backend, threads)
      return supervisor.current()
    },
    'engine.retry'() {
      supervisor.retry()
      return {}
    },
    'jobs.list': () => jobs.list(),
    'jobs.cancel'({ job }) {
      jobs.cancel(job)
      return {}
    },
    ...corporaHandlers(corpora, files, jobs),
    'starterWorld.create'({ seed, documents }) {
      const title = `Writing the starter world ${seed}`
      const write = (job: JobControl) =>
        createStarterWorld(corpora, seed, documents ?? STARTER_WORLD_DOCUMENTS, job)
      return { job: jobs.start('starter-world', title, write).id }
    },
    ...tokenizerHandlers(tokenizers, ids => corpora.folders(ids)),
    ...demonstrationsHandlers(context, demonstrations, files, tokenizers),
    ...runHandlers(parts, runs, supervisor),
    ...completion.handlers,
    ...chatHandlers(chat),
    ...bench.handlers,
    ...sftRuns.handlers,
    ...exhibitHandlers(context, questions),
    ...preferenceImportHandlers(context, preferences, files),
    ...rankingsHandlers(parts, preferences, files, questions),
    ...rewardRuns.handlers,
    ...rewardScores.handlers,
    ...rewardMeasurement.handlers,
    ...ppoRuns.handlers,
    ...ppoHandlers(context, tokenizers),
    ...evaluationHandlers(evaluations),
    ...builds.handlers,
  }

  let closing: Promise<void> | null = null
  const lab: Lab = {
    handlers,
    workspacePath: workspace.path,
    notes: workspace.notes,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    grantPath: path => files.grant(path),
    waitForJob: job => jobs.wait(job),
    waitForRun: run => runs.wait(run),
    tokenizer: id => tokenizers.get(id),
    activeRuns,
    questions,
    rewardScores,
    evaluateText: (checkpoint, text) => completion.evaluate(checkpoint, text),
    close() {
      closing ??= (async () => {
        const built = builds.close()
        const measured = Promise.all([rewardMeasurement.close(), chat.measures.close(), evaluations.close()])
        await Promise.all([chat.underWay.close(), runs.close()])
        await supervisor.close()
        await Promise.all([chat.underWay.ended(), measured, built])
        workspace.close()
      })()
      return closing
    },
  }
  return lab
}
