// The epochs of an update: the same answers in minibatches of an order of their own each time, until the policy has moved as
// far as it may.
import { type PpoConfig, learnsPolicy as policyLearns } from '../../../../src-shared/config/ppo-config.ts'
import { randomStream } from '../../../../src-shared/random/counter.ts'
import type { AdamW } from '../../optim/adamw.ts'
import { clipFactor } from '../../optim/clip.ts'
import type { Experience } from './experience.ts'
import { type PolicyLoss, policyLoss, type ValueLoss, valueLoss } from './ppo-loss.ts'
import { gather, type RolloutBatch, rolloutBatch } from './rollouts.ts'
import type { ActorCritic } from './value-model.ts'
import { mean, variance } from './whitening.ts'

/**
 * Adds the gradient of the pre-training mix, scaled so that dividing by `tokens` gives ptxCoef times its mean loss.
 * @returns that mean loss, nats per token
 */
export type PretrainingMix = (batch: number, tokens: number) => Promise<number>

interface Options {
  readonly config: PpoConfig
  /** Of the update, from 0. */
  readonly step: number
  readonly learningRate: number
  /** Optimizer steps of the run so far; counted on. */
  readonly made: { policy: number; value: number }
  readonly contextLength: number
  readonly ptx: PretrainingMix | null
}

export interface Learnt {
  readonly values: Record<string, number>
  /** Largest |log ratio| of the first minibatch, before anything was learnt; nats. */
  readonly firstLogRatio: number
  /** (N): as each token was last read, before the optimizer's step that followed. */
  readonly ratios: Float32Array<ArrayBuffer>
  readonly clipped: Uint8Array<ArrayBuffer>
  readonly nonFinite?: string
  /** Other minibatches' steps were made. */
  readonly partly?: boolean
}

interface Part {
  readonly batch: RolloutBatch
  readonly policy: PolicyLoss | null
  readonly value: ValueLoss
}

/**
 * Learns from the answers of an update; moves policy and value model, and counts their steps in `made`.
 * @returns metrics, means over minibatches, and of every token (N) how it stood when it was last read
 */
export async function learn(
  actorCritic: ActorCritic,
  experience: Experience,
  { config, step, learningRate, made, contextLength, ptx }: Options,
): Promise<Learnt> {
  const { rollouts } = experience
  const answers = rollouts.prompts.length
  const learnsPolicy = policyLearns(step, config)
  const ratios = new Float32Array(experience.logProbs.length).fill(1)
  const clipped = new Uint8Array(experience.logProbs.length)
  const series: Record<string, number>[] = []
  let firstLogRatio = 0
  const refused: string[] = []
  let tried = 0

  epochs: for (let epoch = 0; epoch < config.numPpoEpochs; epoch++) {
    const order = randomStream(config.seed, `ppo/order/${epoch}`, step).shuffle(
      Array.from({ length: answers }, (_, i) => i),
    )
    for (const [m, chosen] of parts(order, config.numMiniBatches).entries()) {
      const isFirst = epoch === 0 && m === 0
      actorCritic.zeroGradients()
      const read: Part[] = []
      for (const piece of parts(chosen, config.gradientAccumulationSteps))
        read.push(await accumulate(piece, learnsPolicy || isFirst))
      const tokens = read.reduce((sum, { batch }) => sum + batch.indices.length, 0)
      const values = metricsOf(read, tokens, config.vfCoef)
      if (isFirst) {
        firstLogRatio = read.reduce(
          (most, { policy }) =>
            policy!.ratios.reduce((max, ratio) => Math.max(max, Math.abs(Math.log(ratio))), most),
          0,
        )
      }
      // Asked before the step that would go on from here.
      const movedTooFar =
        config.targetApproxKl > 0 && (values['policy/approxkl_avg'] ?? 0) > config.targetApproxKl
      if (movedTooFar) {
        // What ended the epochs counts in how far they went.
        series.push({ 'policy/approxkl_avg': values['policy/approxkl_avg']! })
        break epochs
      }
      if (learnsPolicy && ptx)
        values.ptx_loss = await ptx(
          step * config.numPpoEpochs * config.numMiniBatches + series.length,
          tokens,
        )

      tried++
      const policyNorm = (await actorCritic.policyOptimizer.gradientNorm()) / tokens
      const valueNorm = ((await actorCritic.valueOptimizer?.gradientNorm()) ?? 0) / tokens
      const finite =
        Number.isFinite(values.loss!) && Number.isFinite(policyNorm) && Number.isFinite(valueNorm)
      if (finite) {
        const move = (optimizer: AdamW, rate: number, number: number, norm: number) =>
          optimizer.step({
            learningRate: rate,
            step: number,
            gradientScale: clipFactor(norm, config.maxGradNorm) / tokens,
          })
        if (learnsPolicy) move(actorCritic.policyOptimizer, learningRate, ++made.policy, policyNorm)
        if (actorCritic.valueOptimizer) {
          const rate = config.learningRate > 0 ? learningRate / config.learningRate : 1
          move(actorCritic.valueOptimizer, config.valueLearningRate * rate, ++made.value, valueNorm)
        }
      } else refused.push(Number.isFinite(values.loss!) ? 'the gradient' : 'the loss')
      series.push(learnsPolicy ? { ...values, grad_norm: policyNorm } : values)
    }
  }
  actorCritic.zeroGradients()
  return {
    values: { ...means(series), 'val/first_log_ratio': firstLogRatio, ...ratioVariance(series) },
    firstLogRatio,
    ratios,
    clipped,
    ...(refused.length > 0 && {
      nonFinite:
        refused.length === tried ? refused[0]! : `${refused[0]} of ${refused.length} of ${tried} minibatches`,
      partly: refused.length < tried,
    }),
  }

  async function accumulate(piece: readonly number[], withPolicy: boolean): Promise<Part> {
    const batch = rolloutBatch(rollouts, piece, contextLength)
    const { indices } = batch
    const tokens = {
      oldLogProbs: gather(experience.logProbs, indices),
      oldValues: gather(experience.values, indices),
      advantages: gather(experience.advantages, indices),
      returns: gather(experience.returns, indices),
    }
    const losses = await actorCritic.accumulate(
      batch,
      {
        policy: logProbs => policyLoss(logProbs, tokens, config),
        value: values => valueLoss(values, tokens, config),
      },
      { policy: withPolicy },
    )
    for (const [i, index] of indices.entries()) {
      if (!losses.policy) break
      ratios[index] = losses.policy.ratios[i]!
      clipped[index] = losses.policy.clipped[i]!
    }
    return { batch, ...losses }
  }
}

/** Cuts a list into `count` parts of equal length, up to one; fewer where it is shorter. */
function parts<T>(items: readonly T[], count: number): T[][] {
  const cut = Array.from({ length: count }, (_, k) =>
    items.slice(Math.floor((k * items.length) / count), Math.floor(((k + 1) * items.length) / count)),
  )
  return cut.filter(({ length }) => length > 0)
}

/** Of one minibatch, means over its tokens. */
function metricsOf(read: readonly Part[], tokens: number, vfCoef: number): Record<string, number> {
  const sum = (of: (part: Part) => number) => read.reduce((total, part) => total + of(part), 0) / tokens
  const value = sum(part => part.value.lossSum)
  const values: Record<string, number> = {
    'loss/value_avg': value,
    'val/clipfrac_avg': sum(part => part.value.clipped),
    loss: vfCoef * value,
  }
  if (read.some(({ policy }) => policy === null)) return values
  const policy = sum(part => part.policy!.lossSum)
  return {
    ...values,
    loss: policy + vfCoef * value,
    'loss/policy_avg': policy,
    'policy/approxkl_avg': sum(part => part.policy!.approxKlSum),
    'policy/clipfrac_avg': sum(part => part.policy!.clipped.reduce((n, one) => n + one, 0)),
    'val/ratio': sum(part => part.policy!.ratios.reduce((n, ratio) => n + ratio, 0)),
  }
}

/** Mean of every metric over the minibatches that have it. */
function means(series: readonly Record<string, number>[]): Record<string, number> {
  const names = new Set(series.flatMap(values => Object.keys(values)))
  return Object.fromEntries(
    [...names].map(name => [
      name,
      mean(series.map(values => values[name]).filter(value => value !== undefined)),
    ]),
  )
}

function ratioVariance(series: readonly Record<string, number>[]): Record<string, number> {
  const ratios = series.map(values => values['val/ratio']).filter(ratio => ratio !== undefined)
  return ratios.length > 1 ? { 'val/ratio_var': variance(ratios) } : {}
}
