// What can be done to a run from several places of this tab.
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { visible } from '../../components/plain-text.tsx'
import { toastError, toastUndo } from '../../components/toast.tsx'
import { call } from '../../lab.ts'

/** Removes at once and offers to take it back; a running one is refused by the core with its reason. */
export async function removeRun(run: RunSummary): Promise<boolean> {
  try {
    await call('runs.remove', { run: run.id })
    toastUndo(`Removed "${visible(run.name)}"`, () => call('runs.restore', { run: run.id }))
    return true
  } catch (error) {
    toastError(error)
    return false
  }
}

export const isGoing = (run: RunSummary): boolean => run.status === 'running' || run.status === 'queued'
export const canResume = (run: RunSummary): boolean => run.status === 'paused' || run.status === 'interrupted'
