// Rules about what the answers have become, and whether they are better for it.
import type { PpoConfig } from '../config/ppo-config.ts'
import { type DoctorRule, figure, holdTighter, percent, scaled, shareNoise } from './doctor-rule.ts'
import type { Reading } from './metric-history.ts'

/** Share of the answers that one may gain: twice what of the starter world's prompts deserves “I don’t know.”. */
const ONE_ANSWER = 0.25

/** Shares of wins, means of two evaluations: of some hundred decided comparisons each, one is off by 0.05 by chance. */
const FALL = 0.15
const BELOW_HALF = 0.1
const COMPARED = 100
/** Chance is larger where fewer answers are compared; about half of them are decided. */
const ofFew = ({ evalBatches, batchSize }: PpoConfig): number =>
  Math.max(1, Math.sqrt((2 * COMPARED) / (evalBatches * batchSize)))

/** Each reading as the mean of it and the one before. */
const pairMeans = (readings: readonly Reading[]): Reading[] =>
  readings.slice(1).map(({ step, value }, i) => ({ step, value: (value + readings[i]!.value) / 2 }))

export const answerRules: readonly DoctorRule[] = [
  {
    id: 'one-answer',
    title: 'Everything becomes one answer',
    level: 'alarm',
    metrics: ['response/top_share'],
    find(history, config) {
      const start = history.start('response/top_share')
      const now = history.newest('response/top_share', 2)
      if (start === null || now === null) return null
      if (now <= start + Math.max(ONE_ANSWER, shareNoise(start, config))) return null
      return {
        text: `${percent(now)} of the answers are the same one; it was ${percent(start)} at the start. The reward pays for an answer that fits every question, so the model stops reading the question. Read it among the answers: if it does not belong there, the reward is wrong, not the model.`,
        advice: holdTighter(config),
      }
    },
  },
  {
    id: 'reward-hacking',
    title: 'Reward hacking',
    level: 'alarm',
    metrics: ['eval_win_rate', 'eval_score'],
    find(history, config) {
      const wins = pairMeans(history.all('eval_win_rate'))
      const last = wins.at(-1)
      if (!last) return null
      const scoreAt = (step: number) =>
        history.all('eval_score').findLast(reading => reading.step <= step)?.value ?? Number.NaN
      const best = wins.reduce((a, b) => (b.value > a.value ? b : a))
      const score = scoreAt(last.step)
      const chance = ofFew(config)
      const fell = best.value - last.value > FALL * chance && score > scoreAt(best.step)
      const lost = last.value < 0.5 - BELOW_HALF * chance && score > scoreAt(0)
      if (!fell && !lost) return null
      const compared = fell
        ? `Since update ${best.step} the reward on held-out prompts rose from ${figure(scoreAt(best.step))} to ${figure(score)}, while wins over the fine-tuned model, the mean of two evaluations, fell from ${percent(best.value)} to ${percent(last.value)}.`
        : `The reward on held-out prompts rose from ${figure(scoreAt(0))} to ${figure(score)}, yet the fine-tuned model’s answers are preferred: ${percent(last.value)} wins over the last two evaluations.`
      return {
        text: `${compared} The policy has found what the reward overlooks. The best checkpoint so far is kept.`,
        advice: holdTighter(config),
      }
    },
  },
  {
    id: 'end-tokens',
    title: 'Answers do not end',
    level: 'warning',
    metrics: ['response/eos_rate'],
    find(history, config) {
      const start = history.start('response/eos_rate')
      const now = history.newest('response/eos_rate')
      if (start === null || now === null) return null
      if (now >= start - Math.max(0.1, shareNoise(start, config))) return null
      const { missingEosPenalty } = config
      return {
        text: `${percent(now)} of the answers end by themselves; it was ${percent(start)} at the start. Going on pays more than ending, at a missing-end penalty of ${figure(missingEosPenalty)}.`,
        advice: {
          field: 'missingEosPenalty',
          value: missingEosPenalty > 0 ? scaled(missingEosPenalty, 2) : 1,
        },
      }
    },
  },
  {
    id: 'length',
    title: 'Length drifting',
    level: 'warning',
    metrics: ['response/length'],
    find(history, config) {
      const start = history.start('response/length')
      const now = history.newest('response/length')
      if (start === null || now === null || Math.abs(now - start) < 3) return null
      if (now < 1.5 * start && now > 0.5 * start) return null
      const longer = now > start
      return {
        text: `Answers have ${figure(now)} tokens; it was ${figure(start)} at the start. The reward seems to go by length: ${longer ? 'long' : 'short'} answers score higher whatever they say. The reward model’s report shows how its scores go with length.`,
        advice: holdTighter(config),
      }
    },
  },
]
