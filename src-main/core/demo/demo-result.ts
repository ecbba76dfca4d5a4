// A build's result as numbers: what each phase brought (shared/design.md §7 names the keys that checks read).
import { type Goal, goalsOf } from '../../../src-shared/build-report/goals.ts'
import type { BuildPhase } from '../../../src-shared/contract/build-contract.ts'
import type { Build } from '../database/queries/builds.ts'
import { type DemoEvaluate, evaluateResult } from './demo-evaluate.ts'
import { type DemoPpo, ppoResult } from './demo-ppo.ts'
import { type DemoPretrain, pretrainResult } from './demo-pretrain.ts'
import { type DemoReward, rewardResult } from './demo-reward.ts'
import { type DemoSft, sftResult } from './demo-sft.ts'
import { demoSteps } from './demo-steps.ts'
import type { DemoLab, DemoMade } from './step.ts'

export interface DemoResult {
  readonly build: string
  /** That the base was trained on; null where it could not be told. */
  readonly backend: string | null
  readonly seed: number
  readonly minutes: Readonly<Partial<Record<BuildPhase, number>>> & { readonly total: number }
  readonly pretrain: DemoPretrain
  readonly sft?: DemoSft
  readonly reward?: DemoReward
  readonly ppo?: DemoPpo
  readonly evaluate?: DemoEvaluate
  /** What RLHF was to bring, and whether it did. */
  readonly goals?: readonly Goal[]
  /** What each model says to the same prompts, greedily. */
  readonly said?: NonNullable<DemoMade['said']>
  /** The report's file. */
  readonly report?: string
}

/** @param build one whose steps are through, but for the report */
export async function demoResult(
  lab: DemoLab,
  { id, seed, phases, made, seconds }: Pick<Build, 'id' | 'seed' | 'phases' | 'made' | 'seconds'>,
): Promise<DemoResult> {
  const minutes: Partial<Record<BuildPhase, number>> & { total: number } = { total: 0 }
  for (const { name, phase } of demoSteps(phases)) {
    const spent = (seconds[name] ?? 0) / 60
    minutes[phase] = (minutes[phase] ?? 0) + spent
    minutes.total += spent
  }
  const report = made.evaluation
    ? await lab.handlers['evaluation.show']({ evaluation: made.evaluation })
    : undefined
  const ppo = made.ppoRun ? await ppoResult(lab, made.ppoRun) : undefined
  return {
    build: id,
    backend: made.backend ?? null,
    seed,
    minutes,
    pretrain: await pretrainResult(lab, made.pretrainRun!),
    ...(report && { sft: await sftResult(lab, made.sftRun!, made.asked!, report) }),
    ...(made.rewardRun && { reward: await rewardResult(lab, made.rewardRun) }),
    ...(ppo && { ppo }),
    ...(report && { evaluate: evaluateResult(report) }),
    ...(report && ppo && { goals: goalsOf({ ...report, kl: ppo.kl, klTarget: ppo.klTarget }) }),
    ...(made.said && { said: made.said }),
    ...(made.report && { report: made.report }),
  }
}
