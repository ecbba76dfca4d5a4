// Phase 3, the reward model. Defaults follow InstructGPT (Ouyang et al. 2022 App. C.2: one epoch, cosine to a tenth, all
// pairs of a prompt in one batch) but for the learning rate, which small models want higher (algorithms page §2.5).
import { type ConfigOf, field, real, whole } from './field.ts'
import { epochFields, parseTrainConfig, trainFields } from './train-config.ts'

export const rewardFields = {
  ...trainFields,
  ...epochFields(
    1,
    'How many times every ranking is read. One: reward models overfit sooner than language models.',
  ),
  batchSize: {
    ...trainFields.batchSize,
    default: 16,
    unit: 'prompts',
    meaning: 'Prompts read at once, each with all its responses and all their pairs.',
  },
  learningRate: { ...trainFields.learningRate, default: 1e-4 },
  minLearningRate: { ...trainFields.minLearningRate, default: 1e-5 },
  warmupSteps: { ...trainFields.warmupSteps, default: 10 },
  weightDecay: { ...trainFields.weightDecay, default: 0 },
  evalInterval: { ...trainFields.evalInterval, default: 50 },
  centerRewardsCoefficient: field({
    schema: real(0, 100),
    default: 0,
    label: 'Centering',
    unit: '',
    meaning:
      'Weight of (r_w + r_l)², which keeps scores around 0 (TRL: 0.01 where it is used). Rewards are normalised afterwards anyway.',
    level: 'advanced',
  }),
  validationShare: field({
    schema: real(0, 0.5),
    default: 0.1,
    label: 'Validation',
    unit: 'share of prompts',
    meaning: 'Prompts kept out of training with all their pairs, to measure on. Equal prompts stay together.',
    level: 'advanced',
  }),
  referenceSamples: field({
    schema: whole(2, 100_000),
    default: 256,
    label: 'Reference answers',
    unit: 'answers',
    meaning:
      'Fresh answers of the fine-tuned model that the reward is normalised on, to mean 0 and standard deviation 1, so that the KL coefficient of phase 4 means the same; scores that hardly differ are not blown up there.',
    level: 'advanced',
  }),
}
export type RewardConfig = ConfigOf<typeof rewardFields>

/** @throws LabError `bad-input` as `parseTrainConfig` */
export const parseRewardConfig = (given: Record<string, unknown>, where = 'config'): RewardConfig =>
  parseTrainConfig(rewardFields, given, where, 0.1)
