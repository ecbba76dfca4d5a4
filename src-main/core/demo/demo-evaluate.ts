// The end of a build: every model that was made answers the same questions, which no phase and no choice of settings has seen.
import type { EvaluationReport } from '../../../src-shared/contract/evaluation-contract.ts'
import { findBest, findLast, lastCheckpoint } from './run-result.ts'
import type { DemoLab, DemoMade, DemoStep } from './step.ts'

/** Of the report of the same evaluation in the Evaluate tab. Records are by label: base, sft, rlhf. */
export type DemoEvaluate = Pick<
  EvaluationReport,
  | 'evaluation'
  | 'winRates'
  | 'winRatesByGroup'
  | 'tasks'
  | 'badStyle'
  | 'abstainsOnTasks'
  | 'truthfulness'
  | 'arithmetic'
>

const TEMPERATURES = [1, 0]

export const evaluationStep: DemoStep = {
  name: 'evaluation',
  phase: 'evaluate',
  title: 'Asking every model the same questions',
  async work({ lab, seed, recipe, made, job, remember }) {
    const known = await lab.handlers['evaluation.list']({})
    // One that was deleted since is made anew.
    if (made.evaluation && known.some(({ evaluation }) => evaluation === made.evaluation)) {
      await job((await lab.handlers['evaluation.resume']({ evaluation: made.evaluation })).job)
      return
    }
    for (const run of [made.pretrainRun, made.sftRun, made.ppoRun]) if (run) await lastCheckpoint(lab, run)
    const started = await lab.handlers['evaluation.start']({
      name: `Starter world ${seed}`,
      models: (await demoModels(lab, made)).map(({ label, checkpoint }) => ({ label, checkpoint })),
      prompts: { from: 'starter-world', seed, split: 'test' },
      temperatures: TEMPERATURES,
      judges: [{ by: 'oracle' }],
      seed,
      maxTokens: recipe.answerTokens,
    })
    remember({ evaluation: started.evaluation })
    await job(started.job)
  },
}

export interface DemoModel {
  readonly label: string
  readonly checkpoint: string
  readonly run: string
}

/** Those that write, in the order of the phases; what was removed since is left out. */
export async function demoModels(
  lab: DemoLab,
  { done, pretrainRun, sftRun, ppoRun }: DemoMade,
): Promise<DemoModel[]> {
  const found = [
    ['base', done.includes('pretrain') && (await findLast(lab, pretrainRun!))],
    ['sft', done.includes('sft') && (await findLast(lab, sftRun!))],
    ['rlhf', done.includes('ppo') && (await findBest(lab, ppoRun!))],
  ] as const
  return found.flatMap(([label, checkpoint]) =>
    checkpoint ? [{ label, checkpoint: checkpoint.id, run: checkpoint.run }] : [],
  )
}

export function evaluateResult({
  evaluation,
  winRates,
  winRatesByGroup,
  tasks,
  badStyle,
  abstainsOnTasks,
  truthfulness,
  arithmetic,
}: EvaluationReport): DemoEvaluate {
  return {
    evaluation,
    winRates,
    winRatesByGroup,
    tasks,
    badStyle,
    abstainsOnTasks,
    truthfulness,
    arithmetic,
  }
}
