// The contract's methods of phase 4's training: what the chosen prompts become, what a run will cost, and its start.
import { flopsPerToken, type ModelConfig } from '../../../src-shared/config/model-config.ts'
import {
  checkedPpoConfig,
  type PpoConfig,
  PTX_ROWS,
  parsePpoConfig,
  ppoTrainedTokens,
} from '../../../src-shared/config/ppo-config.ts'
import { ppoMemory } from '../../../src-shared/config/training-memory.ts'
import { LabError, type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers, ParsedInputOf } from '../../../src-shared/contract/method.ts'
import type { PpoData, PpoPrompts, RewardSource } from '../../../src-shared/contract/ppo-contract.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import type { Run } from '../database/queries/runs.ts'
import { writeSnapshot } from '../datasets/snapshot.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'
import { checkpointModel } from '../generation/checkpoint-model.ts'
import { encodePrompts, type FoundPrompts, findPpoPrompts, type PpoPromptRow } from '../ppo/ppo-prompts.ts'
import { readPattern } from '../ppo/rule-rewards.ts'
import { rewardScale } from '../reward/reward-scale.ts'
import type { RowFile } from '../row-files/file-source.ts'
import { speedFor } from './device-speed.ts'
import { estimateRun, requireNone } from './estimate.ts'
import { parentRun } from './parent-run.ts'
import { baseOf, nothingToAsk } from './ppo-data.ts'
import type { Runs } from './runs.ts'
import type { RunParts } from './training-session.ts'

type PpoTraining = Pick<LabMethods, 'ppo.estimate' | 'ppo.start'>
type PpoStart = ParsedInputOf<LabMethods['ppo.start']>
type PpoRequest = Omit<PpoStart, 'name'>

interface RewardModelOfRun {
  readonly run: Run
  readonly mean: number
  readonly std: number
}

/**
 * Least deviation that scores are divided by. Differences of raw scores are log odds of being preferred (Bradley and Terry
 * 1952): at this one a typical answer is preferred to another by two to one. A model of weaker opinions keeps them weak: brought
 * to deviation 1, what chance left in it would be obeyed (docs/log.md).
 */
const LEAST_STD = 0.5

export class PpoRuns {
  private readonly parts: RunParts
  private readonly runs: Runs
  private readonly supervisor: EngineSupervisor
  private readonly filesOf: (ids: readonly string[]) => readonly RowFile[]

  constructor(
    parts: RunParts,
    runs: Runs,
    supervisor: EngineSupervisor,
    filesOf: (ids: readonly string[]) => readonly RowFile[],
  ) {
    this.parts = parts
    this.runs = runs
    this.supervisor = supervisor
    this.filesOf = filesOf
  }

  readonly handlers: Handlers<PpoTraining> = {
    'ppo.estimate': async request => {
      const { estimate, prompts } = await this.examine(request)
      return { ...estimate, prompts }
    },
    'ppo.start': request => this.start(request),
  }

  private async start({ name, ...request }: PpoStart): Promise<{ run: string }> {
    const { context } = this.parts
    // What fits is only known once the device is.
    await this.supervisor.settled()
    const { parent, config, kept, prompts, rewardModel, estimate } = await this.examine(request)
    requireNone(estimate.problems)
    // A run that goes on prunes its checkpoints; this one may have been among them.
    getCheckpoint(context.workspace.db, request.checkpoint)
    const { train, heldOut } = kept
    const ppo: PpoData = {
      prompts: {
        from: request.prompts.from,
        hash: await writeSnapshot(context.workspace, train),
        validationHash: await writeSnapshot(context.workspace, heldOut),
        train: train.length,
        validation: heldOut.length,
        refused: prompts.refused,
        world: request.prompts.from === 'starter-world' ? request.prompts.world : null,
      },
      rewards: request.rewards,
      rewardModel: rewardModel && {
        name: rewardModel.run.name,
        mean: rewardModel.mean,
        std: rewardModel.std,
      },
      judge: request.prompts.from === 'starter-world' ? 'oracle' : null,
    }
    const run = this.runs.start({
      name: name ?? `${parent.name} RLHF`.slice(0, 120).toWellFormed(),
      phase: 'ppo',
      parentCheckpoint: request.checkpoint,
      tokenizer: parent.tokenizer,
      model: parent.model,
      config,
      data: { sources: [], ppo },
      steps: config.steps,
    })
    context.publish('changed', { what: 'runs' })
    return { run }
  }

  /** Every problem of a request at once; what could be resolved comes with them. */
  private async examine(request: PpoRequest) {
    const problems: LabErrorFacts[] = []
    const attempt = async <T>(work: () => T | Promise<T>, otherwise: T): Promise<T> => {
      try {
        return await work()
      } catch (error) {
        problems.push(toFacts(error))
        return otherwise
      }
    }
    const parent = parentRun(this.parts, request.checkpoint)
    const { contextLength } = parent.model
    const config = await attempt(() => checkedPpoConfig(request.config), parsePpoConfig({}))
    const rewardModel = await attempt(() => this.rewardModel(request.rewards, parent), null)
    await attempt(() => this.requireRewards(request), undefined)
    if (config.ptxCoef > 0)
      await attempt(() => void baseOf(this.parts, { parentCheckpoint: request.checkpoint }), undefined)
    const found = await attempt<FoundPrompts>(() => this.find(request, config), { train: [], heldOut: [] })
    const tokenizer = await this.parts.tokenizers.get(parent.tokenizer!)
    const train = await encodePrompts(found.train, tokenizer, contextLength)
    const heldOut = await encodePrompts(found.heldOut, tokenizer, contextLength)
    const refused = train.refused + heldOut.refused
    if (train.prompts.length === 0 && problems.length === 0)
      problems.push(nothingToAsk(refused, heldOut.prompts.length).facts)
    const longest = train.prompts.reduce((most, { tokens }) => Math.max(most, tokens.length), 0)
    const mean =
      train.prompts.reduce((sum, { tokens }) => sum + tokens.length, 0) / (train.prompts.length || 1)
    const prompts: PpoPrompts = {
      train: train.prompts.length,
      validation: heldOut.prompts.length,
      refused,
      longest,
      epochs: train.prompts.length === 0 ? 0 : (config.steps * config.batchSize) / train.prompts.length,
    }
    const rowsOf = ({ prompts }: typeof train): PpoPromptRow[] => prompts.map(({ row }) => row)
    return {
      parent,
      config,
      rewardModel,
      kept: { train: rowsOf(train), heldOut: rowsOf(heldOut) },
      prompts,
      estimate: this.estimate(parent.model, config, mean, rewardModel?.run.model ?? null, problems),
    }
  }

  /** Rows are packed; an answer is taken to be half as long as it may be. */
  private estimate(
    model: ModelConfig,
    config: PpoConfig,
    promptTokens: number,
    scoring: ModelConfig | null,
    problems: readonly LabErrorFacts[],
  ) {
    const { device } = this.supervisor.current()
    const perAnswer = Math.min(model.contextLength, promptTokens + config.responseLength / 2)
    const rows = Math.max(1, Math.ceil((perAnswer * config.batchSize) / model.contextLength))
    const pieces = config.numMiniBatches * config.gradientAccumulationSteps
    const atOnce = Math.max(Math.ceil(rows / pieces), config.ptxCoef > 0 ? PTX_ROWS : 0)
    const memory = ppoMemory(model, scoring, atOnce, config.valueModel, {
      backend: device?.backend ?? 'wasm',
      kernels: device?.kernels ?? 'composed',
    })
    const { contextLength } = model
    const trained = ppoTrainedTokens(rows * contextLength, contextLength, config)
    const asTrained = {
      ...config,
      batchSize: Math.ceil(trained / contextLength),
      gradientAccumulationSteps: 1,
    }
    const flopsPerStep = asTrained.batchSize * contextLength * flopsPerToken(model)
    const flopsPerSecond = device && speedFor(this.parts.context.workspace.db, device, flopsPerStep, 'ppo')
    return estimateRun(model, asTrained, device, flopsPerSecond, problems, memory)
  }

  private find({ prompts }: PpoRequest, config: PpoConfig): Promise<FoundPrompts> {
    const { evalBatches, batchSize, validationShare: share, seed } = config
    return findPpoPrompts(
      prompts,
      { heldOut: evalBatches * batchSize, share, seed },
      this.parts.demonstrations,
      this.filesOf,
    )
  }

  private async rewardModel(rewards: readonly RewardSource[], parent: Run): Promise<RewardModelOfRun | null> {
    const { context, tokenizers } = this.parts
    const [first, second] = rewards.filter(source => source.kind === 'reward-model')
    if (!first) return null
    if (second)
      throw new LabError({
        code: 'bad-input',
        what: 'there is more than one reward model',
        where: 'rewards',
        fix: 'leave one; rules can stand beside it',
      })
    const { run } = await checkpointModel(context, tokenizers, first.checkpoint, 'score')
    const hash = (id: string | null) => tokenizers.summary(id!).hash
    if (hash(run.tokenizer) !== hash(parent.tokenizer))
      throw new LabError({
        code: 'bad-input',
        what: `"${run.name}" reads other tokens than the model that is to be trained`,
        where: 'rewards',
        expected: 'a reward model with the same tokenizer',
        fix: 'choose one that comes from the same base',
      })
    if (run.model.contextLength < parent.model.contextLength)
      throw new LabError({
        code: 'bad-input',
        what: `"${run.name}" reads ${run.model.contextLength} tokens, the model that is to be trained writes up to ${parent.model.contextLength}`,
        where: 'rewards',
        fix: 'choose a reward model with as long a context',
      })
    const { mean, std } = rewardScale(context.workspace, first.checkpoint)
    return { run, mean, std: Math.max(std, LEAST_STD) }
  }

  private requireRewards({ rewards, prompts }: PpoRequest): void {
    for (const source of rewards) {
      if (source.kind === 'regex') readPattern(source.pattern)
      if (source.kind === 'truth' && prompts.from !== 'starter-world') throw unknownTruth('truth')
      if (source.kind === 'exact' && (prompts.from === 'text' || prompts.from === 'files'))
        throw unknownTruth('exact')
    }
  }
}

const unknownTruth = (kind: string): LabError =>
  new LabError({
    code: 'bad-input',
    what: `these prompts come without answers, so the reward "${kind}" has nothing to compare with`,
    where: 'rewards',
    expected:
      kind === 'truth' ? 'prompts of the starter world' : 'prompts of the starter world or of demonstrations',
    fix: 'choose other prompts or another reward',
  })
