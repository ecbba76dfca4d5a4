// Phase 4 of a build: the fine-tuned model answers, the reward model scores, PPO strengthens; the checkpoint that did best on
// held-out prompts is the one that is kept.
import { parsePpoConfig } from '../../../src-shared/config/ppo-config.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { PpoEvaluation } from '../../../src-shared/contract/ppo-contract.ts'
import { DOCTOR } from '../ppo/run-doctor.ts'
import { bestCheckpoint, lastCheckpoint, runResult } from './run-result.ts'
import type { DemoLab, DemoStep } from './step.ts'

export type DemoPpo = ReturnType<typeof runResult> & {
  /** Update of the checkpoint that was taken, and why that one. */
  readonly step: number
  readonly taken: string
  /** Mean nats per answer against the fine-tuned model, over held-out prompts at temperature 1. */
  readonly kl: number
  /** What β is steered to; null where it stays as it is. */
  readonly klTarget: number | null
  readonly klCoef: number
  /** Mean score of the reward model over held-out prompts, without the KL charge. */
  readonly reward: number
  readonly evaluations: readonly PpoEvaluation[]
  /** What the doctor said, as it first said it. */
  readonly doctor: readonly { readonly step: number; readonly text: string }[]
}

export const ppoSteps: readonly DemoStep[] = [
  {
    name: 'ppo',
    phase: 'ppo',
    title: 'Reinforcement learning',
    async work({ lab, seed, recipe, made, finish, remember }) {
      if (!made.ppoRun) {
        const checkpoint = (await lastCheckpoint(lab, made.rewardRun!)).id
        const { run } = await lab.handlers['ppo.start']({
          name: `Starter world ${seed} RLHF`,
          checkpoint: (await lastCheckpoint(lab, made.sftRun!)).id,
          prompts: { from: 'starter-world', world: seed, count: recipe.prompts, constructed: false },
          rewards: [{ kind: 'reward-model', checkpoint, weight: 1 }],
          config: parsePpoConfig({ ...recipe.ppo, seed }),
        })
        remember({ ppoRun: run })
      }
      await finish(made.ppoRun!)
    },
  },
]

export async function ppoResult(lab: DemoLab, run: string): Promise<DemoPpo> {
  const ended = await lab.handlers['runs.show']({ run })
  const checkpoint = await bestCheckpoint(lab, run)
  const evaluations = await lab.handlers['ppo.evaluations']({ run })
  const at = evaluations.find(({ step }) => step === checkpoint.step)
  if (!at)
    throw new LabError({
      code: 'damaged',
      what: `no held-out prompts were answered at update ${checkpoint.step}, whose checkpoint is the run's best`,
      where: run,
      fix: 'start a new build',
    })
  const { klTarget } = parsePpoConfig(ended.config)
  const events = await lab.handlers['runs.events']({ run })
  return {
    ...runResult(ended, checkpoint),
    step: checkpoint.step,
    taken: takenWords(checkpoint, ended.step, at),
    kl: at.kl,
    klTarget: klTarget > 0 ? klTarget : null,
    klCoef: ended.latest['objective/kl_coef']!,
    reward: at.score,
    evaluations,
    doctor: events.flatMap(({ kind, step, text }) => (kind === DOCTOR ? [{ step, text }] : [])),
  }
}

function takenWords(
  { best, step }: { readonly best: boolean; readonly step: number },
  last: number,
  { oracle }: PpoEvaluation,
): string {
  const which = step === last ? `the last, after update ${step}` : `after update ${step} of ${last}`
  return best && oracle
    ? `${which}: of facts, names of nobody and tasks that were held out, the one where it did worst against the fine-tuned model went best, by the starter world's oracle`
    : which
}
