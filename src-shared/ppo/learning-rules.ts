// Rules about whether there is still something to learn, and whether it is learnt.
import { type DoctorRule, figure, holdTighter, slower } from './doctor-rule.ts'

export const learningRules: readonly DoctorRule[] = [
  {
    id: 'no-signal',
    title: 'Rewards all alike',
    level: 'warning',
    metrics: ['objective/scores_std'],
    find(history) {
      const start = history.start('objective/scores_std') ?? Number.POSITIVE_INFINITY
      const now = history.newest('objective/scores_std')
      if (now === null || now >= Math.max(1e-3, Number.isFinite(start) ? 0.05 * start : 0)) return null
      return {
        text: `Rewards differ by ${figure(now)} (standard deviation): there is nothing left to learn from. Either everything is solved, or the reward does not tell these answers apart, or they have become one. Choose another reward, or prompts that are answered in more than one way.`,
        advice: null,
      }
    },
  },
  {
    id: 'entropy',
    title: 'Entropy collapsing',
    level: 'warning',
    metrics: ['policy/entropy_avg'],
    find(history, config) {
      const start = history.start('policy/entropy_avg')
      const now = history.newest('policy/entropy_avg')
      if (start === null || now === null || now >= 0.25 * start) return null
      return {
        text: `Entropy fell from ${figure(start)} to ${figure(now)} nats per token: the policy always says the same and tries nothing any more, so it cannot find anything better.`,
        advice: holdTighter(config),
      }
    },
  },
  {
    id: 'value-loss',
    title: 'Value loss rising',
    level: 'warning',
    metrics: ['loss/value_avg'],
    find(history, config) {
      const losses = history.all('loss/value_avg')
      if (losses.length < 10) return null
      const now = history.newest('loss/value_avg', 5)!
      const start = history.start('loss/value_avg', 5)!
      const least = lowestMean(losses.slice(0, -5).map(({ value }) => value))
      if (now <= 1.5 * start || now <= 3 * least) return null
      return {
        text: `The value loss is ${figure(now)}, after ${figure(least)} at its lowest. The value model no longer foresees what is rewarded, so advantages are mostly noise: the policy moves faster than it can follow.`,
        advice: slower(config),
      }
    },
  },
]

/** Lowest mean of five values in a row. */
function lowestMean(values: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY
  for (let end = 5; end <= values.length; end++) {
    const mean = values.slice(end - 5, end).reduce((sum, value) => sum + value, 0) / 5
    if (mean < least) least = mean
  }
  return least
}
