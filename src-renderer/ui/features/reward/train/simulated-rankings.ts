// The starter world's short way to rankings: the model answers the world's prompts, a simulated labeler ranks the answers.
import { create } from 'zustand'
import { rewardPresets } from '../../../../../src-shared/config/reward-presets.ts'
import type {
  CheckpointSummary,
  CorpusSummary,
  RunSummary,
} from '../../../../../src-shared/contract/lab-contract.ts'
import { finishedJob } from '../../../finished-job.ts'
import { call } from '../../../lab.ts'
import { descentOf } from '../../../run-descent.ts'
import { starterSeed } from '../../../starter-world.ts'

/** The job at work, for the place that started it; it outlives switching tabs. */
export const useSimulation = create<{ job: string | null; busy: boolean }>(() => ({ job: null, busy: false }))

/** Seed of the starter world that a model has read about; null = it knows none. */
export function worldOf(
  checkpoint: Pick<CheckpointSummary, 'run'>,
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
  corpora: readonly CorpusSummary[],
): number | null {
  const own = runs.find(run => run.id === checkpoint.run)
  if (!own) return null
  const read = descentOf(own, checkpoints, runs).flatMap(run => run.data.sources.map(source => source.corpus))
  const worlds = corpora.filter(corpus => corpus.kind === 'starter-world' && read.includes(corpus.id))
  return worlds.length > 0 ? starterSeed(worlds) : null
}

/** Of the answers that are sampled, and of the labels that are turned round. */
const SEED = 1
/** Answers of the starter world are a sentence or two. */
const MAX_TOKENS = 48

/**
 * Samples responses to the starter world's prompts and ranks them by the policy and noise of its preset.
 * @returns the set
 * @throws LabError of either job; what was sampled until then is kept, and can be gone on with
 */
export async function simulateStarterRankings(
  checkpoint: Pick<CheckpointSummary, 'id'>,
  world: number,
): Promise<string> {
  const { prompts, responses, temperature, constructed, noise } = rewardPresets['starter-world']!.preferences!
  useSimulation.setState({ busy: true })
  try {
    const { set, job: sampling } = await call('ranking.create', {
      name: `Starter world ${world}, simulated labeler`,
      checkpoint: checkpoint.id,
      prompts: { from: 'starter-world', world, count: prompts, constructed },
      responses,
      sampling: { maxTokens: MAX_TOKENS, temperature, topK: 0, topP: 1, seed: SEED },
    })
    useSimulation.setState({ job: sampling })
    await finishedJob(sampling)
    const { job: ranking } = await call('ranking.simulate', {
      set,
      policy: 'truth-then-style',
      noise,
      seed: SEED,
    })
    useSimulation.setState({ job: ranking })
    await finishedJob(ranking)
    return set
  } finally {
    useSimulation.setState({ busy: false, job: null })
  }
}
