// What an update learns from: answers, what each of their tokens was charged and rewarded, and how much better than
// expected it was (algorithms page §2.6, points 3–8).
import type { PpoConfig } from '../../../../src-shared/config/ppo-config.ts'
import { generalizedAdvantages } from './gae.ts'
import { mean, whiten } from './whitening.ts'

/** Answers to the prompts of an update, with their tokens laid out one after another. */
export interface Rollouts {
  readonly prompts: readonly Int32Array[]
  /** An end token that was drawn is the last of its response. */
  readonly responses: readonly Int32Array<ArrayBuffer>[]
  /** Whether each ended by itself. */
  readonly stopped: readonly boolean[]
  /** (R + 1): response i holds tokens starts[i] … starts[i + 1] − 1 of all lists of length N. */
  readonly starts: Int32Array<ArrayBuffer>
}

/** (N) each, in nats but for the values. */
export interface TokenReadings {
  readonly logProbs: Float32Array
  readonly refLogProbs: Float32Array
  /** Predicted before the token. */
  readonly values: Float32Array
}

export interface Experience extends TokenReadings {
  readonly rollouts: Rollouts
  /** (R): rewards, clipped, with the missing-end penalty, before the KL charge. */
  readonly scores: Float32Array<ArrayBuffer>
  /** (R): Σ log π − log π_ref over the response, nats. */
  readonly kls: Float32Array<ArrayBuffer>
  /** (N): −β·KL of the token, with the score at the last; whitened if so configured. */
  readonly rewards: Float32Array<ArrayBuffer>
  /** (N), whitened. */
  readonly advantages: Float32Array<ArrayBuffer>
  /** (N) */
  readonly returns: Float32Array<ArrayBuffer>
}

type ExperienceConfig = Pick<
  PpoConfig,
  'missingEosPenalty' | 'rewardClip' | 'whitenRewards' | 'gamma' | 'gaeLambda'
>

/**
 * @param rewardsOfAnswers (R): of the reward sources, added up
 * @param klCoef β
 */
export function experienceOf(
  rollouts: Rollouts,
  readings: TokenReadings,
  rewardsOfAnswers: ArrayLike<number>,
  klCoef: number,
  config: ExperienceConfig,
): Experience {
  const { starts, stopped } = rollouts
  const { logProbs, refLogProbs, values } = readings
  const scores = Float32Array.from(stopped, (ended, i) => {
    const limit = config.rewardClip || Number.POSITIVE_INFINITY
    const clipped = Math.min(limit, Math.max(-limit, rewardsOfAnswers[i]!))
    return ended ? clipped : clipped - config.missingEosPenalty
  })
  const kls = new Float32Array(scores.length)
  const charged = new Float32Array(logProbs.length)
  for (let i = 0; i < scores.length; i++) {
    let kl = 0
    for (let t = starts[i]!; t < starts[i + 1]!; t++) {
      const ofToken = logProbs[t]! - refLogProbs[t]!
      kl += ofToken
      // −β·0 would be −0.
      charged[t] = 0 - klCoef * ofToken
    }
    kls[i] = kl
    charged[starts[i + 1]! - 1]! += scores[i]!
  }
  const rewards = config.whitenRewards ? whiten(charged, false) : charged
  const { advantages, returns } = generalizedAdvantages(rewards, values, starts, config)
  return {
    rollouts,
    ...readings,
    scores,
    kls,
    rewards,
    advantages: whiten(advantages, true),
    returns,
  }
}

/** What a person watches of the answers themselves. */
export function responseStatistics({ responses, stopped }: Rollouts): Record<string, number> {
  const counts = new Map<string, number>()
  for (const response of responses) {
    const key = response.join(' ')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const ended = stopped.filter(Boolean).length
  return {
    'val/num_eos_tokens': ended,
    'response/eos_rate': ended / responses.length,
    'response/length': mean(responses.map(({ length }) => length)),
    'response/repetition': mean(responses.map(repetition)),
    'response/top_share': Math.max(...counts.values()) / responses.length,
  }
}

/** Share of a text's 3-token runs that stood in it before. */
function repetition(tokens: Int32Array): number {
  const runs = Math.max(0, tokens.length - 2)
  const seen = new Set<string>()
  for (let i = 0; i < runs; i++) seen.add(`${tokens[i]} ${tokens[i + 1]} ${tokens[i + 2]}`)
  return runs === 0 ? 0 : 1 - seen.size / runs
}
