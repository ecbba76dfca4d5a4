// The update of phases 1 to 3: micro-batches from the core, their gradients accumulated over the step's valid terms, clipped,
// and one step of AdamW. A phase brings its loss; this file brings the step.
import { learningRateAt } from '../../../src-shared/config/train-config.ts'
import { AdamW } from '../optim/adamw.ts'
import { clipFactor } from '../optim/clip.ts'
import type { TrainContext, Training, Update } from './train-loop.ts'

interface LossPart {
  /** Nats. */
  readonly lossSum: number
  /** What the sum is over: counted tokens, or prompts. */
  readonly terms: number
}

/** What a step itself looks at in a batch. */
interface Batch {
  readonly tokens: Int32Array
  readonly padding?: number | undefined
}

/** What a phase brings. */
export interface PhaseObjective<B extends Batch, Part extends LossPart = LossPart>
  extends Pick<Training, 'startsFromParent' | 'evaluate' | 'sample' | 'measure'> {
  /** Micro-batch `micro` of step `step`, both from 0. */
  batch(step: number, micro: number): Promise<B>
  /** Forward and backward of one micro-batch. Adds the gradient of the *summed* loss to the model's gradients. */
  accumulate(batch: B): Promise<Part>
  /** More of a step's metrics, from its micro-batches. */
  stepMetrics?(parts: readonly Part[], step: number): Record<string, number>
}

export function gradientSteps<B extends Batch, Part extends LossPart>(
  { model, config }: TrainContext,
  objective: PhaseObjective<B, Part>,
): Training {
  const optimizer = new AdamW(model, config)
  const { gradientAccumulationSteps: microBatches } = config
  // The next batch is asked for before the current one is computed, so that the core's work hides behind ours.
  const fetchBatch = (step: number, micro: number) => {
    const batch = objective.batch(step, micro)
    // A refusal is heard where the batch is awaited; one that comes before, while something else is, must not end the engine.
    batch.catch(() => {})
    return batch
  }
  let upcoming: Promise<B> | undefined

  async function update(step: number): Promise<Update> {
    model.zeroGradients()
    const parts: Part[] = []
    let tokens = 0
    for (let micro = 0; micro < microBatches; micro++) {
      const batch = await (upcoming ?? fetchBatch(step, micro))
      const lastMicro = micro === microBatches - 1
      upcoming = lastMicro
        ? step + 1 < config.steps
          ? fetchBatch(step + 1, 0)
          : undefined
        : fetchBatch(step, micro + 1)
      parts.push(await objective.accumulate(batch))
      tokens += batch.tokens.length - (batch.padding ?? 0)
    }

    // Mean over all terms of the step, not mean of means; then clip to the global norm.
    const learningRate = learningRateAt(step, config)
    const lossSum = parts.reduce((sum, part) => sum + part.lossSum, 0)
    const terms = parts.reduce((sum, part) => sum + part.terms, 0)
    const loss = lossSum / terms
    const gradNorm = (await optimizer.gradientNorm()) / terms
    const finite = Number.isFinite(loss) && Number.isFinite(gradNorm)
    if (finite)
      optimizer.step({
        learningRate,
        step: step + 1,
        gradientScale: clipFactor(gradNorm, config.maxGradNorm) / terms,
      })
    return {
      values: {
        loss,
        grad_norm: gradNorm,
        learning_rate: learningRate,
        ...objective.stepMetrics?.(parts, step + 1),
      },
      tokens,
      ...(finite ? {} : { nonFinite: Number.isFinite(loss) ? 'the gradient' : 'the loss' }),
    }
  }

  const { startsFromParent, evaluate, sample, measure } = objective
  return {
    store: optimizer,
    update,
    evaluate: step => evaluate(step),
    ...(startsFromParent ? { startsFromParent } : {}),
    ...(sample ? { sample: step => sample(step) } : {}),
    ...(measure ? { measure: () => measure() } : {}),
    dispose: () => optimizer.dispose(),
  }
}
