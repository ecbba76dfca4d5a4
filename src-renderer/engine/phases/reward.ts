// Phase 3, the reward model: a number for prompt + response such that what people prefer scores higher.
//
//   L(θ) = − E[ 1/C(K,2) Σ log σ(r_θ(x, y_w) − r_θ(x, y_l)) ]                        Ouyang et al. 2022 §3.5, eq. 1
//
// The fine-tuned model without its unembedding, a scalar head in its place, read at the last token of the response. Its
// scale is arbitrary, so every checkpoint carries mean and standard deviation of its scores on fresh answers of the
// fine-tuned model (Ziegler et al. 2019 §2.1); who asks it, normalises by them. The loss is in preference-loss.ts, the
// step in gradient-steps.ts.
import { parseRewardConfig, type RewardConfig } from '../../../src-shared/config/reward-config.ts'
import type { PreferenceBatch, TrainOutcome } from '../../../src-shared/contract/engine-contract.ts'
import { batchScores, trainOnScores } from './batch-scores.ts'
import { gradientSteps, type PhaseObjective } from './gradient-steps.ts'
import { type PreferenceLoss, preferenceLoss } from './preference-loss.ts'
import { type TrainContext, trainLoop } from './train-loop.ts'

interface RewardPart extends Omit<PreferenceLoss, 'dScores'> {
  readonly scores: Float32Array
}

export async function reward(context: Omit<TrainContext, 'config'>): Promise<TrainOutcome> {
  const { core, kernels, spec, model } = context
  const config: RewardConfig = parseRewardConfig(spec.config)
  const { centerRewardsCoefficient } = config

  const objective: PhaseObjective<PreferenceBatch, RewardPart> = {
    startsFromParent: true,

    batch: (step, micro) => core.host('host.preferenceBatch', { run: spec.run, step, micro }),

    async accumulate(batch) {
      const { loss, scores } = await trainOnScores(kernels, model, batch, scores =>
        preferenceLoss(scores, batch, centerRewardsCoefficient),
      )
      return { ...loss, scores }
    },

    stepMetrics(parts, step) {
      const prompts = total(parts, part => part.terms)
      const scores = parts.flatMap(part => [...part.scores])
      return {
        accuracy: total(parts, part => part.hits) / prompts,
        margin: total(parts, part => part.marginSum) / prompts,
        min_reward: scores.reduce((least, score) => Math.min(least, score)),
        mean_reward: total(scores, score => score) / scores.length,
        max_reward: scores.reduce((most, score) => Math.max(most, score)),
        ...(spec.stepsPerEpoch ? { epoch: step / spec.stepsPerEpoch } : {}),
      }
    },

    async evaluate(): Promise<Record<string, number>> {
      const losses: PreferenceLoss[] = []
      for (let index = 0; index < config.evalBatches; index++) {
        const batch = await core.host('host.preferenceEvalBatch', {
          run: spec.run,
          part: 'validation',
          index,
        })
        if (batch === null) break
        losses.push(preferenceLoss(await batchScores(kernels, model, batch), batch, 0))
      }
      const prompts = total(losses, loss => loss.terms)
      if (prompts === 0) return {}
      return {
        eval_loss: total(losses, loss => loss.lossSum) / prompts,
        eval_accuracy: total(losses, loss => loss.hits) / prompts,
        eval_margin: total(losses, loss => loss.marginSum) / prompts,
      }
    },

    /** Mean and standard deviation of the scores of fresh answers: what normalises them from here on. */
    async measure(): Promise<Record<string, number>> {
      const scores: number[] = []
      for (let index = 0; ; index++) {
        const batch = await core.host('host.preferenceEvalBatch', { run: spec.run, part: 'reference', index })
        if (batch === null) break
        scores.push(...(await batchScores(kernels, model, batch)))
      }
      const mean = total(scores, score => score) / scores.length
      const variance = total(scores, score => (score - mean) ** 2) / scores.length
      return { rewardMean: mean, rewardStd: Math.sqrt(variance) }
    },
  }
  const training = { ...context, config }
  return trainLoop(training, gradientSteps(training, objective))
}

const total = <T>(of: readonly T[], value: (one: T) => number): number =>
  of.reduce((sum, one) => sum + value(one), 0)
