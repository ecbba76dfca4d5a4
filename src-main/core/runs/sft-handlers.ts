// The contract's methods of phase 2's training: what the chosen demonstrations become, what a run will cost, and its start.
import { stepsOf } from '../../../src-shared/batches/packing.ts'
import { flopsPerToken } from '../../../src-shared/config/model-config.ts'
import { parseSftConfig, type SftConfig } from '../../../src-shared/config/sft-config.ts'
import { tokensPerStep } from '../../../src-shared/config/train-config.ts'
import { type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers, ParsedInputOf } from '../../../src-shared/contract/method.ts'
import type { SftExamples } from '../../../src-shared/contract/sft-contract.ts'
import { getCheckpoint } from '../database/queries/checkpoints.ts'
import type { Run } from '../database/queries/runs.ts'
import { readSnapshot, writeSnapshot } from '../datasets/snapshot.ts'
import { plainMessage } from '../demonstrations/conversation.ts'
import {
  type DemonstrationSnapshotRow,
  demonstrationSnapshotRow,
  type EncodedDemonstrations,
  encodeDemonstrations,
  rowsInFirstEpoch,
} from '../demonstrations/encoded.ts'
import type { EngineSupervisor } from '../engine-supervisor/engine-supervisor.ts'
import { speedFor } from './device-speed.ts'
import { EncodedSets } from './encoded-sets.ts'
import { estimateRun, requireNone } from './estimate.ts'
import { parentRun } from './parent-run.ts'
import type { Runs } from './runs.ts'
import { nothingToTrainOn } from './sft-data.ts'
import type { RunParts } from './training-session.ts'

type SftMethods = Pick<LabMethods, Extract<keyof LabMethods, `sft.${string}`>>
type SftStart = ParsedInputOf<LabMethods['sft.start']>
type SftRequest = Omit<SftStart, 'name'>

export class SftRuns {
  private readonly parts: RunParts
  private readonly runs: Runs
  private readonly supervisor: EngineSupervisor
  private readonly encoded = new EncodedSets<EncodedDemonstrations>()
  /** How an encoded set was packed last. */
  private readonly packed = new WeakMap<EncodedDemonstrations, { seed: number; rows: number }>()

  constructor(parts: RunParts, runs: Runs, supervisor: EngineSupervisor) {
    this.parts = parts
    this.runs = runs
    this.supervisor = supervisor
  }

  /** Rows were changed: what was read of them is out of date. */
  forget(): void {
    this.encoded.forget()
  }

  readonly handlers: Handlers<SftMethods> = {
    'sft.estimate': async request => {
      const { estimate, examples } = await this.examine(request)
      return { ...estimate, examples }
    },
    'sft.start': request => this.start(request),
    'sft.refused': async ({ checkpoint, sets, offset, limit }) => {
      const { refused } = await this.encode(
        parentRun(this.parts, checkpoint),
        sets,
        parseSftConfig({}).validationShare,
      )
      return { total: refused.length, rows: refused.slice(offset, offset + limit) }
    },
  }

  private async start({ name, ...request }: SftStart): Promise<{ run: string }> {
    const { context, demonstrations } = this.parts
    // What fits is only known once the device is.
    await this.supervisor.settled()
    const { base, config, examples, hash } = await this.snapshot(request)
    // A run that goes on prunes its checkpoints; this one may have been among them.
    getCheckpoint(context.workspace.db, request.checkpoint)
    const { train, validation, refused, steps } = examples
    const run = this.runs.start({
      name: name ?? `${base.name} fine-tuned`.slice(0, 120).toWellFormed(),
      phase: 'sft',
      parentCheckpoint: request.checkpoint,
      tokenizer: base.tokenizer,
      model: base.model,
      config: { ...config, steps },
      data: {
        sources: [],
        demonstrations: {
          sets: [...new Set(request.sets)].map(set => {
            const { name, rows } = demonstrations.show(set)
            return { set, name, rows }
          }),
          hash,
          train,
          validation,
          refused,
        },
      },
      steps,
    })
    context.publish('changed', { what: 'runs' })
    return { run }
  }

  /** The rows of a request on the disk, and what is made of just these. @throws LabError the first problem of the request */
  private snapshot(request: SftRequest) {
    const { context, tokenizers } = this.parts
    return this.encoded.written(
      async readBack => {
        const examined = await this.examine(request, readBack)
        requireNone(examined.estimate.problems)
        return examined
      },
      () => writeSnapshot(context.workspace, this.rows(request.sets)),
      async (hash, { base, config: { validationShare } }) => {
        const rows = readSnapshot(context.workspace, hash, demonstrationSnapshotRow, 'demonstrations')
        const tokenizer = await tokenizers.get(base.tokenizer!)
        const { contextLength } = base.model
        return encodeDemonstrations(rows, tokenizer, { contextLength, validationShare })
      },
    )
  }

  /**
   * Every problem of a request at once; what could be resolved comes with them.
   * @param encoded what the demonstrations become; absent = as they are now
   */
  private async examine(request: SftRequest, encoded?: EncodedDemonstrations) {
    const problems: LabErrorFacts[] = []
    const base = parentRun(this.parts, request.checkpoint)
    let config: SftConfig
    try {
      config = parseSftConfig(request.config)
    } catch (error) {
      problems.push(toFacts(error))
      config = parseSftConfig({})
    }
    const examples = await this.examples(
      base,
      config,
      encoded ?? (await this.encode(base, request.sets, config.validationShare)),
    )
    if (examples.train === 0) problems.push(nothingToTrainOn(examples.refused).facts)
    const steps = Math.max(1, examples.steps)
    const { device } = this.supervisor.current()
    const flopsPerStep = tokensPerStep(config, base.model.contextLength) * flopsPerToken(base.model)
    const flopsPerSecond = device && speedFor(this.parts.context.workspace.db, device, flopsPerStep)
    const estimate = estimateRun(base.model, { ...config, steps }, device, flopsPerSecond, problems)
    return { base, config, examples, estimate }
  }

  private async examples(base: Run, config: SftConfig, encoded: EncodedDemonstrations): Promise<SftExamples> {
    const { train, validation, refused } = encoded
    const { contextLength } = base.model
    const rowsPerEpoch = await this.rowsPerEpoch(encoded, contextLength, config.seed)
    const rowsPerStep = config.batchSize * config.gradientAccumulationSteps
    let tokens = 0
    let trainedTokens = 0
    let longest = 0
    for (const example of train) {
      const { length } = example.tokens
      tokens += length
      longest = Math.max(longest, length)
      for (const target of example.targets) if (target >= 0) trainedTokens++
    }
    return {
      train: train.length,
      validation: validation.length,
      refused: refused.length,
      tokens,
      trainedTokens,
      longest,
      rowsPerEpoch,
      padding: rowsPerEpoch === 0 ? 0 : 1 - tokens / (rowsPerEpoch * contextLength),
      steps: config.steps || (train.length === 0 ? 0 : stepsOf(config.epochs, rowsPerEpoch, rowsPerStep)),
    }
  }

  private async rowsPerEpoch(
    encoded: EncodedDemonstrations,
    contextLength: number,
    seed: number,
  ): Promise<number> {
    const known = this.packed.get(encoded)
    if (known?.seed === seed) return known.rows
    const rows = await rowsInFirstEpoch(encoded.train, contextLength, seed)
    this.packed.set(encoded, { seed, rows })
    return rows
  }

  private encode(
    base: Run,
    sets: readonly string[],
    validationShare: number,
  ): Promise<EncodedDemonstrations> {
    const { contextLength } = base.model
    return this.encoded.get([sets, base.tokenizer, contextLength, validationShare], async () => {
      const tokenizer = await this.parts.tokenizers.get(base.tokenizer!)
      return encodeDemonstrations(this.rows(sets), tokenizer, { contextLength, validationShare })
    })
  }

  private *rows(sets: readonly string[]): Generator<DemonstrationSnapshotRow> {
    for (const set of new Set(sets))
      for (const { number, messages } of this.parts.demonstrations.rows(set))
        yield { set, number, messages: messages.map(plainMessage) }
  }
}
