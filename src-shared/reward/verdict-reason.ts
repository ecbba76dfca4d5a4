// A rule of the verdict looks at what was measured and gives at most one reason.
import type { RewardReport, Verdict } from '../contract/reward-contract.ts'

export type Level = Verdict['level']
export type Reason = Verdict['reasons'][number]
export type Measured = Omit<RewardReport, 'verdict'>

/** What the verdict looks at beside the report. */
export interface Circumstances {
  /** Prompts that the weights were trained on, whether or not all were scored. */
  readonly trainPrompts: { readonly distinct: number; readonly all: number }
  /** Rank correlation of the labels themselves with length, as the report has it of scores. */
  readonly labelsWithLength: number
  /** The same of what simulated labelers meant before their noise, which a model may learn in spite of it. */
  readonly labelsBeforeNoise: number
  /** What is to be matched of simulated labels by what is matched of them before their noise; null = nobody simulated. */
  readonly noisyFromClean: { readonly expected: number; readonly error: number } | null
}

export type Rule = (measured: Measured, circumstances: Circumstances) => Reason | null
