// Files on their way to becoming demonstrations, with the columns that the person told.
import * as v from 'valibot'
import {
  type ColumnMapping,
  type DemonstrationImport,
  demonstrationImport,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { LookedAt } from '../../../components/import-files.tsx'
import { importStore } from '../../../components/import-store.ts'
import { toastError } from '../../../components/toast.tsx'
import { finishedJob } from '../../../finished-job.ts'
import { call } from '../../../lab.ts'
import { chooseSet, useDemonstrations } from './demonstrations-store.ts'

export interface ImportFile extends LookedAt {
  /** The person's; null = as the core guesses. */
  readonly mapping: ColumnMapping | null
}

export const demonstrationsImport = importStore<ImportFile>(
  file => ({ ...file, mapping: null }),
  async (target, files) => {
    const { job } = await call('demonstrations.import', {
      ...target,
      files: files.map(({ file, mapping }) => ({ file, ...(mapping ? { mapping } : {}) })),
    })
    void whenImported(job)
  },
)
export const { useImport, prepareImport } = demonstrationsImport

export const setMapping = (file: string, mapping: ColumnMapping): void =>
  useImport.setState(now => ({
    files: now.files?.map(each => (each.file === file ? { ...each, mapping } : each)) ?? null,
  }))

/** Opens the set that a job makes and tells what was left out; a failure is told where jobs are told of. */
async function whenImported(job: string): Promise<void> {
  const lastImport = await showMade(job)
  if (lastImport) useDemonstrations.setState({ lastImport })
}

/** Opens the set that a job makes. @returns what it took; undefined where it failed */
export async function showMade(job: string): Promise<DemonstrationImport | undefined> {
  try {
    const made = v.parse(demonstrationImport, await finishedJob(job))
    chooseSet(made.set)
    return made
  } catch (error) {
    if (v.isValiError(error)) toastError(error)
  }
}
