// Files on their way to becoming rankings: made known to the core, looked at, then imported.
import * as v from 'valibot'
import { create } from 'zustand'
import { type LabErrorFacts, toFacts } from '../../../../../src-shared/contract/errors.ts'
import { preferenceImport } from '../../../../../src-shared/contract/preferences-contract.ts'
import type { LookedAt } from '../../../components/import-files.tsx'
import { toastError } from '../../../components/toast.tsx'
import { finishedJob } from '../../../finished-job.ts'
import { nameOfDrop } from '../../../frame/drop-walk.ts'
import { type GivenFile, grantFiles } from '../../../grant-files.ts'
import { call } from '../../../lab.ts'
import { chooseSet, usePreferences } from './preferences-store.ts'

interface ImportState {
  /** null = no import is being prepared. */
  readonly files: readonly LookedAt[] | null
  /** Names of the files that are still on their way. */
  readonly reading: string | null
  readonly name: string
  /** null = a new set. */
  readonly into: string | null
  readonly busy: boolean
  readonly error: LabErrorFacts | null
}
const idle: ImportState = { files: null, reading: null, name: '', into: null, busy: false, error: null }
export const useImport = create<ImportState>(() => idle)
const { getState, setState } = useImport

export const changeImport = (change: Partial<Pick<ImportState, 'name' | 'into'>>): void => setState(change)
export const closeImport = (): void => setState(idle)

/** `harmless-base` of `harmless-base.jsonl.gz`. */
export const nameOfFiles = (files: readonly { readonly path: string }[]): string =>
  nameOfDrop(files.map(({ path }) => ({ path: path.replace(/\.(gz|zst)$/i, '') })))
const ownName = (files: readonly LookedAt[]): string => nameOfFiles(files.map(({ name }) => ({ path: name })))

export const leaveOut = (file: string): void =>
  setState(now => {
    const before = now.files ?? []
    const files = before.filter(each => each.file !== file)
    // The name that the files gave goes on saying what they are.
    return { files, ...(now.name === ownName(before) ? { name: ownName(files) } : {}) }
  })

/** Opens the dialog over these files. */
export async function prepareImport(given: readonly GivenFile[]): Promise<void> {
  const title = given.length === 1 ? given[0]!.path : `${given.length} files`
  setState({ ...idle, files: [], reading: title, name: nameOfFiles(given) })
  try {
    const ids = await grantFiles(given)
    if (getState().reading !== title) return
    setState({ reading: null, files: ids.map((file, i) => ({ file, name: given[i]!.path })) })
  } catch (error) {
    closeImport()
    toastError(error)
  }
}

/** Imports what the dialog holds and opens the set that it became. */
export async function startImport(): Promise<void> {
  const { files, name, into, busy } = getState()
  if (!files || files.length === 0 || busy) return
  setState({ busy: true, error: null })
  try {
    const { job } = await call('preferences.import', {
      ...(into === null ? { name: name.trim() || undefined } : { into }),
      files: files.map(({ file }) => file),
    })
    setState(idle)
    void whenImported(job)
  } catch (error) {
    setState({ busy: false, error: toFacts(error) })
  }
}

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
