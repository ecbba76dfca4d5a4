// Where phase 4 stands, from what the core lists: pure, so that every state can be looked at.
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { underWayOf } from '../../run-status.ts'

export interface PpoStanding {
  readonly hasTuned: boolean
  readonly hasReward: boolean
  readonly active: RunSummary | null
  /** Paused or interrupted: can go on. */
  readonly waiting: RunSummary | null
  /** The newest run that left a model: rewards of different runs cannot be compared. */
  readonly model: RunSummary | null
}

export function summarisePpo(
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): PpoStanding {
  const own = runs.filter(run => run.removedAt === null && run.phase === 'ppo')
  const verified = checkpoints.filter(({ status }) => status === 'verified')
  const made = own
    .filter(({ id, status }) => status !== 'failed' && verified.some(({ run }) => run === id))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  return {
    hasTuned: verified.some(({ phase }) => phase === 'sft'),
    hasReward: verified.some(({ phase }) => phase === 'reward'),
    ...underWayOf(own),
    model: made[0] ?? null,
  }
}

export type PpoStep = 'fine-tune' | 'train-reward' | 'start-run' | 'watch-run' | 'resume-run' | 'chat'

/** The one thing to do next in phase 4. */
export function nextPpoStep({ active, waiting, model, hasTuned, hasReward }: PpoStanding): PpoStep {
  if (active) return 'watch-run'
  if (waiting) return 'resume-run'
  if (model) return 'chat'
  if (!hasTuned) return 'fine-tune'
  return hasReward ? 'start-run' : 'train-reward'
}
