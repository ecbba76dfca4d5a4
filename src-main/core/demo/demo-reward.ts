// Phase 3 of a build: answers of the fine-tuned model ranked by simulated labelers, a reward model, and what it can judge.
import { parseRewardConfig } from '../../../src-shared/config/reward-config.ts'
import type { RewardReport, Verdict } from '../../../src-shared/contract/reward-contract.ts'
import { lastCheckpoint, runResult } from './run-result.ts'
import type { DemoLab, DemoStep } from './step.ts'

/** Shares are 0–1. */
export type DemoReward = ReturnType<typeof runResult> & {
  readonly prompts: { readonly train: number; readonly validation: number }
  readonly pairs: { readonly train: number; readonly validation: number }
  /** Pairs of held-out prompts, as the labelers turned them round or not. */
  readonly valAccuracy: number
  /** The same pairs as the labelers' policy has them, before their noise. */
  readonly cleanAccuracy: number
  /** A true answer over a false one, about facts that no later phase asks about, in phrasings that none uses. */
  readonly truthAccuracy: number
  /** What the labels' noise leaves: nobody can predict them better. */
  readonly ceiling: number
  readonly judges: Readonly<Record<string, number>>
  readonly verdict: Verdict['level']
  /** What it can judge, and what it cannot. */
  readonly summary: string
  readonly reasons: Verdict['reasons']
}

export const rewardSteps: readonly DemoStep[] = [
  {
    name: 'answers',
    phase: 'reward',
    title: 'Sampling answers to be ranked',
    async work({ lab, seed, recipe, made, job, remember }) {
      const { prompts, responses, temperature, maxTokens, constructed } = recipe.preferences
      if (made.preferences) {
        await job((await lab.handlers['ranking.sample']({ set: made.preferences })).job)
        return
      }
      const started = await lab.handlers['ranking.create']({
        name: `Starter world ${seed}`,
        checkpoint: (await lastCheckpoint(lab, made.sftRun!)).id,
        prompts: { from: 'starter-world', world: seed, count: prompts, constructed },
        responses,
        sampling: { temperature, topK: 0, topP: 1, maxTokens, seed },
        repeatShare: 0,
      })
      remember({ preferences: started.set })
      await job(started.job)
    },
  },
  {
    name: 'rankings',
    phase: 'reward',
    title: 'Ranking them by simulated labelers',
    async work({ lab, seed, recipe, made, job }) {
      const started = await lab.handlers['ranking.simulate']({
        set: made.preferences!,
        policy: 'truth-then-style',
        noise: recipe.preferences.noise,
        seed,
      })
      await job(started.job)
    },
  },
  {
    name: 'reward',
    phase: 'reward',
    title: 'Training the reward model',
    async work({ lab, seed, recipe, made, finish, remember }) {
      if (!made.rewardRun) {
        const { run } = await lab.handlers['reward.start']({
          name: `Starter world ${seed} reward`,
          checkpoint: (await lastCheckpoint(lab, made.sftRun!)).id,
          sets: [made.preferences!],
          config: parseRewardConfig({ ...recipe.reward, seed }),
        })
        remember({ rewardRun: run })
      }
      await finish(made.rewardRun!)
    },
  },
]

export const judgedStep: DemoStep = {
  name: 'judged',
  phase: 'evaluate',
  title: 'Finding out what the reward model can judge',
  async work({ lab, made, job }) {
    const { id } = await lastCheckpoint(lab, made.rewardRun!)
    // Where there are screens it is measured as soon as the run has ended.
    if ((await lab.handlers['reward.report']({ checkpoint: id })) === null)
      await job((await lab.handlers['reward.measure']({ checkpoint: id })).job)
  },
}

export async function rewardResult(lab: DemoLab, run: string): Promise<DemoReward> {
  const ended = await lab.handlers['runs.show']({ run })
  const checkpoint = await lastCheckpoint(lab, run)
  const report: RewardReport = (await lab.handlers['reward.report']({ checkpoint: checkpoint.id }))!
  const { prompts, pairs } = ended.data.preferences!
  const judges = Object.fromEntries(report.judges.map(({ kind, accuracy }) => [kind, accuracy.share]))
  return {
    ...runResult(ended, checkpoint),
    prompts,
    pairs,
    valAccuracy: report.validation.accuracy.share,
    cleanAccuracy: report.clean!.accuracy.share,
    truthAccuracy: judges['true-over-false']!,
    ceiling: report.agreement.ceiling!.share,
    judges,
    verdict: report.verdict.level,
    summary: report.verdict.summary,
    reasons: report.verdict.reasons,
  }
}
