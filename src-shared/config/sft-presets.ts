// Named starting points of phase 2.
import type { SftConfig } from './sft-config.ts'

export interface SftPreset {
  readonly title: string
  readonly meaning: string
  readonly config: Partial<SftConfig>
  /** The starter world's demonstrations, where the preset is made for them; about half are repeats and left out. */
  readonly demonstrations?: number
}

export const sftPresets: Readonly<Record<string, SftPreset>> = {
  'starter-world': {
    title: 'Starter world',
    meaning: 'For the base of the built-in demo: short answers to short questions, one pass.',
    demonstrations: 14_000,
    config: {
      epochs: 1,
      batchSize: 16,
      learningRate: 5e-4,
      minLearningRate: 5e-5,
      warmupSteps: 7,
      weightDecay: 0.05,
      beta2: 0.95,
      evalInterval: 50,
      checkpointInterval: 75,
      samplePrompts: ['Hello!', 'Name three colours.', 'What is 2 + 2?'],
      sampleTokens: 30,
    },
  },
}
