// Paths that a person gave, files or folders, as the list of files to read.
import { type Dirent, readdirSync, statSync } from 'node:fs'
import { basename, extname, join, posix } from 'node:path'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { storageError } from '../workspace/storage-error.ts'
import { formatOf } from './formats.ts'
import type { ImportFile } from './import-files.ts'

export interface GivenPath {
  readonly path: string
  /** As the person knows it: `stories/a.txt` of a dropped folder. */
  readonly name: string
}

/**
 * The files behind `given`, folders walked in the order of their names. A file named itself is always listed; in
 * folders only readable formats are, and what is left out is counted in `notes`. A path that cannot be read is listed
 * with its fault, for the import to reject beside the others.
 * @throws LabError `not-found` or `bad-input` for the first such path when there is no file that can be read
 */
export function walk(given: readonly GivenPath[]): { files: ImportFile[]; notes: string[] } {
  const files: ImportFile[] = []
  let firstFault: LabError | null = null
  const unreadable = (at: GivenPath, error: LabError) => {
    firstFault ??= error
    files.push({ ...at, bytes: 0, fault: error.facts.what })
  }
  const leftOut = new Map<string, number>()
  const folder = (path: string, name: string) => {
    let entries: Dirent[]
    try {
      entries = readdirSync(path, { withFileTypes: true })
    } catch (error) {
      unreadable({ path, name }, pathError(error, path))
      return
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = { path: join(path, entry.name), name: posix.join(name, entry.name) }
      const skip = (kind: string) => leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1)
      if (entry.name.startsWith('.')) skip('hidden')
      else if (entry.isSymbolicLink()) skip('links')
      else if (entry.isDirectory()) folder(inside.path, inside.name)
      else if (!entry.isFile()) skip('special files')
      else if (!formatOf(entry.name)) skip(extname(entry.name).toLowerCase() || 'without extension')
      else file(inside)
    }
  }
  const file = ({ path, name }: GivenPath) => {
    try {
      const status = statSync(path)
      if (status.isFile()) files.push({ path, name, bytes: status.size })
      else unreadable({ path, name }, neitherFileNorFolder(path))
    } catch (error) {
      unreadable({ path, name }, pathError(error, path))
    }
  }
  for (const { path, name } of given) {
    let isFolder: boolean
    try {
      isFolder = statSync(path).isDirectory()
    } catch (error) {
      unreadable({ path, name }, pathError(error, path))
      continue
    }
    if (isFolder) folder(path, name)
    else file({ path, name })
  }
  if (firstFault && files.every(({ fault }) => fault !== undefined)) throw firstFault
  const notes =
    leftOut.size > 0
      ? [`left out in folders: ${[...leftOut].map(([kind, count]) => `${count} ${kind}`).join(', ')}`]
      : []
  return { files, notes }
}

const neitherFileNorFolder = (where: string) =>
  new LabError({
    code: 'bad-input',
    what: 'this is neither a file nor a folder',
    where,
    fix: 'choose files or folders with text',
  })

/** @throws the error itself when it is not the path's fault */
function pathError(error: unknown, path: string): LabError {
  const known = storageError(error, path)
  if (known instanceof LabError) return known
  throw known
}

/** The name of a corpus when the person gave none: its file's or folder's, or how many there are. */
export function nameOf(given: readonly GivenPath[]): string {
  const first = basename(given[0]?.name ?? 'corpus')
  const bare = formatOf(first) ? first.replace(/(\.[A-Za-z0-9]+)(\.(gz|zst))?$/i, '') : first
  const name = (bare || first).replace(/\p{Cc}/gu, ' ').slice(0, 80)
  return given.length > 1 ? `${name} and ${given.length - 1} more` : name
}
