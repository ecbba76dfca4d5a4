// What every phase's training must do alike: accumulate over the step's valid terms, clip, follow the schedule, guard
// against NaN, evaluate, checkpoint, pause, and report. A phase brings its loss; this file brings the step.
//
// Everything here is a function of (weights, moments, step): no state that a checkpoint would not hold.
import { learningRateAt, type TrainConfig } from '../../../src-shared/config/train-config.ts'
import type { TrainOutcome, TrainSpec, TrainState } from '../../../src-shared/contract/engine-contract.ts'
import type { EngineCore } from '../engine-core.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Transformer } from '../model/transformer.ts'
import { AdamW } from '../optim/adamw.ts'
import { writeCheckpoint } from './write-checkpoint.ts'

/** Steps in a row whose update was refused before the run pauses. */
const NON_FINITE_LIMIT = 3
/** A checkpoint is also made after this long, however large the interval in steps. */
const CHECKPOINT_MINUTES = 10
/** Losses of the first steps include compiling; speed counts from here. */
const SPEED_WARMUP_STEPS = 3

interface LossPart {
  /** Nats. */
  readonly lossSum: number
  /** What the sum is over: counted tokens, or prompts. */
  readonly terms: number
}

/** What the loop itself looks at in a batch. */
interface Batch {
  readonly tokens: Int32Array
  readonly padding?: number | undefined
}

/** What a phase puts into the loop. */
export interface PhaseObjective<B extends Batch, Part extends LossPart = LossPart> {
  /** Micro-batch `micro` of step `step`, both from 0. */
  batch(step: number, micro: number): Promise<B>
  /** Forward and backward of one micro-batch. Adds the gradient of the *summed* loss to the model's gradients. */
  accumulate(batch: B): Promise<Part>
  /** More of a step's metrics, from its micro-batches. */
  stepMetrics?(parts: readonly Part[], step: number): Record<string, number>
  /** Whether a new run is measured and sampled before its first step: what the parent can do. */
  readonly startsFromParent?: boolean
  /** Metrics on held-out data; `eval_loss` decides which checkpoint is best. */
  evaluate(step: number): Promise<Record<string, number>>
  /** Texts from the fixed prompts, where the phase's model writes. */
  sample?(step: number): Promise<void>
  /** Numbers about the weights as they are, saved with every checkpoint. */
  measure?(): Promise<Record<string, number>>
}

export interface TrainContext {
  readonly core: EngineCore
  readonly kernels: Kernels
  readonly spec: TrainSpec
  readonly config: TrainConfig
  readonly model: Transformer
  /** Set by `engine.pause`; read at step boundaries. */
  readonly request: { pause: boolean; stop: boolean }
}

/**
 * Trains from `spec.resume` (or step 0) to `config.steps`.
 * @throws LabError when the run cannot go on; weights and moments of the last checkpoint stay
 */
export async function trainLoop<B extends Batch, Part extends LossPart>(
  context: TrainContext,
  objective: PhaseObjective<B, Part>,
): Promise<TrainOutcome> {
  const { core, spec, config, model, request } = context
  const optimizer = new AdamW(model, config)
  const state: TrainState = structuredClone(
    spec.resume?.state ?? { step: 0, tokens: 0, bestEvalLoss: null, extra: {} },
  )
  try {
    if (spec.resume)
      await core.loadTensors(spec.resume.checkpoint, 'optimizer', optimizer.tensors(), optimizer)
    return await run()
  } finally {
    optimizer.dispose()
  }

  async function run(): Promise<TrainOutcome> {
    const { gradientAccumulationSteps: microBatches } = config
    const firstStep = state.step
    let nonFinite = 0
    let savedAtStep = spec.resume ? state.step : -1
    let savedAtMs = performance.now()
    // The next batch is asked for before the current one is computed, so that the core's work hides behind ours.
    const fetchBatch = (step: number, micro: number) => {
      const batch = objective.batch(step, micro)
      // A refusal is heard where the batch is awaited; one that comes before, while something else is, must not end the engine.
      batch.catch(() => {})
      return batch
    }
    let upcoming = state.step < config.steps ? fetchBatch(state.step, 0) : undefined

    const publish = (step: number, values: Record<string, number>) =>
      core.publish('metrics', { run: spec.run, step, tokens: state.tokens, values: finiteOnly(values) })

    async function save(evalLoss: number | null): Promise<void> {
      Object.assign(state.extra, await objective.measure?.())
      await writeCheckpoint(context, optimizer, state, evalLoss)
      savedAtStep = state.step
      savedAtMs = performance.now()
    }

    if (objective.startsFromParent && !spec.resume) {
      publish(0, await objective.evaluate(0))
      await objective.sample?.(0)
    }

    while (state.step < config.steps) {
      const stepStartMs = performance.now()
      model.zeroGradients()
      const parts: Part[] = []
      let tokens = 0
      for (let micro = 0; micro < microBatches; micro++) {
        const batch = await upcoming!
        const lastMicro = micro === microBatches - 1
        upcoming = lastMicro
          ? state.step + 1 < config.steps
            ? fetchBatch(state.step + 1, 0)
            : undefined
          : fetchBatch(state.step, micro + 1)
        parts.push(await objective.accumulate(batch))
        tokens += batch.tokens.length - (batch.padding ?? 0)
      }

      // Mean over all terms of the step, not mean of means; then clip to the global norm as PyTorch does.
      const learningRate = learningRateAt(state.step, config)
      const lossSum = parts.reduce((sum, part) => sum + part.lossSum, 0)
      const terms = parts.reduce((sum, part) => sum + part.terms, 0)
      const loss = lossSum / terms
      const gradNorm = (await optimizer.gradientNorm()) / terms
      const finite = Number.isFinite(loss) && Number.isFinite(gradNorm)
      if (finite) {
        const clip = config.maxGradNorm > 0 ? Math.min(1, config.maxGradNorm / (gradNorm + 1e-6)) : 1
        optimizer.step({ learningRate, step: state.step + 1, gradientScale: clip / terms })
        nonFinite = 0
      } else {
        nonFinite++
        core.publish('event', {
          run: spec.run,
          step: state.step + 1,
          kind: 'non-finite',
          text: `step ${state.step + 1}: ${Number.isFinite(loss) ? 'the gradient' : 'the loss'} is not a finite number; the weights were left as they were`,
        })
      }
      state.step++
      state.tokens += tokens
      const stepMs = performance.now() - stepStartMs
      const values: Record<string, number> = {
        loss,
        grad_norm: gradNorm,
        learning_rate: learningRate,
        num_tokens: state.tokens,
        ...objective.stepMetrics?.(parts, state.step),
      }
      if (state.step - firstStep > SPEED_WARMUP_STEPS) {
        values.tokens_per_second = tokens / (stepMs / 1000)
      }
      const isLast = state.step === config.steps
      const isDue = isLast || state.step % config.checkpointInterval === 0
      let evalLoss: number | null = null
      if (finite && (isDue || state.step % config.evalInterval === 0)) {
        const evaluated = await objective.evaluate(state.step)
        Object.assign(values, evaluated)
        evalLoss = Number.isFinite(evaluated.eval_loss) ? evaluated.eval_loss! : null
        if (evalLoss !== null && (state.bestEvalLoss === null || evalLoss < state.bestEvalLoss))
          state.bestEvalLoss = evalLoss
        publish(state.step, values)
        await objective.sample?.(state.step)
      } else publish(state.step, values)

      if (nonFinite >= NON_FINITE_LIMIT)
        return {
          status: 'paused',
          state,
          reason: `the loss or gradient was not a finite number ${NON_FINITE_LIMIT} steps in a row, up to step ${state.step}; resume from the last checkpoint with a lower learning rate`,
        }
      // Read once, here: a request that comes while the checkpoint is being written waits for the next step.
      const { pause, stop } = request
      if (isDue || pause || stop || performance.now() - savedAtMs > CHECKPOINT_MINUTES * 60_000)
        await save(evalLoss)
      if (stop && !isLast) return { status: 'stopped', state }
      if (pause && !isLast) return { status: 'paused', state }
    }
    if (savedAtStep !== state.step) await save(null)
    return { status: 'finished', state }
  }
}

/** JSON and SQLite have no NaN; a missing point is a gap in the curve, and the event says why. */
const finiteOnly = (values: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)))
