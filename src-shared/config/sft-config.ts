// Phase 2, supervised fine-tuning. Defaults suit models of up to some millions of parameters, which want higher rates than
// the 1e-5 of large ones (algorithms page §2.4); the rate ends at 0 and weights do not decay, as in nanochat.
import { type ConfigOf, field, real, whole } from './field.ts'
import { epochFields, parseTrainConfig, samplePromptsField, trainFields } from './train-config.ts'

export const sftFields = {
  ...trainFields,
  ...epochFields(
    2,
    'How many times every demonstration is read. InstructGPT: 16; small sets overfit sooner.',
  ),
  batchSize: {
    ...trainFields.batchSize,
    meaning: 'Rows read at once; each is packed with several examples.',
  },
  learningRate: { ...trainFields.learningRate, default: 3e-4 },
  minLearningRate: {
    ...trainFields.minLearningRate,
    default: 0,
    meaning: 'Where the cosine ends; 0 is usual here.',
  },
  warmupSteps: { ...trainFields.warmupSteps, default: 20 },
  weightDecay: { ...trainFields.weightDecay, default: 0 },
  validationShare: field({
    schema: real(0, 0.5),
    default: 0.05,
    label: 'Validation',
    unit: 'share of prompts',
    meaning: 'Demonstrations kept out of training, to measure on. Equal prompts stay together.',
    level: 'advanced',
  }),
  samplePrompts: samplePromptsField(
    ['Hello!', 'Which is the nearest star?', 'What is 2 + 2?'],
    'Prompts that the model answers at every evaluation, from the base on.',
  ),
  sampleTokens: field({
    schema: whole(1, 2000),
    default: 60,
    label: 'Answer length',
    unit: 'tokens',
    meaning: 'Tokens written per answer, if it does not stop before.',
    level: 'advanced',
  }),
}
export type SftConfig = ConfigOf<typeof sftFields>

/** @throws LabError `bad-input` as `parseTrainConfig` */
export const parseSftConfig = (given: Record<string, unknown>, where = 'config'): SftConfig =>
  parseTrainConfig(sftFields, given, where, 0)
