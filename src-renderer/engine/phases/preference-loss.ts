// The loss of phase 3 over the scores of one batch, written out with its derivative: R numbers need no tape.
//
//   L = Σ_prompts 1/n Σ_pairs −log σ(r_w − r_l)  [ + c (r_w + r_l)² ]        n = decided pairs of the prompt
//
// All pairs of a prompt come from one forward pass per response and weigh as one (Ouyang et al. 2022 §3.5, eq. 1): as rows
// of their own, shuffled, they would be overfitted within an epoch.
import type { PreferenceBatch } from '../../../src-shared/contract/engine-contract.ts'
import { pairLoss, winProbability } from '../../../src-shared/preferences/bradley-terry.ts'

export interface PreferenceLoss {
  /** Nats, over the prompts of the batch, without the centering term. */
  readonly lossSum: number
  /** Prompts. */
  readonly terms: number
  /** Pairs whose winner scores higher, and Σ r_w − r_l, each pair with its weight. */
  readonly hits: number
  readonly marginSum: number
  /** (R): ∂L/∂r, centering included. */
  readonly dScores: Float32Array<ArrayBuffer>
}

/**
 * @param scores (R)
 * @param centering c, TRL's center_rewards_coefficient (Eisenstein et al. 2023)
 */
export function preferenceLoss(
  scores: Float32Array,
  { winners, losers, weights, prompts }: Pick<PreferenceBatch, 'winners' | 'losers' | 'weights' | 'prompts'>,
  centering: number,
): PreferenceLoss {
  const dScores = new Float32Array(scores.length)
  let lossSum = 0
  let hits = 0
  let marginSum = 0
  for (let i = 0; i < winners.length; i++) {
    const [winner, loser, weight] = [winners[i]!, losers[i]!, weights[i]!]
    const margin = scores[winner]! - scores[loser]!
    lossSum += weight * pairLoss(margin)
    marginSum += weight * margin
    if (margin > 0) hits += weight
    // d/dx −log σ(x) = −σ(−x)
    const push = -weight * winProbability(-margin)
    const pull = 2 * centering * weight * (scores[winner]! + scores[loser]!)
    dScores[winner]! += push + pull
    dScores[loser]! += pull - push
  }
  return { lossSum, terms: prompts, hits, marginSum, dScores }
}
