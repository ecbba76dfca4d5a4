// Generalised advantage estimation (Schulman et al. 2016, eq. 16), over answers laid out one after another.
//
//   δ_t = r_t + γ·V_{t+1} − V_t          V after the last token is 0: the answer is over
//   A_t = δ_t + γ·λ·A_{t+1}
//   R_t = A_t + V_t                      what the value model is to predict

export interface Advantages {
  /** (N), not whitened. */
  readonly advantages: Float32Array<ArrayBuffer>
  /** (N) */
  readonly returns: Float32Array<ArrayBuffer>
}

/**
 * @param rewards (N): of each token
 * @param values (N): predicted before each token
 * @param starts (R + 1): answer i holds tokens starts[i] … starts[i + 1] − 1
 */
export function generalizedAdvantages(
  rewards: Float32Array,
  values: Float32Array,
  starts: ArrayLike<number>,
  { gamma, gaeLambda }: { readonly gamma: number; readonly gaeLambda: number },
): Advantages {
  const advantages = new Float32Array(rewards.length)
  const returns = new Float32Array(rewards.length)
  for (let answer = 0; answer + 1 < starts.length; answer++) {
    let nextAdvantage = 0
    let nextValue = 0
    for (let t = starts[answer + 1]! - 1; t >= starts[answer]!; t--) {
      const delta = rewards[t]! + gamma * nextValue - values[t]!
      nextAdvantage = delta + gamma * gaeLambda * nextAdvantage
      nextValue = values[t]!
      advantages[t] = nextAdvantage
      returns[t] = nextAdvantage + nextValue
    }
  }
  return { advantages, returns }
}
