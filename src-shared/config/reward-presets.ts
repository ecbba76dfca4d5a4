// Named starting points of phase 3.
import type { RewardConfig } from './reward-config.ts'

export interface RewardPreset {
  readonly title: string
  readonly meaning: string
  readonly config: Partial<RewardConfig>
  /** The starter world's preferences, where the preset is made for them. */
  readonly preferences?: {
    readonly prompts: number
    /** Sampled for each prompt. */
    readonly responses: number
    readonly temperature: number
    /** Longest answer, in tokens. */
    readonly maxTokens: number
    /** Whether simulated labelers put answers of their own beside the model's. */
    readonly constructed: boolean
    readonly noise: number
  }
}

export const rewardPresets: Readonly<Record<string, RewardPreset>> = {
  'starter-world': {
    title: 'Starter world',
    meaning:
      'For the fine-tuned model of the built-in demo: simulated labelers, a tenth of their labels turned round.',
    preferences: {
      prompts: 20_000,
      responses: 2,
      temperature: 1,
      maxTokens: 40,
      constructed: true,
      noise: 0.1,
    },
    config: {
      epochs: 1,
      batchSize: 16,
      learningRate: 3e-4,
      minLearningRate: 3e-5,
      warmupSteps: 30,
      weightDecay: 2,
      beta2: 0.95,
      evalInterval: 100,
      checkpointInterval: 300,
    },
  },
}
