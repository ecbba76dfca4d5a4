// Files that a person dropped or picked, made known to the core: the desktop grants their paths, a browser uploads them
// in pieces. Either way the answer is opaque file ids for `corpora.import`.
import { create } from 'zustand'
import { CHUNK_BYTES } from '../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import { call } from './lab.ts'

/** A file and the path it had inside what was dropped: `letters/1871/june.txt`. */
export interface GivenFile {
  readonly file: File
  readonly path: string
}

export interface Upload {
  readonly title: string
  readonly done: number
  readonly total: number
  readonly cancel: () => void
}
/** The upload in progress, for the job dock. */
export const useUpload = create<{ upload: Upload | null }>(() => ({ upload: null }))

/** @throws LabError `cancelled` when the person stopped the upload, or what the core answered */
export async function grantFiles(given: readonly GivenFile[]): Promise<string[]> {
  if (window.andromeda) return window.andromeda.grantFiles(given.map(({ file }) => file))
  const total = given.reduce((sum, { file }) => sum + file.size, 0)
  const title = given.length === 1 ? given[0]!.path : `${given.length} files`
  const abort = new AbortController()
  let done = 0
  const show = () => useUpload.setState({ upload: { title, done, total, cancel: () => abort.abort() } })
  show()
  try {
    const ids: string[] = []
    for (const { file, path } of given) {
      const { file: id } = await call('files.begin', { name: path, bytes: file.size })
      // One piece in flight: its answer is the acknowledgement that keeps memory flat.
      for (let offset = 0; offset < file.size; offset += CHUNK_BYTES) {
        if (abort.signal.aborted)
          throw new LabError({
            code: 'cancelled',
            what: 'the upload was cancelled',
            fix: 'drop the files again to import them',
          })
        const piece = await file.slice(offset, offset + CHUNK_BYTES).arrayBuffer()
        await call('files.write', { file: id, bytes: new Uint8Array(piece) })
        done += piece.byteLength
        show()
      }
      await call('files.end', { file: id })
      ids.push(id)
    }
    return ids
  } finally {
    useUpload.setState({ upload: null })
  }
}
