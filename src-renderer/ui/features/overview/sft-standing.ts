// Where phase 2 stands, from what the core lists: pure, so that every state can be looked at.
import type { DemonstrationSet } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type {
  CheckpointSummary,
  CorpusSummary,
  RunSummary,
} from '../../../../src-shared/contract/lab-contract.ts'
import { underWayOf } from '../../run-status.ts'

export interface SftStanding {
  readonly sets: number
  /** Pairs of prompt and response in all sets. */
  readonly pairs: number
  readonly hasBase: boolean
  /** The newest base was trained on the starter world, which has demonstrations of its own. */
  readonly starterBase: boolean
  readonly active: RunSummary | null
  /** Paused or interrupted: can go on. */
  readonly waiting: RunSummary | null
  /** The newest fine-tuned model: losses on different validation rows cannot be compared. */
  readonly model: RunSummary | null
}

export function summariseSft(
  sets: readonly DemonstrationSet[],
  corpora: readonly CorpusSummary[],
  checkpoints: readonly CheckpointSummary[],
  runs: readonly RunSummary[],
): SftStanding {
  const kept = sets.filter(set => set.removedAt === null)
  const own = runs.filter(run => run.removedAt === null && run.phase === 'sft')
  const bases = checkpoints
    .filter(checkpoint => checkpoint.phase === 'pretrain' && checkpoint.status === 'verified')
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  const baseRun = runs.find(run => run.id === bases[0]?.run)
  return {
    sets: kept.length,
    pairs: kept.reduce((sum, set) => sum + set.rows, 0),
    hasBase: bases.length > 0,
    starterBase:
      baseRun?.data.sources.some(
        source => corpora.find(corpus => corpus.id === source.corpus)?.kind === 'starter-world',
      ) ?? false,
    ...underWayOf(own),
    model: newestModel(own, checkpoints),
  }
}

/** A run that is stopped keeps its model too. */
function newestModel(
  runs: readonly RunSummary[],
  checkpoints: readonly CheckpointSummary[],
): RunSummary | null {
  const made = new Map(
    runs.filter(({ status }) => status === 'finished' || status === 'stopped').map(run => [run.id, run]),
  )
  const [newest] = checkpoints
    .filter(({ run, status }) => status === 'verified' && made.has(run))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  return (newest && made.get(newest.run)) ?? null
}

export type SftStep =
  | 'train-base'
  | 'add-demonstrations'
  | 'take-starter-demonstrations'
  | 'start-run'
  | 'watch-run'
  | 'resume-run'
  | 'chat'

/** The one thing to do next in phase 2. */
export function nextSftStep(standing: SftStanding): SftStep {
  if (standing.active) return 'watch-run'
  if (standing.waiting) return 'resume-run'
  if (!standing.hasBase && !standing.model) return 'train-base'
  if (standing.model) return 'chat'
  if (standing.pairs > 0) return 'start-run'
  return standing.starterBase ? 'take-starter-demonstrations' : 'add-demonstrations'
}
