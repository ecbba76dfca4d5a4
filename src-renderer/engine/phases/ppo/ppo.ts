// Phase 4, PPO: let the model answer, score what it says, and strengthen what scored better than expected.
//
//   max_θ E[ r_φ(x, y) ] − β·KL(π_θ ‖ π_SFT)                 Ziegler et al. 2019 §2.1, eq. 2; Ouyang et al. 2022 §3.5, eq. 2
//
// One update: answers to a batch of prompts → their rewards, the KL charge of every token, values → advantages (GAE) →
// some epochs of minibatches of the clipped losses (ppo-loss.ts) → the next β. Four models: the policy, which starts as the
// fine-tuned model; that model frozen, as reference; the reward model, frozen; and what predicts values (value-model.ts).
// The order of all this, and what trips it up, is that of Huang et al. 2024, "The N+ Implementation Details of RLHF with PPO".
import {
  learnsPolicy,
  type PpoConfig,
  parsePpoConfig,
  ppoLearningRateAt,
} from '../../../../src-shared/config/ppo-config.ts'
import type { TrainOutcome } from '../../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../../src-shared/contract/errors.ts'
import { nextTokenLoss } from '../next-token-loss.ts'
import { type TrainContext, trainLoop, type Update } from '../train-loop.ts'
import { answerHeldOut, answerSamples } from './evaluation.ts'
import { type Experience, experienceOf, responseStatistics } from './experience.ts'
import { klEstimates, nextKlCoef } from './kl.ts'
import { openModels } from './models.ts'
import { type Learnt, learn, type PretrainingMix } from './optimization.ts'
import { readRollouts } from './readings.ts'
import { sampleRollouts, samplingSeed } from './rollouts.ts'
import { mean, variance } from './whitening.ts'

/** Answers of each update that are told token by token, for the microscope. */
const TOLD = 4
/** Before anything was learnt, only rounding lies between two forward passes of the same weights. Nats. */
const ROUNDING = 1e-4

/**
 * Trains the policy, which comes with the weights of the fine-tuned model or of the checkpoint that is resumed.
 * @throws LabError `internal` where policy and reference differ before the first update; as `trainLoop`
 */
export async function ppo(context: Omit<TrainContext, 'config'>): Promise<TrainOutcome> {
  const { core, kernels, spec, model: policy, request } = context
  const { run, stopTokens } = spec
  const config: PpoConfig = parsePpoConfig(spec.config)
  const { contextLength } = policy.config
  const models = await openModels(context, config)
  const reading = { ...context, ...models, config }

  // What goes on from update to update beside weights and moments: β, and Adam's counts, as epochs may end early.
  const { klCoef: savedKlCoef, policySteps = 0, valueSteps = 0 } = spec.resume?.state.extra ?? {}
  let klCoef = savedKlCoef ?? config.klCoef
  const made = { policy: policySteps, value: valueSteps }

  /** PPO-ptx: phase 1's loss on phase 1's texts (Ouyang et al. 2022 §3.5, eq. 2). */
  const ptx: PretrainingMix | null =
    config.ptxCoef === 0
      ? null
      : async (number, tokens) => {
          const batch = await core.host('host.batch', { run, step: number, micro: 0 })
          const terms = batch.targets.reduce((n, target) => n + (target >= 0 ? 1 : 0), 0)
          const weight = (config.ptxCoef * tokens) / terms
          return (await nextTokenLoss(kernels, policy, batch, { weight })).lossSum / terms
        }

  async function update(step: number): Promise<Update | null> {
    const prompts = await core.host('host.rolloutPrompts', { run, step })
    const rollouts = await sampleRollouts(policy, {
      prompts,
      stopTokens,
      responseLength: config.responseLength,
      seedOf: i => samplingSeed(config.seed, 'rollouts', step * config.batchSize + i),
      shouldStop: () => request.pause || request.stop,
    })
    if (!rollouts) return null
    const { rewards, entropy, ...readings } = await readRollouts(reading, rollouts, { step, of: 'rollouts' })
    const experience = experienceOf(rollouts, readings, rewards, klCoef, config)
    if (step === 0) requireNoKl(experience)

    const learningRate = ppoLearningRateAt(step, config)
    const schedule = { config, step, learningRate, made, contextLength, ptx }
    const learnt = await learn(models.actorCritic, experience, schedule)
    if (step === 0) requireSamePolicy(learnt.firstLogRatio)

    for (const [index, score] of experience.scores.subarray(0, TOLD).entries()) {
      // A message has no NaN; what it came from is said by the update that is refused.
      if (Number.isFinite(score))
        core.publish('rollout', { run, step: step + 1, index, klCoef, ...told(index, experience, learnt) })
    }
    const values = {
      ...learnt.values,
      ...objectives(experience, klCoef),
      ...responseStatistics(rollouts),
      learning_rate: learningRate,
      'policy/entropy_avg': entropy,
      episode: (step + 1) * config.batchSize,
    }
    // While only the value model learns, the KL is 0 whatever β is.
    if (learnsPolicy(step, config)) klCoef = nextKlCoef(klCoef, mean(experience.kls), config, prompts.length)
    const tokens = prompts.reduce((sum, prompt) => sum + prompt.length, readings.logProbs.length)
    const { nonFinite, partly } = learnt
    return { values, tokens, ...(nonFinite === undefined ? {} : { nonFinite, partly }) }
  }

  return trainLoop(
    { ...context, config },
    {
      store: models.actorCritic.store,
      startsFromParent: true,
      savesBest: true,
      update,
      evaluate: step => answerHeldOut(reading, step),
      sample: step => answerSamples(reading, step),
      measure: () => ({ klCoef, policySteps: made.policy, valueSteps: made.value }),
      dispose: models.dispose,
    },
  )
}

/** TRL's `objective/…` and Ziegler's `returns/…`, of the answers of an update. */
function objectives(
  { scores, kls, logProbs, refLogProbs, values, returns, advantages, rollouts }: Experience,
  klCoef: number,
): Record<string, number> {
  const [score, kl] = [mean(scores), mean(kls)]
  const answers = rollouts.prompts.length
  const error = mean(values.map((value, t) => (value - returns[t]!) ** 2))
  return {
    'objective/kl': kl,
    'objective/kl_k3': (klEstimates(logProbs, refLogProbs).k3 * logProbs.length) / answers,
    'objective/kl_coef': klCoef,
    'objective/entropy': -logProbs.reduce((sum, logProb) => sum + logProb, 0) / answers,
    'objective/scores': score,
    'objective/scores_std': Math.sqrt(variance(scores)),
    'objective/non_score_reward': -klCoef * kl,
    'objective/rlhf_reward': score - klCoef * kl,
    'returns/mean': mean(returns),
    'returns/var': variance(returns),
    'val/vpred': mean(values),
    'val/error': error,
    'val/advantage': mean(advantages),
  }
}

/** An answer token by token. */
function told(index: number, experience: Experience, { ratios, clipped }: Learnt) {
  const { rollouts, scores, logProbs, refLogProbs, values, rewards, advantages, returns } = experience
  const [start, end] = [rollouts.starts[index]!, rollouts.starts[index + 1]!]
  const of = (list: Float32Array<ArrayBuffer> | Float32Array) => Float32Array.from(list.subarray(start, end))
  return {
    prompt: Int32Array.from(rollouts.prompts[index]!),
    response: Int32Array.from(rollouts.responses[index]!),
    stopped: rollouts.stopped[index]!,
    score: scores[index]!,
    logProbs: of(logProbs),
    refLogProbs: of(refLogProbs),
    values: of(values),
    rewards: of(rewards),
    advantages: of(advantages),
    returns: of(returns),
    ratios: of(ratios),
    clipped: Int32Array.from(clipped.subarray(start, end)),
  }
}

/** The policy is the reference: anything but 0 means that they are not read alike. @throws LabError `internal` */
function requireNoKl({ kls }: Experience): void {
  const worst = kls.reduce((most, kl) => Math.max(most, Math.abs(kl)), 0)
  if (worst === 0) return
  throw new LabError({
    code: 'internal',
    what: 'the policy differs from its reference before it has learnt anything',
    expected: 'a KL of exactly 0 nats',
    got: `${worst} nats in an answer`,
    fix: 'report this; start from another checkpoint meanwhile',
  })
}

/** @throws LabError `internal` */
function requireSamePolicy(firstLogRatio: number): void {
  if (firstLogRatio < ROUNDING) return
  throw new LabError({
    code: 'internal',
    what: 'the policy that learns is not the one that wrote the answers',
    expected: `log ratios below ${ROUNDING} in the first minibatch`,
    got: String(firstLogRatio),
    fix: 'report this; choose another device in Device meanwhile',
  })
}
