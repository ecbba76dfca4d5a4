// Phase 4, PPO. Names and defaults follow TRL's PPO and the N+ details (Huang et al. 2024; algorithms page §2.6) but for what
// small models want otherwise: higher rates, and a value model that learns faster than the policy. Adam is PyTorch's, as in
// TRL; OpenAI's runs had TensorFlow's, whose first steps are smaller, as ε stands outside of its bias correction.
import * as v from 'valibot'
import { LabError } from '../contract/errors.ts'
import { type ConfigOf, field, real, whole } from './field.ts'
import { parseTrainConfig, samplePromptsField, trainFields } from './train-config.ts'

export const valueModels = ['reward-model', 'shared'] as const

/** Rows of the context's length, of phase 1's texts, that are mixed into a minibatch where `ptxCoef` is above 0. */
export const PTX_ROWS = 8

export const ppoFields = {
  ...trainFields,
  steps: {
    ...trainFields.steps,
    default: 100,
    label: 'Updates',
    unit: 'PPO updates',
    meaning: 'How many times answers are written, scored and learnt from.',
  },
  batchSize: {
    ...trainFields.batchSize,
    default: 128,
    unit: 'answers per update',
    meaning: 'Prompts answered and scored before each update; more gives steadier estimates.',
  },
  gradientAccumulationSteps: {
    ...trainFields.gradientAccumulationSteps,
    meaning: 'Pieces that a minibatch is read in: the same update in less memory.',
    unit: 'pieces per minibatch',
  },
  learningRate: {
    ...trainFields.learningRate,
    default: 5e-5,
    meaning: 'How far the policy moves at the start; it falls linearly to the end.',
  },
  minLearningRate: { ...trainFields.minLearningRate, default: 0, meaning: 'Where the line ends.' },
  valueLearningRate: field({
    schema: real(0, 1),
    default: 2e-4,
    label: 'Value learning rate',
    unit: '',
    meaning:
      'The same of a value model of its own; it must keep up with the policy. A shared trunk has one rate.',
    level: 'advanced',
  }),
  warmupSteps: {
    ...trainFields.warmupSteps,
    default: 0,
    unit: 'updates',
    meaning: 'Updates in which the learning rate rises from 0.',
  },
  valueWarmupUpdates: field({
    schema: whole(0, 100_000),
    default: 4,
    label: 'Value warm-up',
    unit: 'updates',
    meaning:
      'First updates in which only a value model of its own learns: before that its advantages are noise. A shared trunk has none.',
    level: 'advanced',
  }),
  weightDecay: { ...trainFields.weightDecay, default: 0 },
  beta2: { ...trainFields.beta2, default: 0.999, meaning: 'Memory of the squared gradient.' },
  epsilon: {
    ...trainFields.epsilon,
    default: 1e-5,
    meaning: 'Keeps the update small where gradients are small; 1e-5 is PPO’s.',
  },
  numPpoEpochs: field({
    schema: whole(1, 100),
    default: 4,
    label: 'Epochs per update',
    unit: 'passes',
    meaning: 'How often the same answers are learnt from before new ones are written.',
    level: 'basic',
  }),
  numMiniBatches: field({
    schema: whole(1, 1024),
    default: 2,
    label: 'Minibatches',
    unit: 'per epoch',
    meaning: 'Optimizer steps that an epoch is cut into.',
    level: 'advanced',
  }),
  klCoef: field({
    schema: real(0, 100),
    default: 0.05,
    label: 'KL coefficient β',
    unit: 'reward per nat',
    meaning: 'What it costs to say something that the fine-tuned model would not. 0 = free to drift.',
    level: 'basic',
  }),
  klTarget: field({
    schema: real(0, 10_000),
    default: 0,
    label: 'KL target',
    unit: 'nats per answer',
    meaning:
      'β is raised while the KL is above it and lowered below (Ziegler et al. 2019 §2.2). 0 = β stays as it is.',
    level: 'basic',
  }),
  klHorizon: field({
    schema: whole(1, 10_000_000),
    default: 10_000,
    label: 'KL horizon',
    unit: 'answers',
    meaning: 'How slowly β follows its target.',
    level: 'advanced',
  }),
  cliprange: field({
    schema: real(0, 10),
    default: 0.2,
    label: 'Clip range ε',
    unit: '',
    meaning: 'A token’s probability is not rewarded for changing by more than this share per update.',
    level: 'advanced',
  }),
  cliprangeValue: field({
    schema: real(0, 1000),
    default: 0.2,
    label: 'Value clip range',
    unit: 'reward',
    meaning: 'The same for what the value model predicts.',
    level: 'advanced',
  }),
  vfCoef: field({
    schema: real(0, 100),
    default: 0.1,
    label: 'Value loss weight',
    unit: '',
    meaning: 'Weight of the value loss beside the policy’s.',
    level: 'advanced',
  }),
  gamma: field({
    schema: real(0, 1),
    default: 1,
    label: 'Discount γ',
    unit: '',
    meaning: 'How much later reward counts; 1 = all of it, as answers are short.',
    level: 'advanced',
  }),
  gaeLambda: field({
    schema: real(0, 1),
    default: 0.95,
    label: 'GAE λ',
    unit: '',
    meaning:
      'From 0, trust the value model, to 1, trust what was rewarded in the end (Schulman et al. 2016).',
    level: 'advanced',
  }),
  whitenRewards: field({
    schema: v.boolean('must be true or false'),
    default: false,
    label: 'Whiten rewards',
    unit: '',
    meaning: 'Brings rewards to standard deviation 1 in every update (Ziegler on, TRL off).',
    level: 'advanced',
  }),
  missingEosPenalty: field({
    schema: real(0, 1000),
    default: 1,
    label: 'Missing-end penalty',
    unit: 'reward',
    meaning: 'Taken from the score of an answer that does not end by itself.',
    level: 'advanced',
  }),
  rewardClip: field({
    schema: real(0, 1000),
    default: 0,
    label: 'Reward clip',
    unit: 'reward',
    meaning: 'Scores beyond ± this are cut (DeepSpeed-Chat: 5), before a missing end is charged. 0 = never.',
    level: 'advanced',
  }),
  targetApproxKl: field({
    schema: real(0, 100),
    default: 0.1,
    label: 'Early stop',
    unit: 'nats per token',
    meaning: 'An update’s epochs end when its policy has moved further than this (approx-KL). 0 = never.',
    level: 'advanced',
  }),
  ptxCoef: field({
    schema: real(0, 1000),
    default: 0,
    label: 'Pre-training mix γ',
    unit: '',
    meaning:
      'Weight of the loss of phase 1, on its texts, so that RL forgets less (PPO-ptx; InstructGPT 27.8, small values are safer).',
    level: 'advanced',
  }),
  valueModel: field({
    schema: v.picklist(valueModels, `must be one of ${valueModels.join(', ')}`),
    default: 'reward-model',
    label: 'Value model',
    unit: '',
    meaning:
      'A model of its own that starts from the reward model (InstructGPT, TRL), or a head on the policy’s own trunk that starts at 0 (Ziegler): half the memory.',
    level: 'advanced',
    options: valueModels,
  }),
  responseLength: field({
    schema: whole(1, 4096),
    default: 48,
    label: 'Answer length',
    unit: 'tokens',
    meaning: 'Longest answer; one that has not ended by then is cut off.',
    level: 'basic',
  }),
  validationShare: field({
    schema: real(0, 0.5),
    default: 0.1,
    label: 'Validation',
    unit: 'share of prompts',
    meaning:
      'Prompts kept out of training, to compare with the fine-tuned model on. The starter world brings its own.',
    level: 'advanced',
  }),
  evalInterval: {
    ...trainFields.evalInterval,
    default: 10,
    unit: 'updates',
    meaning: 'How often held-out prompts are answered and held against the fine-tuned model’s answers.',
  },
  evalBatches: {
    ...trainFields.evalBatches,
    default: 2,
    meaning: 'Held-out prompts answered per evaluation, always the same, in batches of answers per update.',
  },
  checkpointInterval: { ...trainFields.checkpointInterval, default: 10, unit: 'updates' },
  samplePrompts: samplePromptsField(
    ['Hello!', 'Which is the nearest star?', 'What is 2 + 2?'],
    'Prompts that the model answers at every evaluation, from the fine-tuned model on.',
  ),
}
export type PpoConfig = ConfigOf<typeof ppoFields>

/** @throws LabError `bad-input` as `parseTrainConfig`, or for a horizon in which one update could take β below 0 */
export function parsePpoConfig(given: Record<string, unknown>, where = 'config'): PpoConfig {
  const config = parseTrainConfig(ppoFields, given, where, 0)
  const { klTarget, klHorizon, batchSize } = config
  // β·(1 − 0.2·batchSize/klHorizon) is what the lowest KL leaves of it: at 0 it would stay there, below it pay for drifting.
  if (klTarget > 0 && 5 * klHorizon <= batchSize)
    throw new LabError({
      code: 'bad-input',
      what: 'the KL horizon is so short that one update can take β to 0 or below',
      where,
      expected: `a klHorizon above ${batchSize / 5}, a fifth of batchSize`,
      got: `${klHorizon}`,
      fix: 'the default is 10,000 answers; a few times batchSize makes β quicker',
    })
  return config
}

/**
 * Of a run that is to be started; those that are kept are read by `parsePpoConfig`, as they were started.
 * @throws LabError `bad-input` as `parsePpoConfig`, for a β that cannot follow its target, and for a run that would end before
 *   its policy learns
 */
export function checkedPpoConfig(given: Record<string, unknown>, where = 'config'): PpoConfig {
  const config = parsePpoConfig(given, where)
  const { klCoef, klTarget, valueWarmupUpdates, steps } = config
  if (!learnsPolicy(steps - 1, config))
    throw new LabError({
      code: 'bad-input',
      what: 'the run ends before the policy learns: in all its updates only the value model does',
      where,
      expected: `valueWarmupUpdates below steps, ${steps}`,
      got: `${valueWarmupUpdates}`,
      fix: 'make more updates, or set valueWarmupUpdates to 0',
    })
  if (klTarget > 0 && klCoef === 0)
    throw new LabError({
      code: 'bad-input',
      what: 'β begins at 0, from where no target can raise it',
      where,
      expected: 'a klCoef above 0 where klTarget is',
      got: '0',
      fix: 'the default is 0.05; set klTarget to 0 to let the policy drift',
    })
  return config
}

/** Whether update `step` (0-based) moves the policy, or only warms up the value model. */
export const learnsPolicy = (
  step: number,
  { valueModel, valueWarmupUpdates }: Pick<PpoConfig, 'valueModel' | 'valueWarmupUpdates'>,
): boolean => valueModel === 'shared' || step >= valueWarmupUpdates

/** Of the policy in update `step` (0-based): linear warm-up, then a line to the end. */
export function ppoLearningRateAt(
  step: number,
  { learningRate, minLearningRate, warmupSteps, steps }: PpoConfig,
): number {
  const warmup = Math.min(warmupSteps, steps - 1)
  if (step < warmup) return (learningRate * (step + 1)) / (warmup + 1)
  const left = 1 - (step - warmup) / Math.max(1, steps - warmup)
  return minLearningRate + Math.max(0, left) * (learningRate - minLearningRate)
}

/**
 * What an update costs, in tokens read forward and back: its answers are written, four models read them, which is a third of
 * that each, and every epoch trains the policy, and a value model of its own, on them; phase 1's texts come on top.
 * @param tokens of the update's prompts and answers
 */
export function ppoTrainedTokens(
  tokens: number,
  contextLength: number,
  { numPpoEpochs, numMiniBatches, valueModel, ptxCoef }: PpoConfig,
): number {
  const trained = valueModel === 'shared' ? 1 : 2
  const texts = ptxCoef > 0 ? numPpoEpochs * numMiniBatches * PTX_ROWS * contextLength : 0
  return (5 / 3 + trained * numPpoEpochs) * tokens + texts
}
