// Files on their way to becoming a set: made known to the core, looked at in a dialog, then imported.
import { create } from 'zustand'
import { type LabErrorFacts, toFacts } from '../../../src-shared/contract/errors.ts'
import { nameOfDrop } from '../frame/drop-walk.ts'
import { type GivenFile, grantFiles } from '../grant-files.ts'
import type { LookedAt } from './import-files.tsx'
import { toastError } from './toast.tsx'

export interface ImportState<F extends LookedAt> {
  /** null = no import is being prepared. */
  readonly files: readonly F[] | null
  /** Names of the files that are still on their way. */
  readonly reading: string | null
  readonly name: string
  /** null = a new set. */
  readonly into: string | null
  readonly busy: boolean
  readonly error: LabErrorFacts | null
}
const idle = { files: null, reading: null, name: '', into: null, busy: false, error: null }

/** `harmless-base` of `harmless-base.jsonl.gz`. */
export const nameOfFiles = (files: readonly { readonly path: string }[]): string =>
  nameOfDrop(files.map(({ path }) => ({ path: path.replace(/\.(gz|zst)$/i, '') })))
const ownName = (files: readonly LookedAt[]): string => nameOfFiles(files.map(({ name }) => ({ path: name })))

/** A set that is there, or the name of a new one; undefined = chosen by the core. */
type Target = { readonly into: string } | { readonly name: string | undefined }

export type ImportStore<F extends LookedAt> = ReturnType<typeof importStore<F>>

/**
 * @param lookAt a file as the dialog holds it
 * @param begin starts the import; what it throws stands in the dialog
 */
export function importStore<F extends LookedAt>(
  lookAt: (file: LookedAt) => F,
  begin: (target: Target, files: readonly F[]) => Promise<void>,
) {
  const useImport = create<ImportState<F>>(() => idle)
  const { getState, setState } = useImport
  const closeImport = (): void => setState(idle)
  return {
    useImport,
    closeImport,
    changeImport: (change: Partial<Pick<ImportState<F>, 'name' | 'into'>>): void => setState(change),

    leaveOut: (file: string): void =>
      setState(now => {
        const before = now.files ?? []
        const files = before.filter(each => each.file !== file)
        // The name that the files gave goes on saying what they are.
        return { files, ...(now.name === ownName(before) ? { name: ownName(files) } : {}) }
      }),

    /** Opens the dialog over these files. */
    async prepareImport(given: readonly GivenFile[], into: string | null = null): Promise<void> {
      const title = given.length === 1 ? given[0]!.path : `${given.length} files`
      setState({ ...idle, files: [], reading: title, name: nameOfFiles(given), into })
      try {
        const ids = await grantFiles(given)
        if (getState().reading !== title) return
        setState({
          reading: null,
          files: ids.map((file, i) => lookAt({ file, name: given[i]!.path })),
        })
      } catch (error) {
        closeImport()
        toastError(error)
      }
    },

    /** Imports what the dialog holds. */
    async startImport(): Promise<void> {
      const { files, name, into, busy } = getState()
      if (!files || files.length === 0 || busy) return
      setState({ busy: true, error: null })
      try {
        await begin(into === null ? { name: name.trim() || undefined } : { into }, files)
        setState(idle)
      } catch (error) {
        setState({ busy: false, error: toFacts(error) })
      }
    },
  }
}
