// How far the policy is from the reference, and what a nat of it costs.

/**
 * Estimates of KL(π ‖ π_ref) from tokens that π drew, each a mean over them (Schulman 2020, "Approximating KL Divergence"):
 * k1 = −log r is unbiased and may be negative, k2 = ½(log r)² is biased, k3 = r − 1 − log r is unbiased and never negative;
 * r = π_ref/π. Nats per token.
 */
export function klEstimates(
  logProbs: ArrayLike<number>,
  refLogProbs: ArrayLike<number>,
): { k1: number; k2: number; k3: number } {
  let [k1, k2, k3] = [0, 0, 0]
  const count = logProbs.length
  for (let i = 0; i < count; i++) {
    const logRatio = refLogProbs[i]! - logProbs[i]!
    k1 -= logRatio
    k2 += logRatio ** 2 / 2
    k3 += Math.exp(logRatio) - 1 - logRatio
  }
  return { k1: k1 / count, k2: k2 / count, k3: k3 / count }
}

/**
 * The coefficient of the next update (Ziegler et al. 2019 §2.2): β·(1 + clip(KL/target − 1, ±0.2)·answers/horizon).
 * @param kl nats per answer, of the update just made
 * @param answers of that update
 */
export function nextKlCoef(
  klCoef: number,
  kl: number,
  { klTarget, klHorizon }: { readonly klTarget: number; readonly klHorizon: number },
  answers: number,
): number {
  // A KL that is no number says nothing about β; the update that it came from is refused.
  if (klTarget === 0 || !Number.isFinite(kl)) return klCoef
  const error = Math.min(0.2, Math.max(-0.2, kl / klTarget - 1))
  return klCoef * (1 + (error * answers) / klHorizon)
}
