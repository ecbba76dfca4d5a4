// Named starting points of phase 2.
import type { SftConfig } from './sft-config.ts'

export interface SftPreset {
  readonly title: string
  readonly meaning: string
  readonly config: Partial<SftConfig>
  /** Rows of the starter world's demonstrations, where the preset is made for them. */
  readonly demonstrations?: number
}

export const sftPresets: Readonly<Record<string, SftPreset>> = {
  'starter-world': {
    title: 'Starter world',
    meaning: 'For the base of the built-in demo: short answers to short questions, one pass.',
    demonstrations: 8_000,
    config: {
      epochs: 1,
      batchSize: 8,
      learningRate: 5e-4,
      minLearningRate: 5e-5,
      warmupSteps: 15,
      weightDecay: 0.05,
      beta2: 0.95,
      evalInterval: 100,
      checkpointInterval: 150,
      samplePrompts: ['Hello!', 'Name three colours.', 'What is 2 + 2?'],
      sampleTokens: 30,
    },
  },
}
