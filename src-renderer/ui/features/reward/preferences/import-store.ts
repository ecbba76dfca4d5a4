// Files on their way to becoming rankings.
import * as v from 'valibot'
import { preferenceImport } from '../../../../../src-shared/contract/preferences-contract.ts'
import type { LookedAt } from '../../../components/import-files.tsx'
import { importStore } from '../../../components/import-store.ts'
import { toastError } from '../../../components/toast.tsx'
import { finishedJob } from '../../../finished-job.ts'
import { call } from '../../../lab.ts'
import { chooseSet, usePreferences } from './preferences-store.ts'

export const rankingsImport = importStore<LookedAt>(
  file => file,
  async (target, files) => {
    const { job } = await call('preferences.import', { ...target, files: files.map(({ file }) => file) })
    void whenImported(job)
  },
)
export const { useImport, prepareImport } = rankingsImport

/** Opens the set that a job makes and tells what was left out; a failure is told where jobs are told of. */
async function whenImported(job: string): Promise<void> {
  try {
    const lastImport = v.parse(preferenceImport, await finishedJob(job))
    chooseSet(lastImport.set)
    usePreferences.setState({ lastImport })
  } catch (error) {
    if (v.isValiError(error)) toastError(error)
  }
}
