// What the four models, and the rules, say of some answers.
import type { PpoConfig } from '../../../../src-shared/config/ppo-config.ts'
import { batchLogProbsAndEntropies } from '../batch-log-probs.ts'
import type { TrainContext } from '../train-loop.ts'
import type { Rollouts, TokenReadings } from './experience.ts'
import type { PpoModels } from './models.ts'
import { gather, rolloutBatch } from './rollouts.ts'

export type Reading = Pick<TrainContext, 'core' | 'kernels' | 'spec' | 'model'> &
  Pick<PpoModels, 'reference' | 'rewardModel' | 'actorCritic'> & { readonly config: PpoConfig }

export interface AnswerReadings extends TokenReadings {
  /** (R): of the reward sources, added up. */
  readonly rewards: Float32Array<ArrayBuffer>
  /** Nats per token, of the policy's distributions. */
  readonly entropy: number
}

/** @param of whose prompts these answers are to: of update `step`, the held-out ones, or the fixed samples */
export async function readRollouts(
  { core, kernels, spec, model: policy, reference, rewardModel, actorCritic, config }: Reading,
  rollouts: Rollouts,
  { step, of }: { readonly step: number; readonly of: 'rollouts' | 'held-out' | 'samples' },
): Promise<AnswerReadings> {
  const { prompts, responses, stopped, starts } = rollouts
  const count = starts.at(-1)!
  const logProbs = new Float32Array(count)
  const refLogProbs = new Float32Array(count)
  const values = new Float32Array(count)
  const rewards = spec.ppo!.hasRules
    ? await core.host('host.ruleRewards', {
        run: spec.run,
        step,
        of,
        responses: [...responses],
        stopped: [...stopped],
      })
    : new Float32Array(prompts.length)
  let entropySum = 0
  // Pieces of the size that is trained on, so that nothing here needs more memory than training.
  const size = Math.ceil(config.batchSize / (config.numMiniBatches * config.gradientAccumulationSteps))
  for (let first = 0; first < prompts.length; first += size) {
    const chosen = Array.from({ length: Math.min(size, prompts.length - first) }, (_, i) => first + i)
    const batch = rolloutBatch(rollouts, chosen, policy.config.contextLength)
    const said = await batchLogProbsAndEntropies(kernels, policy, batch)
    logProbs.set(gather(said.logProbs, batch.places), starts[first]!)
    entropySum += said.entropies.reduce((sum, entropy) => sum + entropy, 0)
    // Its entropies are not wanted: asked the same of the same tokens, equal weights give equal bits, and a KL of exactly 0.
    refLogProbs.set(
      gather((await batchLogProbsAndEntropies(kernels, reference, batch)).logProbs, batch.places),
      starts[first]!,
    )
    if (of === 'rollouts') values.set(await actorCritic.values(batch), starts[first]!)
    if (rewardModel)
      for (const [i, score] of (await rewardModel.scores(batch)).entries()) rewards[first + i]! += score
  }
  return { logProbs, refLogProbs, values, rewards, entropy: entropySum / count }
}
