// The starter world's short way to rankings: the model answers the world's prompts, a simulated labeler ranks the answers.
import { create } from 'zustand'
import { rewardPresets } from '../../../../../src-shared/config/reward-presets.ts'
import type { CheckpointSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { finishedJob } from '../../../finished-job.ts'
import { call } from '../../../lab.ts'
import { changeRecipe, useReward } from './recipe-store.ts'

/** Whether it is at work; the dock shows how far. It outlives switching tabs. */
export const useSimulation = create<{ busy: boolean }>(() => ({ busy: false }))

const preset = rewardPresets['starter-world']!
const preferences = preset.preferences!

/** A set that was begun here for this model, and was cut off before anybody ranked in it. */
export const begunSet = (
  sets: readonly PreferenceSet[],
  checkpoint: Pick<CheckpointSummary, 'id'>,
  world: number,
): PreferenceSet | undefined =>
  sets.find(
    ({ bench, removedAt, prompts, labelers }) =>
      removedAt === null &&
      bench?.world === world &&
      bench.checkpoint === checkpoint.id &&
      prompts === preferences.prompts &&
      labelers.length === 0,
  )

/**
 * Samples responses to the starter world's prompts and ranks them by the policy and noise of its preset.
 * @param begun goes on with this set instead of beginning one
 * @throws LabError of either job; what was sampled until then is kept, and gone on with the next time
 */
export async function simulateStarterRankings(
  checkpoint: Pick<CheckpointSummary, 'id'>,
  world: number,
  begun: Pick<PreferenceSet, 'id'> | undefined,
): Promise<void> {
  useSimulation.setState({ busy: true })
  try {
    const { set, job: sampling } = begun
      ? { set: begun.id, ...(await call('ranking.sample', { set: begun.id })) }
      : await call('ranking.create', benchOf(checkpoint, world))
    await finishedJob(sampling)
    const { noise } = preferences
    const { job: ranking } = await call('ranking.simulate', {
      set,
      policy: 'truth-then-style',
      noise,
      seed: world,
    })
    await finishedJob(ranking)
    if (Object.keys(useReward.getState().recipe.config).length === 0)
      changeRecipe({ config: { ...preset.config } })
  } finally {
    useSimulation.setState({ busy: false })
  }
}

/** As the demo of this world has it: the same answers. */
function benchOf({ id }: Pick<CheckpointSummary, 'id'>, world: number) {
  const { prompts, responses, temperature, maxTokens, constructed } = preferences
  return {
    name: `Starter world ${world}, simulated labeler`,
    checkpoint: id,
    prompts: { from: 'starter-world' as const, world, count: prompts, constructed },
    responses,
    sampling: { maxTokens, temperature, topK: 0, topP: 1, seed: world },
    repeatShare: 0,
  }
}
