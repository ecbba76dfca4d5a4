// Where a model comes from: the runs before it, first to last, and what each of them was given.
import type { CheckpointSummary, RunSummary } from '../../src-shared/contract/lab-contract.ts'

type Checkpoint = Pick<CheckpointSummary, 'id' | 'run'>

/** The run that a run started from; undefined = none, or no longer listed. */
function parentOf(
  { parentCheckpoint }: RunSummary,
  checkpoints: readonly Checkpoint[],
  runs: readonly RunSummary[],
): RunSummary | undefined {
  if (parentCheckpoint === null) return undefined
  const owner = checkpoints.find(each => each.id === parentCheckpoint)?.run
  // A checkpoint that was deleted since is known by its name alone, which begins with its run's.
  return runs.find(run => (owner ? run.id === owner : parentCheckpoint.startsWith(`${run.id}-`)))
}

/** The runs that a run descends from, the oldest first, itself last. */
export function descentOf(
  run: RunSummary,
  checkpoints: readonly Checkpoint[],
  runs: readonly RunSummary[],
): RunSummary[] {
  const descent = [run]
  for (
    let parent = parentOf(run, checkpoints, runs);
    parent && !descent.includes(parent);
    parent = parentOf(parent, checkpoints, runs)
  )
    descent.unshift(parent)
  return descent
}

/** Names of what a run was given: texts, or sets of demonstrations or preferences. */
export const dataNames = ({ data }: Pick<RunSummary, 'data'>): string[] => [
  ...data.sources.map(source => source.name),
  ...(data.demonstrations?.sets.map(set => set.name) ?? []),
  ...(data.preferences?.sets.map(set => set.name) ?? []),
]

/** `letters + stories`; many in short: `letters and 4 more`. */
export const dataTitle = (run: Pick<RunSummary, 'data'>): string => {
  const names = dataNames(run)
  return names.length > 3 ? `${names[0]} and ${names.length - 1} more` : names.join(' + ')
}
