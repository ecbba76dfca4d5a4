// The end of a build: every model that was made answers the same questions, which no phase and no choice of settings has seen.
import type { EvaluationReport } from '../../../src-shared/contract/evaluation-contract.ts'
import type { CheckpointSummary } from '../../../src-shared/contract/lab-contract.ts'
import { bestCheckpoint, lastCheckpoint } from './run-result.ts'
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
    if (made.evaluation) {
      await job((await lab.handlers['evaluation.resume']({ evaluation: made.evaluation })).job)
      return
    }
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

/** Those that write, in the order of the phases. */
export async function demoModels(
  lab: DemoLab,
  { done, pretrainRun, sftRun, ppoRun }: DemoMade,
): Promise<DemoModel[]> {
  const models: DemoModel[] = []
  const add = (label: string, { id: checkpoint, run }: CheckpointSummary) =>
    models.push({ label, checkpoint, run })
  if (done.includes('pretrain')) add('base', await lastCheckpoint(lab, pretrainRun!))
  if (done.includes('sft')) add('sft', await lastCheckpoint(lab, sftRun!))
  if (done.includes('ppo')) add('rlhf', await bestCheckpoint(lab, ppoRun!))
  return models
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
