// The four models of phase 4 on one device, and how an answer is rewarded.
import type { ModelConfig } from '../../../../src-shared/config/model-config.ts'
import type { PpoConfig } from '../../../../src-shared/config/ppo-config.ts'
import type { PpoSpec } from '../../../../src-shared/contract/engine-contract.ts'
import { SCORE_HEAD } from '../../model/score-head.ts'
import { Transformer } from '../../model/transformer.ts'
import { batchScores } from '../batch-scores.ts'
import type { TrainContext } from '../train-loop.ts'
import type { RolloutBatch } from './rollouts.ts'
import { type ActorCritic, separateCritic, sharedCritic } from './value-model.ts'

/** A frozen reward model. */
export interface RewardModel {
  /** (R): normalised, times its weight. */
  scores(batch: RolloutBatch): Promise<Float32Array>
}

export interface PpoModels {
  /** The fine-tuned model as it was. */
  readonly reference: Transformer
  readonly rewardModel: RewardModel | null
  readonly actorCritic: ActorCritic
  /** Frees all but the policy. */
  dispose(): void
}

type Context = Pick<TrainContext, 'core' | 'kernels' | 'spec' | 'model'>

/** @throws LabError `damaged` for a checkpoint that does not hold what its model needs */
export async function openModels(
  { core, kernels, spec, model }: Context,
  config: PpoConfig,
): Promise<PpoModels> {
  const { rewardModel: scoring } = spec.ppo!
  const opened: Transformer[] = []
  async function open(of: ModelConfig, checkpoint: string, all: boolean): Promise<Transformer> {
    const transformer = new Transformer(of, kernels)
    opened.push(transformer)
    if (!all) transformer.initialize(config.seed)
    await core.loadTensors(checkpoint, 'model', all ? transformer.parameters : transformer.body, transformer)
    return transformer
  }
  const dispose = () => {
    for (const transformer of opened) transformer.dispose()
  }
  try {
    const reference = await open(spec.model, spec.parent!, true)
    const rewardModel = scoring ? await open(scoring.model, scoring.checkpoint, true) : null
    let actorCritic: ActorCritic
    if (config.valueModel === 'shared') actorCritic = sharedCritic(model, config)
    else {
      // Without a reward model the values start at 0: the fine-tuned model's body, and a head that says nothing.
      const critic = scoring
        ? await open(scoring.model, scoring.checkpoint, true)
        : await open({ ...spec.model, head: 'score' }, spec.parent!, false)
      const scale = scoring ? valueScaleOf(scoring) : { head: 0, mean: 0, factor: 1 }
      const head = await critic.readTensor(SCORE_HEAD)
      critic.loadTensor(
        SCORE_HEAD,
        head.map(weight => weight * scale.head),
      )
      actorCritic = separateCritic(model, critic, scale, config)
    }
    return {
      reference,
      rewardModel: rewardModel && { scores: batch => normalised(rewardModel, scoring!, batch) },
      actorCritic,
      dispose() {
        actorCritic.dispose()
        dispose()
      },
    }
  } catch (error) {
    dispose()
    throw error
  }
}

type Scoring = NonNullable<PpoSpec['rewardModel']>

/** Raw score → reward: brought to deviation 1 over fresh answers of the fine-tuned model, less where it says little, and weighted. */
async function normalised(
  rewardModel: Transformer,
  { mean, std, weight }: Scoring,
  batch: RolloutBatch,
): Promise<Float32Array> {
  const factor = weight / std
  return (await batchScores(rewardModel.kernels, rewardModel, batch)).map(raw => (raw - mean) * factor)
}

/**
 * The same units for the value model that starts from the reward model. Where its weight is small, what it starts from shrinks
 * and not how far it can move: the rules beside it may pay more.
 */
function valueScaleOf({ mean, std, weight }: Scoring): { head: number; mean: number; factor: number } {
  const scale = Math.max(1, Math.abs(weight))
  const head = weight / scale
  return { head, mean: mean * head, factor: scale / std }
}
