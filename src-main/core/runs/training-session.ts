// One run training on one engine: the batches it is given, what it reports, the checkpoints it makes.

import { parsePhaseConfig } from '../../../src-shared/config/phase-config.ts'
import type {
  engineHostMethods,
  engineTopics,
  PpoSpec,
  TrainSpec,
} from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Handlers, ParsedInputOf, TopicPayload } from '../../../src-shared/contract/method.ts'
import { chatStopTokens } from '../../../src-shared/tokenizer/chat-template.ts'
import { rawPrompt, templatePrompt } from '../../../src-shared/tokenizer/prompts.ts'
import { specialId } from '../../../src-shared/tokenizer/special-id.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { CheckpointStore } from '../checkpoints/checkpoint-store.ts'
import type { CoreContext } from '../context.ts'
import type { Corpora } from '../corpora/corpora.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import { addEvent } from '../database/queries/events.ts'
import { saveRollout } from '../database/queries/ppo.ts'
import { getRun, type Run } from '../database/queries/runs.ts'
import { saveSample } from '../database/queries/samples.ts'
import type { Demonstrations } from '../demonstrations/demonstrations.ts'
import type { QuestionBatches } from '../generation/question-batches.ts'
import { bestByPerson } from '../ppo/held-out.ts'
import { DOCTOR, RunDoctor } from '../ppo/run-doctor.ts'
import { storedRollout } from '../ppo/stored-rollout.ts'
import type { Preferences } from '../rankings/preferences.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'
import { checkpointFiles, resumeConditions } from './run-checkpoint.ts'
import type { PpoRunData, PreferenceRunData, RunData, TokenRunData } from './run-data.ts'
import type { RunRecorder } from './run-recorder.ts'

type HostMethods = typeof engineHostMethods
type EngineTopics = typeof engineTopics

export interface RunParts {
  readonly context: CoreContext
  readonly corpora: Corpora
  readonly tokenizers: Tokenizers
  readonly checkpoints: CheckpointStore
  readonly demonstrations: Demonstrations
  readonly preferences: Pick<Preferences, 'rowsOf' | 'show' | 'agreement'>
  readonly questions: Pick<QuestionBatches, 'ask'>
}

/** Writes down what happened to a run and tells the screens. */
export function recordEvent(
  { workspace, publish }: CoreContext,
  run: string,
  step: number,
  kind: string,
  text: string,
): void {
  const event = { at: new Date().toISOString(), step, kind, text }
  addEvent(workspace.db, run, event)
  publish('runEvent', { run, event })
}

export class TrainingSession {
  readonly run: string
  readonly recorder: RunRecorder
  /** What a person asked for; heard by the engine at a step boundary. */
  request: 'pause' | 'stop' | null = null
  private readonly parts: RunParts
  private readonly tokenizer: Tokenizer
  private readonly data: RunData
  private readonly prompts: readonly string[]
  private readonly keepCheckpoints: number
  private readonly phase: Run['phase']
  private readonly stopTokens: number[]
  private readonly doctor: RunDoctor | null

  constructor(parts: RunParts, run: Run, tokenizer: Tokenizer, data: RunData, recorder: RunRecorder) {
    const config = parsePhaseConfig(run.phase, run.config, run.id)
    this.run = run.id
    this.parts = parts
    this.tokenizer = tokenizer
    this.data = data
    this.recorder = recorder
    this.prompts = 'samplePrompts' in config ? config.samplePrompts : []
    this.keepCheckpoints = config.keepCheckpoints
    this.phase = run.phase
    this.stopTokens =
      run.phase === 'pretrain' ? [specialId(tokenizer, '<|endoftext|>')] : chatStopTokens(tokenizer)
    this.doctor = run.phase === 'ppo' ? new RunDoctor(parts.context.workspace.db, run) : null
  }

  /** What the engine is told to train. */
  spec(run: Run, resume: TrainSpec['resume']): TrainSpec {
    const { tokenizer, data } = this
    return {
      run: run.id,
      phase: run.phase,
      model: run.model,
      config: parsePhaseConfig(run.phase, run.config, run.id),
      ...(resume ? { resume } : {}),
      ...(run.parentCheckpoint === null ? {} : { parent: run.parentCheckpoint }),
      ...(data.stepsPerEpoch === undefined ? {} : { stepsPerEpoch: data.stepsPerEpoch }),
      tokenBytes: Int32Array.from(
        { length: tokenizer.vocabularySize },
        (_, id) => tokenizer.tokenBytes(id).length,
      ),
      samplePrompts: this.prompts.map(text => ({
        text,
        tokens: Int32Array.from(this.prompt(text)),
      })),
      stopTokens: this.stopTokens,
      ...(run.data.ppo ? { ppo: this.ppoSpec(run.data.ppo) } : {}),
    }
  }

  private ppoSpec({ rewards, rewardModel }: NonNullable<Run['data']['ppo']>): PpoSpec {
    const source = rewards.find(each => each.kind === 'reward-model')
    const hasRules = rewards.some(({ kind }) => kind !== 'reward-model')
    if (!source) return { hasRules }
    const { db } = this.parts.context.workspace
    const { model } = getRun(db, getCheckpoint(db, source.checkpoint).run)
    const { mean, std } = rewardModel!
    return {
      hasRules,
      rewardModel: { checkpoint: source.checkpoint, model, mean, std, weight: source.weight },
    }
  }

  /** The run's data, of the kind that its phase asks for. */
  get tokenData(): TokenRunData {
    if ('batch' in this.data) return this.data
    throw new Error(`${this.phase} has no token batches`)
  }

  get preferenceData(): PreferenceRunData {
    if ('preferenceBatch' in this.data) return this.data
    throw new Error(`${this.phase} has no preference batches`)
  }

  get ppoData(): PpoRunData {
    if ('rolloutPrompts' in this.data) return this.data
    throw new Error(`${this.phase} has no prompts`)
  }

  beginCheckpoint({
    state,
    evalLoss,
    model,
    optimizer,
  }: ParsedInputOf<HostMethods['host.checkpointBegin']>): { staging: string } {
    const { context, tokenizers, checkpoints } = this.parts
    const run = getRun(context.workspace.db, this.run)
    const staging = checkpoints.begin({
      run: run.id,
      phase: run.phase,
      state,
      evalLoss,
      model,
      optimizer,
      files: checkpointFiles(run, this.tokenizer, tokenizers, state),
      stateFile: resumeConditions(run, tokenizers),
      fingerprint: run.fingerprint!,
    })
    return { staging }
  }

  /** The metrics up to the checkpoint are on disk before it is. */
  async commitCheckpoint(staging: string): Promise<{ checkpoint: string; weightsSha256: string }> {
    const { context, checkpoints } = this.parts
    this.recorder.commit()
    const committed = await checkpoints.commit(staging)
    await checkpoints.retain(this.run, this.keepCheckpoints, this.preferred())
    context.publish('changed', { what: 'checkpoints' })
    return committed
  }

  /** Of the checkpoints that are there, the one that the person preferred in A/B breaks. */
  private preferred(): ReadonlySet<string> {
    if (this.phase !== 'ppo') return new Set()
    const there = this.parts.checkpoints.list(this.run).filter(({ status }) => status === 'verified')
    const steps = there.map(({ step }) => step)
    const step = bestByPerson(this.parts.context.workspace.db, this.run, steps)
    const found = there.find(checkpoint => checkpoint.step === step)
    return new Set(found ? [found.id] : [])
  }

  hear<K extends keyof EngineTopics & string>(topic: K, payload: TopicPayload<EngineTopics, K>): void {
    const { context } = this.parts
    if (topic === 'metrics') {
      const { step, tokens, values } = payload as TopicPayload<EngineTopics, 'metrics'>
      this.recorder.record(step, tokens, values)
      for (const text of this.doctor?.hear(step, values) ?? [])
        recordEvent(context, this.run, step, DOCTOR, text)
    } else if (topic === 'sample') {
      const { step, prompt, tokens, score } = payload as TopicPayload<EngineTopics, 'sample'>
      const sample = {
        ...{ step, prompt, promptText: this.prompts[prompt]!, text: this.written(tokens) },
        ...(score === undefined ? {} : { score }),
      }
      saveSample(context.workspace.db, this.run, sample)
      context.publish('sample', { run: this.run, sample })
    } else if (topic === 'rollout') {
      const { step, index, ...told } = payload as TopicPayload<EngineTopics, 'rollout'>
      saveRollout(context.workspace.db, this.run, step, index, storedRollout(told))
    } else if (topic === 'event') {
      const { step, kind, text } = payload as TopicPayload<EngineTopics, 'event'>
      recordEvent(context, this.run, step, kind, text)
    }
  }

  private prompt(text: string): readonly number[] {
    return (this.phase === 'pretrain' ? rawPrompt : templatePrompt)(this.tokenizer, text)
  }

  /** The text of a sample, without the token that ended it. */
  private written(tokens: Int32Array): string {
    const ended = this.stopTokens.includes(tokens.at(-1)!)
    return this.tokenizer.decode(ended ? tokens.subarray(0, -1) : tokens)
  }
}

/** What the engine may ask of the core: weights of any checkpoint at any time, the rest of the run that is training. */
export function engineHostHandlers(
  { checkpoints }: RunParts,
  current: () => TrainingSession | null,
): Handlers<HostMethods> {
  function session(run: string): TrainingSession {
    const training = current()
    if (training?.run === run) return training
    throw new LabError({
      code: 'conflict',
      what: `the run ${run} is not being trained`,
      fix: 'resume it from the Runs tab',
    })
  }
  return {
    'host.batch': ({ run, step, micro }) => session(run).tokenData.batch(step, micro),
    'host.evalBatch': ({ run, index }) => session(run).tokenData.evalBatch(index),
    'host.preferenceBatch': ({ run, step, micro }) =>
      session(run).preferenceData.preferenceBatch(step, micro),
    'host.preferenceEvalBatch': ({ run, part, index }) =>
      session(run).preferenceData.preferenceEvalBatch(part, index),
    'host.rolloutPrompts': ({ run, step }) => session(run).ppoData.rolloutPrompts(step),
    'host.heldOutPrompts': ({ run }) => session(run).ppoData.heldOutPrompts(),
    'host.ruleRewards': ({ run, ...answers }) => session(run).ppoData.ruleRewards(answers),
    'host.heldOutAnswers': answers => session(answers.run).ppoData.heldOutAnswers(answers),
    'host.tensors': ({ checkpoint, file }) => checkpoints.tensors(checkpoint, file),
    'host.readTensor': ({ checkpoint, file, name, offset, length }) =>
      checkpoints.readTensor(checkpoint, file, name, offset, length),
    'host.checkpointBegin': request => session(request.run).beginCheckpoint(request),
    'host.checkpointWrite'({ staging, file, bytes }) {
      checkpoints.write(staging, file, bytes)
      return {}
    },
    'host.checkpointCommit'({ staging }) {
      const training = current()
      if (training) return training.commitCheckpoint(staging)
      throw new LabError({
        code: 'conflict',
        what: 'no run is being trained',
        where: staging,
        fix: 'begin the checkpoint again',
      })
    },
    'host.checkpointAbort'({ staging }) {
      checkpoints.abort(staging)
      return {}
    },
  }
}
