// PPO's two losses over the tokens of a minibatch, written out with their derivatives (Schulman et al. 2017 §3, eq. 7; the
// clipped value loss as in OpenAI's baselines and Ziegler et al. 2019):
//
//   ratio = exp(log π − log π_old)
//   L_policy = mean max(−A·ratio, −A·clip(ratio, 1 ± ε))          ∂/∂log π = −A·ratio where the first is the larger, else 0
//   L_value  = mean ½ max((V − R)², (V_old + clip(V − V_old, ±ε_v) − R)²)
//   L = L_policy + c·L_value
//
// Where clipping decides, the gradient is 0: that is the whole of it, so no tape is needed.

export interface LossTokens {
  /** (M) each. Nats, under the policy that wrote the tokens. */
  readonly oldLogProbs: Float32Array
  readonly oldValues: Float32Array
  /** Whitened. */
  readonly advantages: Float32Array
  readonly returns: Float32Array
}

export interface PpoLossConfig {
  readonly cliprange: number
  readonly cliprangeValue: number
  readonly vfCoef: number
}

/** Sums over tokens, to be divided by their number. */
export interface PolicyLoss {
  readonly lossSum: number
  /** (M): ∂lossSum/∂log π. */
  readonly dLogProbs: Float32Array<ArrayBuffer>
  /** (M) */
  readonly ratios: Float32Array<ArrayBuffer>
  /** (M): 1 where clipping stopped the gradient. */
  readonly clipped: Uint8Array<ArrayBuffer>
  /** Σ ½(Δ log π)², nats. */
  readonly approxKlSum: number
}

/** @param logProbs (M) nats, under the policy as it is */
export function policyLoss(
  logProbs: Float32Array,
  { oldLogProbs, advantages }: Pick<LossTokens, 'oldLogProbs' | 'advantages'>,
  { cliprange }: Pick<PpoLossConfig, 'cliprange'>,
): PolicyLoss {
  const count = logProbs.length
  const dLogProbs = new Float32Array(count)
  const ratios = new Float32Array(count)
  const clipped = new Uint8Array(count)
  let lossSum = 0
  let approxKlSum = 0
  for (let i = 0; i < count; i++) {
    const logRatio = logProbs[i]! - oldLogProbs[i]!
    const ratio = Math.exp(logRatio)
    const advantage = advantages[i]!
    const free = -advantage * ratio
    const bounded = -advantage * Math.min(1 + cliprange, Math.max(1 - cliprange, ratio))
    ratios[i] = ratio
    approxKlSum += logRatio ** 2 / 2
    if (bounded > free) {
      clipped[i] = 1
      lossSum += bounded
    } else {
      lossSum += free
      dLogProbs[i] = free
    }
  }
  return { lossSum, dLogProbs, ratios, clipped, approxKlSum }
}

export interface ValueLoss {
  readonly lossSum: number
  /** (M): vfCoef·∂lossSum/∂V. */
  readonly dValues: Float32Array<ArrayBuffer>
  /** Tokens whose loss was the clipped one. */
  readonly clipped: number
}

/** @param values (M), of the value model as it is */
export function valueLoss(
  values: Float32Array,
  { oldValues, returns }: Pick<LossTokens, 'oldValues' | 'returns'>,
  { cliprangeValue, vfCoef }: Pick<PpoLossConfig, 'cliprangeValue' | 'vfCoef'>,
): ValueLoss {
  const dValues = new Float32Array(values.length)
  let lossSum = 0
  let clipped = 0
  for (let i = 0; i < values.length; i++) {
    const [value, old, target] = [values[i]!, oldValues[i]!, returns[i]!]
    const near = old + Math.min(cliprangeValue, Math.max(-cliprangeValue, value - old))
    const free = (value - target) ** 2
    const bounded = (near - target) ** 2
    lossSum += 0.5 * Math.max(free, bounded)
    if (bounded > free) clipped++
    else dValues[i] = vfCoef * (value - target)
  }
  return { lossSum, dValues, clipped }
}
