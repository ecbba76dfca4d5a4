// A rule of the verdict looks at what was measured and gives at most one reason.
import type { RewardReport, Verdict } from '../contract/reward-contract.ts'

export type Level = Verdict['level']
export type Reason = Verdict['reasons'][number]
export type Measured = Omit<RewardReport, 'verdict'>

/** @param trainPrompts that the run was trained on, whether or not all were scored */
export type Rule = (measured: Measured, trainPrompts: number) => Reason | null
