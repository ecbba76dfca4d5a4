// The model of choice that phase 3 is trained under: p(a is preferred to b) = σ(r_a − r_b) of raw scores (Bradley & Terry
// 1952; Ouyang et al. 2022 §3.5, eq. 1). Written so that e to a large number never arises.

/** σ(margin): the probability that it gives to the response whose score is `margin` higher. */
export const winProbability = (margin: number): number =>
  margin >= 0 ? 1 / (1 + Math.exp(-margin)) : Math.exp(margin) / (1 + Math.exp(margin))

/** −log σ(margin), nats: the loss of one pair. @param margin r_w − r_l */
export const pairLoss = (margin: number): number =>
  Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)))
