// What a build of each size makes: the phases' presets for the starter world, and the least that still goes through every step.

import { ppoPresets } from '../../../src-shared/config/ppo-presets.ts'
import { pretrainPresets } from '../../../src-shared/config/presets.ts'
import { rewardPresets } from '../../../src-shared/config/reward-presets.ts'
import { sftPresets } from '../../../src-shared/config/sft-presets.ts'
import type { BuildSize } from '../../../src-shared/contract/build-contract.ts'
import { STARTER_WORLD_DOCUMENTS } from '../starter-world/starter-world.ts'
import type { StepName } from './step.ts'

export interface DemoRecipe {
  /** Over all sources. */
  readonly documents: number
  readonly pretrain: (typeof pretrainPresets)[string]
  readonly demonstrations: number
  readonly sft: Readonly<Record<string, unknown>>
  readonly preferences: NonNullable<(typeof rewardPresets)[string]['preferences']>
  readonly reward: Readonly<Record<string, unknown>>
  /** Prompts of phase 4. */
  readonly prompts: number
  readonly ppo: Readonly<Record<string, unknown>>
  /** Longest answer to a question of the evaluation, in tokens. */
  readonly answerTokens: number
  /** What each step takes on two cores without a GPU, measured; for the time left. */
  readonly seconds: Readonly<Record<StepName, number>>
}

const NAME = 'starter-world'
const [pretrain, sft, reward, ppo] = [
  pretrainPresets[NAME]!,
  sftPresets[NAME]!,
  rewardPresets[NAME]!,
  ppoPresets[NAME]!,
]

const standard: DemoRecipe = {
  documents: STARTER_WORLD_DOCUMENTS,
  pretrain,
  demonstrations: sft.demonstrations!,
  sft: sft.config,
  preferences: reward.preferences!,
  reward: reward.config,
  prompts: ppo.prompts!,
  ppo: ppo.config,
  answerTokens: 48,
  seconds: {
    world: 1,
    tokenizer: 0.5,
    pretrain: 181,
    demonstrations: 0.5,
    sft: 19,
    answers: 52,
    rankings: 0.5,
    reward: 124,
    ppo: 223,
    asked: 0.5,
    judged: 6,
    evaluation: 6,
    report: 0.5,
  },
}

const smallest: DemoRecipe = {
  documents: 240,
  pretrain: {
    ...pretrain,
    tokenizer: { ...pretrain.tokenizer, vocabularySize: 400 },
    model: { ...pretrain.model, nLayer: 1, nHead: 2, nEmbd: 32 },
    config: { ...pretrain.config, steps: 300, warmupSteps: 20, evalInterval: 100, checkpointInterval: 100 },
  },
  demonstrations: 600,
  sft: { ...sft.config, evalInterval: 20, checkpointInterval: 20 },
  preferences: { ...reward.preferences!, prompts: 160, maxTokens: 12 },
  reward: { ...reward.config, epochs: 1, warmupSteps: 2, evalInterval: 5, checkpointInterval: 5 },
  prompts: 96,
  ppo: {
    ...ppo.config,
    steps: 6,
    batchSize: 16,
    responseLength: 12,
    valueWarmupUpdates: 1,
    evalInterval: 2,
    evalBatches: 2,
    checkpointInterval: 2,
  },
  answerTokens: 12,
  seconds: {
    world: 1,
    tokenizer: 1,
    pretrain: 3,
    demonstrations: 1,
    sft: 1,
    answers: 1,
    rankings: 0.5,
    reward: 1,
    ppo: 1.5,
    asked: 0.5,
    judged: 0.5,
    evaluation: 2,
    report: 0.5,
  },
}

export const demoRecipes: Readonly<Record<BuildSize, DemoRecipe>> = { standard, smallest }

/** On two cores without a GPU. */
export const referenceSeconds = ({ seconds }: Pick<DemoRecipe, 'seconds'>): number =>
  Object.values(seconds).reduce((sum, each) => sum + each, 0)
