// What can be done to runs from several places of this tab.
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { visible } from '../../components/plain-text.tsx'
import { toastError, toastUndo } from '../../components/toast.tsx'
import { formatCounted } from '../../format.ts'
import { call } from '../../lab.ts'

/**
 * Removes at once and offers to take all of it back; a running one is refused by the core with its reason.
 * @returns the runs that are gone
 */
export async function removeRuns(runs: readonly RunSummary[]): Promise<readonly RunSummary[]> {
  const tried = await Promise.allSettled(runs.map(run => call('runs.remove', { run: run.id })))
  for (const outcome of tried) if (outcome.status === 'rejected') toastError(outcome.reason)
  const removed = runs.filter((_, i) => tried[i]!.status === 'fulfilled')
  if (removed.length > 0)
    toastUndo(
      `Removed ${removed.length === 1 ? `"${visible(removed[0]!.name)}"` : formatCounted(removed.length, 'run')}. Under "Removed" it stays at hand.`,
      () => restoreRuns(removed),
    )
  return removed
}

/** @throws LabError of the first one that could not be restored, after all were tried */
export async function restoreRuns(runs: readonly RunSummary[]): Promise<void> {
  const tried = await Promise.allSettled(runs.map(run => call('runs.restore', { run: run.id })))
  const failed = tried.find(outcome => outcome.status === 'rejected')
  if (failed) throw failed.reason
}
