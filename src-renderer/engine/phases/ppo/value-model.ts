// What predicts, before each token, the reward still to come. Two kinds, chosen by config: a model of its own that starts from
// the reward model (Ouyang et al. 2022 App. C.4), or a head on the policy's own trunk that starts at 0 (Ziegler et al. 2019).
import type { PpoConfig } from '../../../../src-shared/config/ppo-config.ts'
import type { Kernels } from '../../kernels/kernels.ts'
import { Parameter } from '../../model/parameter.ts'
import { readScores, scoreHead, scoresBackward } from '../../model/score-head.ts'
import type { Transformer } from '../../model/transformer.ts'
import { AdamW } from '../../optim/adamw.ts'
import { batchScores, trainOnScores } from '../batch-scores.ts'
import { joinedStores, type TensorStore, weightsOf } from '../tensor-store.ts'
import type { PolicyLoss, ValueLoss } from './ppo-loss.ts'
import type { RolloutBatch } from './rollouts.ts'

/** Losses of the tokens of a batch, from what the models say of them, and their derivatives. */
export interface BatchLosses {
  /** @param logProbs (M) nats */
  policy(logProbs: Float32Array): PolicyLoss
  /** @param values (M) */
  value(values: Float32Array): ValueLoss
}

/** Policy and value model as far as an update goes: what they say of a batch, and their gradients. */
export interface ActorCritic {
  readonly policyOptimizer: AdamW
  /** Absent where the policy's optimizer moves the value head too. */
  readonly valueOptimizer?: AdamW
  /** All that a resumed run needs of both beside the policy's weights. */
  readonly store: TensorStore
  /** (M): values before the tokens of the batch. */
  values(batch: RolloutBatch): Promise<Float32Array<ArrayBuffer>>
  /**
   * Adds the gradients of the summed losses to both.
   * @param learn whose gradients are wanted
   */
  accumulate(
    batch: RolloutBatch,
    losses: BatchLosses,
    learn: { readonly policy: boolean },
  ): Promise<{ policy: PolicyLoss | null; value: ValueLoss }>
  zeroGradients(): void
  dispose(): void
}

/** A value model of its own. @param scale of the reward model that it started from, so that it predicts in the reward's units */
export function separateCritic(
  policy: Transformer,
  critic: Transformer,
  scale: { readonly mean: number; readonly factor: number },
  config: PpoConfig,
): ActorCritic {
  const { kernels } = policy
  const policyOptimizer = new AdamW(policy, config)
  const valueOptimizer = new AdamW(critic, config)
  const scaled = (raw: Float32Array) => Float32Array.from(raw, value => (value - scale.mean) * scale.factor)
  return {
    policyOptimizer,
    valueOptimizer,
    store: joinedStores({
      '': policyOptimizer,
      'value_model.': weightsOf(critic),
      'value_model.optimizer.': valueOptimizer,
    }),
    values: async batch => scaled(await batchScores(kernels, critic, { ...batch, ends: batch.places })),
    async accumulate(batch, losses, learn) {
      const policyLoss = learn.policy ? await trainOnLogProbs(policy, batch, losses.policy) : null
      const { loss } = await trainOnScores(kernels, critic, { ...batch, ends: batch.places }, raw => {
        const { dValues, ...rest } = losses.value(scaled(raw))
        return { ...rest, dValues, dScores: dValues.map(d => d * scale.factor) }
      })
      return { policy: policyLoss, value: loss }
    },
    zeroGradients() {
      policy.zeroGradients()
      critic.zeroGradients()
    },
    dispose() {
      policyOptimizer.dispose()
      valueOptimizer.dispose()
      critic.dispose()
    },
  }
}

/** A value head on the policy's trunk, whose loss moves the trunk too. */
export function sharedCritic(policy: Transformer, config: PpoConfig): ActorCritic {
  const { kernels } = policy
  const head = new Parameter(kernels, { ...scoreHead(policy.config), start: { constant: 0 } })
  head.initialize(0)
  const optimizer = new AdamW({ kernels, parameters: [...policy.parameters, head] }, config)
  const forward = (batch: RolloutBatch) => {
    const tokens = kernels.upload(batch.tokens, [batch.tokens.length])
    const { segmentStarts } = batch
    const activations = policy.forward(tokens, batch.batchSize, batch.length, { segmentStarts })
    return { activations, read: readScores(kernels, head, activations.hidden, batch.places) }
  }
  return {
    policyOptimizer: optimizer,
    store: joinedStores({
      '': optimizer,
      'value_head.': weightsOf({
        parameters: [head],
        readTensor: async () => head.toFile(await kernels.read(head.value)),
        loadTensor: (_, values) => head.load(values),
      }),
    }),
    async values(batch) {
      const scores = kernels.scope(() => forward(batch).read.scores)
      return take(kernels, scores)
    },
    async accumulate(batch, losses) {
      const passed = kernels.scope(() => {
        const { activations, read } = forward(batch)
        const targets = kernels.upload(batch.targets, [batch.targets.length])
        return { activations, read, chosen: policy.logProbs(activations, targets) }
      })
      const { activations, read, chosen } = passed
      try {
        const logProbs = await kernels.read(chosen.logProbs)
        const policyLoss = losses.policy(Float32Array.from(batch.places, place => logProbs[place]!))
        const valueLoss = losses.value(await kernels.read(read.scores))
        kernels.scope(() => {
          const fromText = policy.headBackward(
            activations,
            chosen,
            spread(kernels, batch, policyLoss.dLogProbs),
          )
          const dScores = kernels.upload(valueLoss.dValues, [valueLoss.dValues.length, 1])
          const fromValue = scoresBackward(kernels, head, read, dScores, batch.tokens.length)
          policy.backwardHidden(activations, kernels.add(fromText, fromValue))
        })
        return { policy: policyLoss, value: valueLoss }
      } finally {
        policy.release(activations)
        kernels.free(read.scores, read.rows, read.read, chosen.logProbs, chosen.targets, ...chosen.saved)
      }
    },
    zeroGradients() {
      policy.zeroGradients()
      head.zeroGradient()
    },
    dispose() {
      optimizer.dispose()
      head.dispose()
    },
  }
}

/** Log-probs of the batch's tokens, and the gradient of what `loss` makes of them added to the model's gradients. */
async function trainOnLogProbs(
  policy: Transformer,
  batch: RolloutBatch,
  loss: (logProbs: Float32Array) => PolicyLoss,
): Promise<PolicyLoss> {
  const { kernels } = policy
  // Log-probs must be read before their gradient is known, so the activations outlive the scope of the forward pass.
  const { activations, chosen } = kernels.scope(() => {
    const tokens = kernels.upload(batch.tokens, [batch.tokens.length])
    const targets = kernels.upload(batch.targets, [batch.targets.length])
    const { segmentStarts } = batch
    const activations = policy.forward(tokens, batch.batchSize, batch.length, { segmentStarts })
    return { activations, chosen: policy.logProbs(activations, targets) }
  })
  try {
    const logProbs = await kernels.read(chosen.logProbs)
    const found = loss(Float32Array.from(batch.places, place => logProbs[place]!))
    kernels.scope(() => policy.backward(activations, chosen, spread(kernels, batch, found.dLogProbs)))
    return found
  } finally {
    policy.release(activations)
    kernels.free(chosen.logProbs, chosen.targets, ...chosen.saved)
  }
}

/** Gradients (M) at their places of (B·T); 0 elsewhere. */
function spread(kernels: Kernels, { places, tokens }: RolloutBatch, gradients: Float32Array) {
  const all = new Float32Array(tokens.length)
  for (const [i, place] of places.entries()) all[place] = gradients[i]!
  return kernels.upload(all, [all.length])
}

async function take(kernels: Kernels, scores: Parameters<Kernels['read']>[0]) {
  try {
    return await kernels.read(scores)
  } finally {
    kernels.free(scores)
  }
}
