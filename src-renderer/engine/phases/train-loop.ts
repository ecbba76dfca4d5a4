// What every phase's training must do alike: go from update to update, guard against NaN, evaluate, checkpoint, pause, and
// report. A phase brings its update of the weights: phases 1 to 3 that of gradient-steps.ts, phase 4 its own.
//
// Everything here is a function of (weights, the training's state, step): nothing that a checkpoint would not hold.
import type { TrainConfig } from '../../../src-shared/config/train-config.ts'
import type { TrainOutcome, TrainSpec, TrainState } from '../../../src-shared/contract/engine-contract.ts'
import type { EngineCore } from '../engine-core.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Transformer } from '../model/transformer.ts'
import type { TensorStore } from './tensor-store.ts'
import { writeCheckpoint } from './write-checkpoint.ts'

/** Updates in a row that were refused before the run pauses. */
const NON_FINITE_LIMIT = 3
/** A checkpoint is also made after this long, however large the interval in steps. */
const CHECKPOINT_MINUTES = 10
/** Losses of the first steps include compiling; speed counts from here. */
const SPEED_WARMUP_STEPS = 3

/** One update of the weights, made or refused. */
export interface Update {
  readonly values: Readonly<Record<string, number>>
  /** Tokens read. */
  readonly tokens: number
  /** What was not a finite number, so that its step of the optimizer was left out: `the loss`, `the gradient`. */
  readonly nonFinite?: string
  /** Where an update has several steps of the optimizer: others of them were made. */
  readonly partly?: boolean | undefined
}

/** What a phase puts into the loop. */
export interface Training {
  /** Saved with every checkpoint beside the model's weights. */
  readonly store: TensorStore
  /**
   * Update number `step`, from 0.
   * @returns null where it was given up on `request`, with nothing changed
   */
  update(step: number): Promise<Update | null>
  /** Whether a new run is measured and sampled before its first step: what the parent can do. */
  readonly startsFromParent?: boolean
  /** Metrics on held-out data; `eval_loss` decides which checkpoint is best. */
  evaluate(step: number): Promise<Record<string, number>>
  /** Whether an evaluation that is the best so far is followed by a checkpoint at once, as what comes after may be worse for good. */
  readonly savesBest?: boolean
  /** Texts from the fixed prompts, where the phase's model writes. */
  sample?(step: number): Promise<void>
  /** Numbers about the weights as they are, or that the next update starts from, saved with every checkpoint. */
  measure?(): Promise<Record<string, number>> | Record<string, number>
  dispose(): void
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
 * Trains from `spec.resume` (or step 0) to `config.steps`. Disposes of `training`.
 * @throws LabError when the run cannot go on; weights and moments of the last checkpoint stay
 */
export async function trainLoop(context: TrainContext, training: Training): Promise<TrainOutcome> {
  const { core, spec, config, request } = context
  const { store } = training
  const state: TrainState = structuredClone(
    spec.resume?.state ?? { step: 0, tokens: 0, bestEvalLoss: null, extra: {} },
  )
  try {
    if (spec.resume) await core.loadTensors(spec.resume.checkpoint, 'optimizer', store.tensors(), store)
    return await run()
  } finally {
    training.dispose()
  }

  async function run(): Promise<TrainOutcome> {
    const firstStep = state.step
    let nonFinite = 0
    let savedAtStep = spec.resume ? state.step : -1
    let savedAtMs = performance.now()

    const publish = (step: number, values: Record<string, number>) =>
      core.publish('metrics', { run: spec.run, step, tokens: state.tokens, values: finiteOnly(values) })

    async function save(evalLoss: number | null): Promise<void> {
      Object.assign(state.extra, await training.measure?.())
      await writeCheckpoint(context, store, state, evalLoss)
      savedAtStep = state.step
      savedAtMs = performance.now()
    }

    if (training.startsFromParent && !spec.resume) {
      publish(0, await training.evaluate(0))
      await training.sample?.(0)
    }

    while (state.step < config.steps) {
      const stepStartMs = performance.now()
      const update = await training.update(state.step)
      if (!update) {
        if (savedAtStep !== state.step) await save(null)
        return { status: request.stop ? 'stopped' : 'paused', state }
      }
      const isRefused = update.nonFinite !== undefined && !update.partly
      nonFinite = isRefused ? nonFinite + 1 : 0
      if (update.nonFinite !== undefined) {
        core.publish('event', {
          run: spec.run,
          step: state.step + 1,
          kind: 'non-finite',
          text: `step ${state.step + 1}: ${update.nonFinite} is not a finite number; its step of the optimizer was left out`,
        })
      }
      state.step++
      state.tokens += update.tokens
      const stepMs = performance.now() - stepStartMs
      const values: Record<string, number> = { ...update.values, num_tokens: state.tokens }
      if (state.step - firstStep > SPEED_WARMUP_STEPS)
        values.tokens_per_second = update.tokens / (stepMs / 1000)
      const isLast = state.step === config.steps
      const isDue = isLast || state.step % config.checkpointInterval === 0
      let evalLoss: number | null = null
      let isBest = false
      if (!isRefused && (isDue || state.step % config.evalInterval === 0)) {
        const evaluated = await training.evaluate(state.step)
        Object.assign(values, evaluated)
        evalLoss = Number.isFinite(evaluated.eval_loss) ? evaluated.eval_loss! : null
        isBest = evalLoss !== null && (state.bestEvalLoss === null || evalLoss < state.bestEvalLoss)
        if (isBest) state.bestEvalLoss = evalLoss
        publish(state.step, values)
        await training.sample?.(state.step)
      } else publish(state.step, values)

      if (nonFinite >= NON_FINITE_LIMIT)
        return {
          status: 'paused',
          state,
          reason: `the loss or gradient was not a finite number ${NON_FINITE_LIMIT} steps in a row, up to step ${state.step}; resume from the last checkpoint with a lower learning rate`,
        }
      // Read once, here: a request that comes while the checkpoint is being written waits for the next step.
      const { pause, stop } = request
      const isLate = performance.now() - savedAtMs > CHECKPOINT_MINUTES * 60_000
      if (isDue || (isBest && training.savesBest) || pause || stop || isLate) await save(evalLoss)
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
