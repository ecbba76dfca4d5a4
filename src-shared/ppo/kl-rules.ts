// Rules about how far the policy is from the fine-tuned model, and from itself a moment ago.
import { type DoctorRule, figure, holdTighter, scaled, slower } from './doctor-rule.ts'

/** Nats that an answer may gain where nothing holds it: a short one fewer, by its tokens. */
const FREE_KL = 2
const FREE_KL_PER_TOKEN = 0.2
/** The same where β is too small to hold it. */
const RUNAWAY_KL = 10

export const klRules: readonly DoctorRule[] = [
  {
    id: 'kl-negative',
    title: 'KL below 0',
    level: 'alarm',
    metrics: ['objective/kl'],
    find(history, { batchSize }) {
      const kl = history.newest('objective/kl')
      // A mean of log ratios of mean k has about the variance 2k: over three updates it is below this in no healthy run.
      if (kl === null || kl >= -Math.max(0.02, 8 / (3 * batchSize))) return null
      return {
        text: `KL is ${figure(kl)} nats per answer. A distance cannot be negative: the answers were not drawn from the distribution that is measured, as happens with top-k, top-p or another temperature, or the two models are read differently.`,
        advice: null,
      }
    },
  },
  {
    id: 'kl-at-start',
    title: 'KL not 0 at the start',
    level: 'alarm',
    metrics: ['objective/kl'],
    find(history) {
      const first = history.first('objective/kl')
      if (!first || Math.abs(first.value) <= 1e-4) return null
      return {
        text: `The first KL is ${figure(first.value)}, before anything was learnt. Policy and reference are the same model then: it must be 0. One of them was loaded or read differently.`,
        advice: null,
      }
    },
  },
  {
    id: 'first-ratio',
    title: 'Ratio not 1 before learning',
    level: 'alarm',
    metrics: ['val/first_log_ratio'],
    find(history) {
      const worst = history.last('val/first_log_ratio')!.value
      if (worst <= 1e-4) return null
      return {
        text: `A token’s log ratio is ${figure(worst)} in the first minibatch, before anything was learnt; rounding makes less than 1e-4. The model does not read its answers as it wrote them.`,
        advice: null,
      }
    },
  },
  {
    id: 'ratio',
    title: 'Ratio far from 1',
    level: 'warning',
    metrics: ['val/ratio'],
    find(history, config) {
      const ratio = history.newest('val/ratio')
      const last = history.last('val/ratio')!.value
      const off = Math.max(ratio === null ? 0 : Math.abs(ratio - 1), Math.abs(last - 1) / 5)
      if (off <= 0.1) return null
      return {
        text: `New over old probability is ${figure(last)} on average; it should stay near 1. Each update moves the policy further than its answers can tell.`,
        advice: slower(config),
      }
    },
  },
  {
    id: 'kl-no-charge',
    title: 'Drifting freely',
    level: 'alarm',
    metrics: ['objective/kl'],
    find(history, { klCoef }) {
      const kl = history.newest('objective/kl')
      const length = history.newest('response/length') ?? Number.POSITIVE_INFINITY
      if (kl === null || klCoef > 0 || kl <= Math.min(FREE_KL, FREE_KL_PER_TOKEN * length)) return null
      return {
        text: `The KL coefficient β is 0: leaving the fine-tuned model costs nothing, and the KL has reached ${figure(kl)} nats per answer. What is gained out here may be what the reward overlooks.`,
        advice: { field: 'klCoef', value: 0.05 },
      }
    },
  },
  {
    id: 'kl-runaway',
    title: 'KL running away',
    level: 'alarm',
    metrics: ['objective/kl'],
    find(history, config) {
      const kl = history.newest('objective/kl')
      if (kl === null || config.klCoef === 0 || config.klTarget > 0 || kl <= RUNAWAY_KL) return null
      return {
        text: `KL has reached ${figure(kl)} nats per answer. At β = ${figure(config.klCoef)} that costs ${figure(config.klCoef * kl)} reward, too little to hold the policy near the fine-tuned model.`,
        advice: holdTighter(config),
      }
    },
  },
  {
    id: 'kl-above-target',
    title: 'KL far above its target',
    level: 'warning',
    metrics: ['objective/kl'],
    find(history, { klCoef, klTarget, klHorizon }) {
      const kl = history.newest('objective/kl', 5)
      if (kl === null || klTarget === 0 || kl <= 2 * klTarget) return null
      const now = history.last('objective/kl_coef')?.value ?? klCoef
      return {
        text: `KL is ${figure(kl)} nats per answer, its target ${figure(klTarget)}. β has reached ${figure(now)} and rises too slowly: it began too low, or its horizon of ${klHorizon} answers is too long.`,
        advice: { field: 'klCoef', value: Math.max(0.05, scaled(Math.max(now, klCoef), 2)) },
      }
    },
  },
]
