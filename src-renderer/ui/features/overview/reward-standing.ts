// Where phase 3 stands, from what the core lists: pure, so that every state can be looked at.
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import type { PreferenceSet } from '../../../../src-shared/contract/preferences-contract.ts'
import { underWayOf } from '../../run-status.ts'

export interface RewardStanding {
  /** Prompts with a ranking, in all sets. */
  readonly ranked: number
  /** Comparisons that these make. */
  readonly pairs: number
  /** All labels are of simulated labelers. */
  readonly simulated: boolean
  readonly hasTuned: boolean
  /** Set of which responses wait to be ranked. */
  readonly begun: string | null
  readonly active: RunSummary | null
  /** Paused or interrupted: can go on. */
  readonly waiting: RunSummary | null
  /** The newest run that left a model: accuracies on different prompts cannot be compared. */
  readonly model: RunSummary | null
}

export function summariseReward(
  sets: readonly PreferenceSet[],
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): RewardStanding {
  const kept = sets.filter(set => set.removedAt === null)
  const own = runs.filter(run => run.removedAt === null && run.phase === 'reward')
  const verified = checkpoints.filter(({ status }) => status === 'verified')
  const labelers = kept.flatMap(set => set.labelers)
  const made = own
    .filter(({ id, status }) => status !== 'failed' && verified.some(({ run }) => run === id))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  return {
    ranked: kept.reduce((sum, set) => sum + set.ranked, 0),
    pairs: kept.reduce((sum, set) => sum + set.pairs, 0),
    simulated: labelers.length > 0 && labelers.every(({ simulation }) => simulation !== null),
    hasTuned: verified.some(({ phase }) => phase === 'sft'),
    begun:
      kept.find(
        ({ kind, sampled, ranked, skipped, allBad }) =>
          kind === 'bench' && ranked + skipped + allBad < sampled,
      )?.id ?? null,
    ...underWayOf(own),
    model: made[0] ?? null,
  }
}

export type RewardStep =
  | 'fine-tune'
  | 'rank'
  | 'go-on-ranking'
  | 'start-run'
  | 'watch-run'
  | 'resume-run'
  | 'read-verdict'

/** The one thing to do next in phase 3. */
export function nextRewardStep(standing: RewardStanding): RewardStep {
  if (standing.active) return 'watch-run'
  if (standing.waiting) return 'resume-run'
  if (standing.model) return 'read-verdict'
  if (!standing.hasTuned) return 'fine-tune'
  if (standing.pairs > 0) return 'start-run'
  return standing.begun ? 'go-on-ranking' : 'rank'
}
