// What is measured on a run's preferences: each a part of the report.
import type { Disagreement, RewardReport } from '../contract/reward-contract.ts'
import { pairLoss } from '../preferences/bradley-terry.ts'
import { hitOf } from './calibration.ts'
import { clusteredShare, clustersOf } from './clustered-share.ts'
import { evenly } from './evenly.ts'
import type { MeasuredPrompt, ScoredPair } from './measured-prompt.ts'
import { rankCorrelationWithin } from './rank-correlation.ts'

const MOST_DISAGREEMENTS = 50
const MOST_POINTS = 500

/**
 * Loss as it is trained on: pairs of a prompt weigh as one. Accuracy and margin weigh every pair the same; the interval
 * knows that pairs of one prompt are not independent (clustered-share.ts). All 0 without pairs.
 */
export function splitOf(pairs: readonly ScoredPair[]): RewardReport['train'] {
  const prompts = new Map<MeasuredPrompt, { loss: number; n: number }>()
  for (const { prompt, rawMargin } of pairs) {
    const { loss, n } = prompts.get(prompt) ?? { loss: 0, n: 0 }
    prompts.set(prompt, { loss: loss + pairLoss(rawMargin), n: n + 1 })
  }
  return {
    prompts: prompts.size,
    pairs: pairs.length,
    loss: mean([...prompts.values()].map(({ loss, n }) => loss / n)),
    accuracy: clusteredShare(clustersOf(pairs.map(pair => [pair.prompt.key, hitOf(pair.rawMargin)]))),
    margin: mean(pairs.map(({ margin }) => margin)),
  }
}

/** Against the simulated labelers' order before its noise, and the mean of that noise; null where nobody simulated. */
export function cleanOf(pairs: readonly ScoredPair[]): RewardReport['clean'] {
  const simulated = pairs.flatMap(({ simulated, rawMargin, prompt }) =>
    simulated ? [{ ...simulated, hit: hitOf(simulated.clean ? rawMargin : -rawMargin), prompt }] : [],
  )
  if (simulated.length === 0) return null
  return {
    accuracy: clusteredShare(clustersOf(simulated.map(({ prompt, hit }) => [prompt.key, hit]))),
    noise: mean(simulated.map(({ noise }) => noise)),
  }
}

/**
 * How often noisy labels would be matched by what is matched of clean ones, c(1−ε) + (1−c)ε pair by pair, where noise and
 * model know nothing of each other; and its standard error. null where nobody simulated.
 */
export function noisyFromClean(pairs: readonly ScoredPair[]): { expected: number; error: number } | null {
  let [expected, variance, n] = [0, 0, 0]
  for (const { simulated, rawMargin } of pairs) {
    if (!simulated) continue
    const hit = hitOf(simulated.clean ? rawMargin : -rawMargin)
    const { noise } = simulated
    expected += hit * (1 - noise) + (1 - hit) * noise
    variance += noise * (1 - noise)
    n++
  }
  return n === 0 ? null : { expected: expected / n, error: Math.sqrt(variance) / n }
}

/** @param validation prompts that were kept out of training   @param labeled all pairs whose labels are at hand */
export function lengthOf(
  validation: readonly MeasuredPrompt[],
  labeled: readonly ScoredPair[],
): RewardReport['length'] {
  const groups = validation.map(({ responses }) => ({
    x: responses.map(({ characters }) => characters),
    y: responses.map(({ score }) => score),
  }))
  const longer = labeled.flatMap(({ prompt, winner, loser }) => {
    const difference = prompt.responses[winner]!.characters - prompt.responses[loser]!.characters
    return difference === 0 ? [] : [[prompt.key, difference > 0 ? 1 : 0] as const]
  })
  const points = validation.flatMap(({ responses }) =>
    responses.map(({ characters, score }): [number, number] => [characters, score]),
  )
  return {
    correlation: rankCorrelationWithin(groups),
    longerWins: clusteredShare(clustersOf(longer)),
    points: evenly(points, MOST_POINTS),
  }
}

/**
 * Rank correlation of length with how often a response was preferred, less how often it was not, within prompts.
 * @param stage of simulated labels: `before-noise` as the policy has them, else as they are trained on
 */
export const labelsWithLength = (
  prompts: readonly MeasuredPrompt[],
  stage: 'as-trained' | 'before-noise' = 'as-trained',
): number =>
  rankCorrelationWithin(
    prompts.map(({ responses, pairs }) => {
      const worth = responses.map(() => 0)
      for (const { winner, loser, simulated } of pairs) {
        const step = stage === 'before-noise' && simulated && !simulated.clean ? -1 : 1
        worth[winner]! += step
        worth[loser]! -= step
      }
      return { x: responses.map(({ characters }) => characters), y: worth }
    }),
  )

/** Pairs that the model has the other way round, the surest first; of a prompt the worst of each labeler. */
export function worstDisagreements(pairs: readonly ScoredPair[]): Disagreement[] {
  const seen = new Set<string>()
  return pairs
    .filter(({ margin }) => margin < 0)
    .sort((a, b) => a.margin - b.margin)
    .filter(({ prompt: { set, number }, labeler }) => {
      const key = JSON.stringify([set, number, labeler])
      return !seen.has(key) && seen.add(key)
    })
    .slice(0, MOST_DISAGREEMENTS)
    .map(({ prompt, winner, loser, labeler }) => {
      const shown = (response: number) => {
        const { text, score } = prompt.responses[response]!
        return { text, score }
      }
      return {
        set: prompt.set,
        number: prompt.number,
        messages: [...prompt.messages],
        winner: shown(winner),
        loser: shown(loser),
        labeler,
      }
    })
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
