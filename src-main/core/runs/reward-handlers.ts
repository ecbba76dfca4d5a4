// The contract's methods of phase 3's training: what the chosen preferences become, what a run will cost, and its start.
import { stepsOf } from '../../../src-shared/batches/packing.ts'
import { flopsPerToken, type ModelConfig } from '../../../src-shared/config/model-config.ts'
import { parseRewardConfig, type RewardConfig } from '../../../src-shared/config/reward-config.ts'
import { tokensPerStep } from '../../../src-shared/config/train-config.ts'
import { type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers, ParsedInputOf } from '../../../src-shared/contract/method.ts'
import type { RewardExamples } from '../../../src-shared/contract/reward-contract.ts'
import { preferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import type { Run } from '../database/queries/runs.ts'
import { readSnapshot, writeSnapshot } from '../datasets/snapshot.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'
import { type EncodedPreferences, type EncodedPrompt, encodePreferences } from '../rankings/encoded.ts'
import { speedFor } from './device-speed.ts'
import { EncodedSets } from './encoded-sets.ts'
import { estimateRun, requireNone } from './estimate.ts'
import { parentRun } from './parent-run.ts'
import { nothingToCompare } from './reward-data.ts'
import type { Runs } from './runs.ts'
import type { RunParts } from './training-session.ts'

type RewardTraining = Pick<LabMethods, 'reward.estimate' | 'reward.start' | 'reward.refused'>
type RewardStart = ParsedInputOf<LabMethods['reward.start']>
type RewardRequest = Omit<RewardStart, 'name'>

/** Batches differ in what they hold, and rows are not filled to the last place. */
const ROOM = 1.2

export class RewardRuns {
  private readonly parts: RunParts
  private readonly runs: Runs
  private readonly supervisor: EngineSupervisor
  private readonly encoded = new EncodedSets<EncodedPreferences>()

  constructor(parts: RunParts, runs: Runs, supervisor: EngineSupervisor) {
    this.parts = parts
    this.runs = runs
    this.supervisor = supervisor
  }

  /** Rankings were changed: what was read of them is out of date. */
  forget(): void {
    this.encoded.forget()
  }

  readonly handlers: Handlers<RewardTraining> = {
    'reward.estimate': async request => {
      const { estimate, examples } = await this.examine(request)
      return { ...estimate, examples }
    },
    'reward.start': request => this.start(request),
    'reward.refused': async ({ checkpoint, sets, offset, limit }) => {
      const parent = parentRun(this.parts, checkpoint)
      const { refused } = await this.encode(parent, sets, parseRewardConfig({}).validationShare)
      return { total: refused.length, rows: refused.slice(offset, offset + limit) }
    },
  }

  private async start({ name, ...request }: RewardStart): Promise<{ run: string }> {
    const { context, preferences } = this.parts
    // What fits is only known once the device is.
    await this.supervisor.settled()
    const { parent, model, config, examples, rowsPerBatch, hash } = await this.snapshot(request)
    // A run that goes on prunes its checkpoints; this one may have been among them.
    getCheckpoint(context.workspace.db, request.checkpoint)
    const sets: { set: string; name: string; prompts: number }[] = []
    for (const set of new Set(request.sets)) {
      const { name, prompts } = await preferences.show(set)
      sets.push({ set, name, prompts })
    }
    const { steps, prompts, pairs, refused } = examples
    const run = this.runs.start({
      name: name ?? `${parent.name} reward`.slice(0, 120).toWellFormed(),
      phase: 'reward',
      parentCheckpoint: request.checkpoint,
      tokenizer: parent.tokenizer,
      model,
      config: { ...config, steps },
      data: { sources: [], preferences: { sets, hash, prompts, pairs, refused, rowsPerBatch } },
      steps,
    })
    context.publish('changed', { what: 'runs' })
    return { run }
  }

  /** The rows of a request on the disk, and what is made of just these. @throws LabError the first problem of the request */
  private snapshot(request: RewardRequest) {
    const { context, preferences, tokenizers } = this.parts
    return this.encoded.written(
      async readBack => {
        const examined = await this.examine(request, readBack)
        requireNone(examined.estimate.problems)
        return examined
      },
      () => writeSnapshot(context.workspace, preferences.rowsOf([...new Set(request.sets)])),
      async (hash, { parent, config: { validationShare } }) => {
        const rows = readSnapshot(context.workspace, hash, preferenceRow, 'preferences')
        const tokenizer = await tokenizers.get(parent.tokenizer!)
        const { contextLength } = parent.model
        return encodePreferences(rows, tokenizer, { contextLength, validationShare })
      },
    )
  }

  /**
   * Every problem of a request at once; what could be resolved comes with them.
   * @param encoded what the preferences become; absent = as they are now
   */
  private async examine(request: RewardRequest, encoded?: EncodedPreferences) {
    const problems: LabErrorFacts[] = []
    const parent = parentRun(this.parts, request.checkpoint)
    const model: ModelConfig = { ...parent.model, head: 'score' }
    let config: RewardConfig
    try {
      config = parseRewardConfig(request.config)
    } catch (error) {
      problems.push(toFacts(error))
      config = parseRewardConfig({})
    }
    const { examples, rowsPerBatch } = await this.examples(
      parent,
      request.sets,
      config,
      encoded ?? (await this.encode(parent, request.sets, config.validationShare)),
    )
    if (examples.prompts.train === 0) problems.push(nothingToCompare(examples.refused).facts)
    const { device } = this.supervisor.current()
    const inRows = { ...config, steps: Math.max(1, examples.steps), batchSize: rowsPerBatch }
    const flopsPerStep = tokensPerStep(inRows, model.contextLength) * flopsPerToken(model)
    const flopsPerSecond = device && speedFor(this.parts.context.workspace.db, device, flopsPerStep)
    const estimate = estimateRun(model, inRows, device, flopsPerSecond, problems)
    return { parent, model, config, examples, rowsPerBatch, estimate }
  }

  private async examples(
    parent: Run,
    sets: readonly string[],
    config: RewardConfig,
    { train, validation, distinct, refused, withoutPairs, ties }: EncodedPreferences,
  ): Promise<{ examples: RewardExamples; rowsPerBatch: number }> {
    const { preferences } = this.parts
    let contradictions = 0
    for (const set of new Set(sets)) contradictions += (await preferences.show(set)).contradictions
    const promptsPerStep = config.batchSize * config.gradientAccumulationSteps
    const responses = train.flatMap(prompt => prompt.responses)
    const tokens = responses.reduce((sum, { length }) => sum + length, 0)
    const perBatch = train.length === 0 ? 0 : (tokens / train.length) * config.batchSize
    const pairs = (of: readonly EncodedPrompt[]) => of.reduce((sum, prompt) => sum + prompt.pairs.length, 0)
    return {
      examples: {
        prompts: { train: train.length, validation: validation.length },
        distinct,
        responses: responses.length,
        pairs: { train: pairs(train), validation: pairs(validation) },
        withoutPairs,
        ties,
        contradictions,
        refused: refused.length,
        tokens,
        longest: responses.reduce((most, { length }) => Math.max(most, length), 0),
        steps:
          config.steps || (train.length === 0 ? 0 : stepsOf(config.epochs, train.length, promptsPerStep)),
        agreement: await preferences.agreement(sets),
      },
      rowsPerBatch: Math.max(1, Math.ceil((ROOM * perBatch) / parent.model.contextLength)),
    }
  }

  private encode(parent: Run, sets: readonly string[], validationShare: number): Promise<EncodedPreferences> {
    const { contextLength } = parent.model
    return this.encoded.get([sets, parent.tokenizer, contextLength, validationShare], async () => {
      const tokenizer = await this.parts.tokenizers.get(parent.tokenizer!)
      const rows = this.parts.preferences.rowsOf([...new Set(sets)])
      return encodePreferences(rows, tokenizer, { contextLength, validationShare })
    })
  }
}

/** @throws LabError the first of the problems */
