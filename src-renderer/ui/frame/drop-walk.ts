// What lies inside a drop: files and whole folders, walked depth first in name order, each file with its relative path.
import type { GivenFile } from '../grant-files.ts'

/** The part of the File and Directory Entries API that the walk uses. */
export interface DroppedEntry {
  readonly isFile: boolean
  readonly name: string
  readonly fullPath: string
}
interface FileEntry extends DroppedEntry {
  file(resolve: (file: File) => void, reject: (error: unknown) => void): void
}
interface FolderEntry extends DroppedEntry {
  createReader(): {
    readEntries(resolve: (entries: DroppedEntry[]) => void, reject: (error: unknown) => void): void
  }
}

/** Hidden files (`.DS_Store`, `.git/`) are no one's corpus. */
const hidden = (entry: DroppedEntry): boolean => entry.name.startsWith('.')

export async function walkEntries(entries: readonly DroppedEntry[]): Promise<GivenFile[]> {
  const found: GivenFile[] = []
  for (const entry of entries) {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileEntry).file(resolve, reject))
      found.push({ file, path: entry.fullPath.replace(/^\//, '') })
    } else {
      const inside = await readFolder(entry as FolderEntry)
      const listed = inside
        .filter(each => !hidden(each))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      found.push(...(await walkEntries(listed)))
    }
  }
  return found
}

/** `readEntries` gives at most 100 entries a call, and an empty list at the end. */
async function readFolder(folder: FolderEntry): Promise<DroppedEntry[]> {
  const reader = folder.createReader()
  const all: DroppedEntry[] = []
  for (;;) {
    const some = await new Promise<DroppedEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}

/** The files of a drop. All is taken before the first await: the list is emptied when the handler returns. */
export async function filesOfDrop(transfer: Pick<DataTransfer, 'items'>): Promise<GivenFile[]> {
  const dropped = [...transfer.items]
    .filter(item => item.kind === 'file')
    // What a page or a test put into a drag itself has no entry in a file system.
    .map(item => item.webkitGetAsEntry() ?? item.getAsFile())
  const found = dropped.map(async (each): Promise<GivenFile[]> => {
    if (each === null) return []
    return each instanceof File ? [{ file: each, path: each.name }] : walkEntries([each])
  })
  return (await Promise.all(found)).flat()
}

/** The name of a corpus made from a drop: the folder they share, else the only file, else how many there are. */
export function nameOfDrop(given: readonly Pick<GivenFile, 'path'>[]): string {
  const folders = new Set(given.map(({ path }) => (path.includes('/') ? path.split('/')[0]! : '')))
  const [folder] = folders
  const raw =
    folders.size === 1 && folder
      ? folder
      : given.length === 1
        ? given[0]!.path.replace(/\.[^./]+$/, '')
        : `${given.length} files`
  return (
    raw
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 120) || 'Dropped text'
  )
}
