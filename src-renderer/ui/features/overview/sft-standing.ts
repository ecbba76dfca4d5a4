// Where phase 2 stands, from what the core lists: pure, so that every state can be looked at.
import type { DemonstrationSet } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type {
  CheckpointSummary,
  CorpusSummary,
  RunSummary,
} from '../../../../src-shared/contract/lab-contract.ts'

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
  /** The fine-tuned model with the lowest validation loss. */
  readonly best: RunSummary | null
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
  const newest = (...status: RunSummary['status'][]) =>
    own
      .filter(run => status.includes(run.status))
      .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0] ?? null
  return {
    sets: kept.length,
    pairs: kept.reduce((sum, set) => sum + set.rows, 0),
    hasBase: bases.length > 0,
    starterBase:
      baseRun?.data.sources.some(
        source => corpora.find(corpus => corpus.id === source.corpus)?.kind === 'starter-world',
      ) ?? false,
    active: newest('running', 'queued'),
    waiting: newest('paused', 'interrupted'),
    best: own
      .filter(run => run.bestEvalLoss !== null)
      .reduce<RunSummary | null>((a, b) => (a && a.bestEvalLoss! <= b.bestEvalLoss! ? a : b), null),
  }
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
  if (!standing.hasBase && !standing.best) return 'train-base'
  if (standing.best) return 'chat'
  if (standing.pairs > 0) return 'start-run'
  return standing.starterBase ? 'take-starter-demonstrations' : 'add-demonstrations'
}
