// What a rule of the doctor is, and what several rules need.
import type { PpoConfig } from '../config/ppo-config.ts'
import type { MetricName } from '../metrics/metrics.ts'
import type { MetricHistory } from './metric-history.ts'

export type RuleId =
  | 'kl-negative'
  | 'kl-at-start'
  | 'first-ratio'
  | 'ratio'
  | 'kl-no-charge'
  | 'kl-runaway'
  | 'kl-above-target'
  | 'one-answer'
  | 'reward-hacking'
  | 'no-signal'
  | 'end-tokens'
  | 'length'
  | 'entropy'
  | 'value-loss'

/** `alarm`: what the run makes is not to be trusted; `warning`: look at it. */
export type FindingLevel = 'warning' | 'alarm'

/** A field of ppoFields, and the value that the next run is worth trying with. */
export interface Advice {
  readonly field: keyof PpoConfig
  readonly value: number
}

export interface Diagnosis {
  /** What is seen, with its figures, and its likely cause, as sentences. */
  readonly text: string
  /** null = no setting mends it. */
  readonly advice: Advice | null
}

export interface DoctorRule {
  readonly id: RuleId
  /** Two to four words. */
  readonly title: string
  readonly level: FindingLevel
  /** It is asked when one of these comes. */
  readonly metrics: readonly MetricName[]
  /** What the newest values say; null = nothing is wrong, or it is too early to say. */
  readonly find: (history: MetricHistory, config: PpoConfig) => Diagnosis | null
}

/** Two figures, with a minus that is one. */
export function figure(value: number): string {
  const text = Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
  return text.replace(/^-/, '−')
}
export const percent = (share: number): string => `${Math.round(100 * share)}%`

/** A setting times a factor, as a round number. */
export const scaled = (value: number, by: number): number => Number((value * by).toPrecision(2))

/** The setting that lets the policy move less far from the fine-tuned model. */
export function holdTighter({ klCoef, klTarget }: PpoConfig): Advice {
  if (klTarget > 0) return { field: 'klTarget', value: scaled(klTarget, 0.5) }
  return { field: 'klCoef', value: klCoef > 0 ? scaled(klCoef, 2) : 0.05 }
}

export const slower = ({ learningRate }: PpoConfig): Advice => ({
  field: 'learningRate',
  value: scaled(learningRate, 0.5),
})

/** Four standard deviations of the difference of two means over three updates, of a share near `p`. */
export function shareNoise(p: number, { batchSize }: PpoConfig): number {
  const bounded = Math.min(0.95, Math.max(0.05, p))
  return 4 * Math.sqrt((2 * bounded * (1 - bounded)) / (3 * batchSize))
}
