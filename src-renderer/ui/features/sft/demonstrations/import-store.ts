// Files on their way to becoming demonstrations: made known to the core, looked at, mapped, then imported.
import * as v from 'valibot'
import { create } from 'zustand'
import {
  type ColumnMapping,
  type DemonstrationImport,
  demonstrationImport,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { type LabErrorFacts, toFacts } from '../../../../../src-shared/contract/errors.ts'
import { toastError } from '../../../components/toast.tsx'
import { finishedJob } from '../../../finished-job.ts'
import { nameOfDrop } from '../../../frame/drop-walk.ts'
import { type GivenFile, grantFiles } from '../../../grant-files.ts'
import { call } from '../../../lab.ts'
import { chooseSet, useDemonstrations } from './demonstrations-store.ts'

/** A file that the core knows. */
export interface ImportFile {
  readonly file: string
  readonly name: string
  /** The person's; null = as the core guesses. */
  readonly mapping: ColumnMapping | null
}
interface ImportState {
  /** null = no import is being prepared. */
  readonly files: readonly ImportFile[] | null
  /** Names of the files that are still on their way. */
  readonly reading: string | null
  readonly name: string
  /** null = a new set. */
  readonly into: string | null
  readonly busy: boolean
  readonly error: LabErrorFacts | null
}
const idle: ImportState = {
  files: null,
  reading: null,
  name: '',
  into: null,
  busy: false,
  error: null,
}
export const useImport = create<ImportState>(() => idle)
const { getState, setState } = useImport

export const changeImport = (change: Partial<Pick<ImportState, 'name' | 'into'>>): void => setState(change)
export const setMapping = (file: string, mapping: ColumnMapping): void =>
  setState(now => ({
    files: now.files?.map(each => (each.file === file ? { ...each, mapping } : each)) ?? null,
  }))
export const leaveOut = (file: string): void =>
  setState(now => {
    const before = now.files ?? []
    const files = before.filter(each => each.file !== file)
    // The name that the files gave goes on saying what they are.
    return { files, ...(now.name === ownName(before) ? { name: ownName(files) } : {}) }
  })
const ownName = (files: readonly ImportFile[]): string =>
  nameOfDrop(files.map(({ name }) => ({ path: name })))
export const closeImport = (): void => setState(idle)

/** Opens the dialog over these files. */
export async function prepareImport(given: readonly GivenFile[], into: string | null = null): Promise<void> {
  const title = given.length === 1 ? given[0]!.path : `${given.length} files`
  setState({ ...idle, files: [], reading: title, name: nameOfDrop(given) ?? '', into })
  try {
    const ids = await grantFiles(given)
    if (getState().reading !== title) return
    setState({
      reading: null,
      files: ids.map((file, i) => ({ file, name: given[i]!.path, mapping: null })),
    })
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
    const { job } = await call('demonstrations.import', {
      ...(into === null ? { name: name.trim() || undefined } : { into }),
      files: files.map(({ file, mapping }) => ({ file, ...(mapping ? { mapping } : {}) })),
    })
    setState(idle)
    void whenImported(job)
  } catch (error) {
    setState({ busy: false, error: toFacts(error) })
  }
}

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
