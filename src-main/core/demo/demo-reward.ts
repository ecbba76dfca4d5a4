// The demo's phase 3: answers of the fine-tuned model ranked by simulated labelers, a reward model, and what it can judge.
import { parseRewardConfig } from '../../../src-shared/config/reward-config.ts'
import { rewardPresets } from '../../../src-shared/config/reward-presets.ts'
import type { RewardReport, Verdict } from '../../../src-shared/contract/reward-contract.ts'
import type { Lab } from '../lab.ts'
import { finished, type Narrate, runResult } from './demo-run.ts'

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

/** @throws LabError when the run did not finish */
export async function rewardDemo(
  lab: Lab,
  seed: number,
  parent: string,
  narrate: Narrate,
): Promise<{ evaluate(): Promise<DemoReward> }> {
  const preset = rewardPresets['starter-world']!
  const { prompts, responses, temperature, maxTokens, constructed, noise } = preset.preferences!
  const config = parseRewardConfig({ ...preset.config, seed })

  narrate(`Sampling ${responses} answers to each of ${prompts.toLocaleString('en-US')} prompts`)
  const { set, job: sampling } = await lab.handlers['ranking.create']({
    name: `Starter world ${seed}`,
    checkpoint: parent,
    prompts: { from: 'starter-world', world: seed, count: prompts, constructed },
    responses,
    sampling: { temperature, topK: 0, topP: 1, maxTokens, seed },
    repeatShare: 0,
  })
  await lab.waitForJob(sampling)

  narrate(`Ranking them by simulated labelers, who err in ${100 * noise} % of pairs`)
  const { job: labelling } = await lab.handlers['ranking.simulate']({
    set,
    policy: 'truth-then-style',
    noise,
    seed,
  })
  await lab.waitForJob(labelling)

  const { run } = await lab.handlers['reward.start']({
    name: `Starter world ${seed} reward`,
    checkpoint: parent,
    sets: [set],
    config,
  })
  narrate(`Training the reward model for ${(await lab.handlers['runs.show']({ run })).steps} steps`)
  const { ended, checkpoint } = await finished(lab, run)

  async function evaluate(): Promise<DemoReward> {
    narrate('Finding out what the reward model can judge')
    const { job } = await lab.handlers['reward.measure']({ checkpoint: checkpoint.id })
    const report = await lab.waitForJob<RewardReport>(job)
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
  return { evaluate }
}
