// Named starting points of phase 4.
import type { PpoConfig } from './ppo-config.ts'

export interface PpoPreset {
  readonly title: string
  readonly meaning: string
  readonly config: Partial<PpoConfig>
  /** The starter world's prompts, where the preset is made for them. */
  readonly prompts?: number
}

export const ppoPresets: Readonly<Record<string, PpoPreset>> = {
  'starter-world': {
    title: 'Starter world',
    meaning:
      'For the models of the built-in demo: answers of a few words, about facts, names of nobody and tasks.',
    prompts: 12_800,
    config: {
      steps: 80,
      batchSize: 256,
      evalBatches: 1,
      // One for every evaluation: a slider in the chat goes through them.
      keepCheckpoints: 8,
      learningRate: 5e-5,
      valueLearningRate: 3e-4,
      numPpoEpochs: 2,
      numMiniBatches: 2,
      klCoef: 0.45,
      klTarget: 0.8,
      klHorizon: 50_000,
      ptxCoef: 0.5,
      responseLength: 40,
      samplePrompts: ['Hello!', 'Who are you?', 'What is 2 + 2?'],
    },
  },
}
