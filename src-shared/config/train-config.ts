// What all phases' training has in common. Names and defaults follow nanoGPT's train.py and TRL; see the meaning of each field.
import * as v from 'valibot'
import { LabError } from '../contract/errors.ts'
import { type ConfigOf, type Fields, field, parseConfig, real, whole } from './field.ts'

/** Largest seed of a run or a world. */
export const MOST_SEED = 2 ** 48

export const trainFields = {
  steps: field({
    schema: whole(1, 10_000_000),
    default: 2000,
    label: 'Steps',
    unit: 'optimizer steps',
    meaning: 'How many times the weights are updated.',
    level: 'basic',
  }),
  batchSize: field({
    schema: whole(1, 4096),
    default: 8,
    label: 'Batch',
    unit: 'sequences',
    meaning: 'Sequences read at once; more needs more memory and gives smoother steps.',
    level: 'basic',
  }),
  gradientAccumulationSteps: field({
    schema: whole(1, 1024),
    default: 1,
    label: 'Accumulation',
    unit: 'batches per step',
    meaning: 'Batches whose gradients are added before one update: a bigger batch in the same memory.',
    level: 'advanced',
  }),
  learningRate: field({
    schema: real(0, 1),
    default: 1e-3,
    label: 'Learning rate',
    unit: '',
    meaning: 'How far one step moves the weights at the peak of the schedule.',
    level: 'basic',
  }),
  minLearningRate: field({
    schema: real(0, 1),
    default: 1e-4,
    label: 'Final learning rate',
    unit: '',
    meaning: 'Where the cosine ends; a tenth of the peak is usual.',
    level: 'advanced',
  }),
  warmupSteps: field({
    schema: whole(0, 1_000_000),
    default: 100,
    label: 'Warm-up',
    unit: 'steps',
    meaning: 'Steps in which the learning rate rises from 0, so that the first updates do no harm.',
    level: 'advanced',
  }),
  weightDecay: field({
    schema: real(0, 10),
    default: 0.1,
    label: 'Weight decay',
    unit: '',
    meaning: 'Pulls matrices towards 0 (decoupled, AdamW); biases and norms are left alone.',
    level: 'advanced',
  }),
  beta1: field({
    schema: real(0, 0.99999),
    default: 0.9,
    label: 'Adam β₁',
    unit: '',
    meaning: 'Memory of the mean gradient.',
    level: 'advanced',
  }),
  beta2: field({
    schema: real(0, 0.999999),
    default: 0.99,
    label: 'Adam β₂',
    unit: '',
    meaning: 'Memory of the squared gradient; .99 suits few tokens per step.',
    level: 'advanced',
  }),
  epsilon: field({
    schema: real(0, 1),
    default: 1e-8,
    label: 'Adam ε',
    unit: '',
    meaning: 'Keeps the update finite where gradients vanish.',
    level: 'advanced',
  }),
  maxGradNorm: field({
    schema: real(0, 1e6),
    default: 1,
    label: 'Clip',
    unit: 'global norm',
    meaning: 'Longer gradients are scaled down to this length (0 = never).',
    level: 'advanced',
  }),
  evalInterval: field({
    schema: whole(1, 1_000_000),
    default: 100,
    label: 'Evaluate every',
    unit: 'steps',
    meaning: 'How often the validation loss is measured and samples are written.',
    level: 'advanced',
  }),
  evalBatches: field({
    schema: whole(1, 10_000),
    default: 20,
    label: 'Evaluation size',
    unit: 'batches',
    meaning: 'Validation batches per evaluation, always the same ones.',
    level: 'advanced',
  }),
  checkpointInterval: field({
    schema: whole(1, 1_000_000),
    default: 250,
    label: 'Checkpoint every',
    unit: 'steps',
    meaning: 'How often everything is saved; at most this much work is redone after a crash.',
    level: 'advanced',
  }),
  keepCheckpoints: field({
    schema: whole(1, 1000),
    default: 2,
    label: 'Keep',
    unit: 'checkpoints',
    meaning: 'Newest checkpoints kept, beside the best one.',
    level: 'advanced',
  }),
  seed: field({
    schema: whole(0, MOST_SEED),
    default: 1,
    label: 'Seed',
    unit: '',
    meaning: 'Same seed, same data, same device: same bits.',
    level: 'advanced',
  }),
}
export type TrainConfig = ConfigOf<typeof trainFields>

/** How long a phase trains that reads one set again and again; `default` and `meaning` are the phase's. */
export const epochFields = (epochs: number, meaning: string) => ({
  epochs: field({
    schema: real(0.01, 1000),
    default: epochs,
    label: 'Epochs',
    unit: 'passes',
    meaning,
    level: 'basic',
  }),
  steps: field({
    schema: whole(0, 10_000_000),
    default: 0,
    label: 'Steps',
    unit: 'optimizer steps',
    meaning: 'How many times the weights are updated; 0 = as many as the epochs take.',
    level: 'advanced',
  }),
})

/** The texts that a model is watched by while it learns; `meaning` and `default` are the phase's. */
export const samplePromptsField = (defaults: readonly string[], meaning: string) =>
  field({
    schema: v.pipe(v.array(v.pipe(v.string(), v.maxLength(2000))), v.maxLength(20)),
    default: [...defaults],
    label: 'Sample prompts',
    unit: '',
    meaning,
    level: 'advanced',
  })

/**
 * Fills defaults and checks every field; a final learning rate that is left out follows the peak.
 * @param finalShare of the peak, where the schedule ends by itself
 * @throws LabError `bad-input` naming the field: unknown, out of range, or a schedule that ends above its peak
 */
export function parseTrainConfig<F extends Fields & typeof trainFields>(
  fields: F,
  given: Record<string, unknown>,
  where: string,
  finalShare: number,
): ConfigOf<F> {
  const config = parseConfig(fields, given, where)
  const rates = config as { learningRate: number; minLearningRate: number }
  if (!Object.hasOwn(given, 'minLearningRate')) rates.minLearningRate = rates.learningRate * finalShare
  if (rates.minLearningRate > rates.learningRate)
    throw new LabError({
      code: 'bad-input',
      what: 'minLearningRate is above learningRate',
      where,
      expected: `at most ${rates.learningRate}`,
      got: `${rates.minLearningRate}`,
      fix: 'a tenth of the learning rate is usual',
    })
  return config
}

/** Tokens that one optimizer step reads. */
export const tokensPerStep = (
  c: { batchSize: number; gradientAccumulationSteps: number },
  contextLength: number,
): number => c.batchSize * c.gradientAccumulationSteps * contextLength

/**
 * Linear warm-up, then cosine from `learningRate` to `minLearningRate` at `steps` (Loshchilov & Hutter 2017, as nanoGPT).
 * @param step 0-based: the step about to be made
 */
export function learningRateAt(
  step: number,
  c: Pick<TrainConfig, 'learningRate' | 'minLearningRate' | 'warmupSteps' | 'steps'>,
): number {
  const warmup = Math.min(c.warmupSteps, c.steps - 1)
  if (step < warmup) return (c.learningRate * (step + 1)) / (warmup + 1)
  const progress = Math.min(1, (step - warmup) / Math.max(1, c.steps - warmup))
  return c.minLearningRate + 0.5 * (1 + Math.cos(Math.PI * progress)) * (c.learningRate - c.minLearningRate)
}
