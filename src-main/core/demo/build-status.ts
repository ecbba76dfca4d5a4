// A build as the screens show it: what is through, what is under way, and how long the rest will take.
import type { BuildPhase, BuildStatus } from '../../../src-shared/contract/build-contract.ts'
import type { Build } from '../database/queries/builds.ts'
import { demoModels } from './demo-evaluate.ts'
import { demoSteps } from './demo-steps.ts'
import { goneModels } from './gone-models.ts'
import { demoRecipes } from './recipes.ts'
import type { DemoLab, DemoMade, StepName } from './step.ts'

export interface Underway {
  readonly build: string
  readonly step: { readonly name: StepName; readonly done: number; readonly sinceMs: number } | null
}

/** Share of a build after which its own pace says more than what was expected. */
const KNOWN_PACE = 0.05

/** @param slowness expected seconds here for a second of the recipe's */
export async function buildStatus(
  lab: DemoLab,
  { id, seed, size, createdAt, phases, state, made, seconds, error }: Build,
  underWay: Underway | null,
  slowness: number,
): Promise<BuildStatus> {
  const weights = demoRecipes[size].seconds
  const steps = demoSteps(phases).map(({ name, phase, title }) => {
    const isDone = made.done.includes(name)
    const active = !isDone && underWay?.step?.name === name ? underWay.step : null
    const spent = (seconds[name] ?? 0) + (active ? (performance.now() - active.sinceMs) / 1000 : 0)
    const done = isDone ? 1 : (active?.done ?? 0)
    return { name, phase, title, weight: weights[name], spent, done, isActive: active !== null }
  })
  const weightOf = (of: typeof steps) => of.reduce((sum, { weight }) => sum + weight, 0)
  const throughOf = (of: typeof steps) => of.reduce((sum, { weight, done }) => sum + weight * done, 0)
  const spentOf = (of: typeof steps) => of.reduce((sum, { spent }) => sum + spent, 0)
  const through = throughOf(steps)
  const pace = through / weightOf(steps) > KNOWN_PACE ? spentOf(steps) / through : slowness
  const progressOf = (of: typeof steps) => ({
    done: throughOf(of) / weightOf(of),
    seconds: spentOf(of),
    etaSeconds: state === 'running' ? (weightOf(of) - throughOf(of)) * pace : null,
  })
  return {
    build: id,
    seed,
    size,
    createdAt,
    state,
    ...progressOf(steps),
    phases: [...Map.groupBy(steps, ({ phase }) => phase)].map(([phase, of]) => ({
      phase,
      ...progressOf(of),
      steps: of.map(({ name, title, done, isActive }) => ({
        step: name,
        title,
        state: done === 1 && made.done.includes(name) ? 'done' : isActive ? 'active' : 'waiting',
        done,
      })),
    })),
    run: runUnderWay(made, steps.find(({ done }) => done < 1)?.phase),
    models: await demoModels(lab, made),
    gone: state === 'paused' || state === 'failed' ? await goneModels(lab, made) : null,
    evaluation: made.evaluation ?? null,
    report: made.report ?? null,
    error,
  }
}

const runUnderWay = (
  { pretrainRun, sftRun, rewardRun, ppoRun }: DemoMade,
  phase: BuildPhase | undefined,
): string | null => {
  const runs = { pretrain: pretrainRun, sft: sftRun, reward: rewardRun, ppo: ppoRun, evaluate: undefined }
  return (phase && runs[phase]) ?? null
}
