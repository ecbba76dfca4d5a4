// Phase 1, pre-training.
import { type ConfigOf, field, whole } from './field.ts'
import { parseTrainConfig, samplePromptsField, trainFields } from './train-config.ts'

export const pretrainFields = {
  ...trainFields,
  samplePrompts: samplePromptsField(
    ['', 'The', 'Once upon a time'],
    'Texts that the model continues at every evaluation, so that you can watch it learn.',
  ),
  sampleTokens: field({
    schema: whole(1, 2000),
    default: 60,
    label: 'Sample length',
    unit: 'tokens',
    meaning: 'Tokens written per sample.',
    level: 'advanced',
  }),
}
export type PretrainConfig = ConfigOf<typeof pretrainFields>

/** @throws LabError `bad-input` as `parseTrainConfig` */
export const parsePretrainConfig = (given: Record<string, unknown>, where = 'config'): PretrainConfig =>
  parseTrainConfig(pretrainFields, given, where, 0.1)
