// A workspace: the folder that holds everything a person makes. One process owns it at a time.
import { mkdirSync, statfsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, posix, resolve, win32 } from 'node:path'
import { type Db, openDatabase } from '../database/open.ts'
import { type HostKind, takeLock } from './lock.ts'
import { keepReserve } from './reserve.ts'
import { onDisk } from './storage-error.ts'

const folders = ['corpora', 'tokenizers', 'datasets', 'checkpoints', 'exports', 'uploads'] as const
export type WorkspaceFolder = (typeof folders)[number]

export interface Workspace {
  /** Absolute. */
  readonly path: string
  readonly host: HostKind
  readonly db: Db
  /** What start-up found and did, in sentences; parts of the core add theirs. */
  readonly notes: string[]
  /** Of the last week's starts: what had to be done to the database itself. */
  readonly earlierNotes: readonly string[]
  /** Absolute path of a folder of the workspace; it exists. */
  folder(name: WorkspaceFolder): string
  /** Bytes that this person may still write to the disk. */
  freeBytes(): number
  /** Closes the database and gives the workspace back. May be called twice. */
  close(): void
}

/** Where the workspace is when nobody says otherwise: the place for a user's data on this system. */
export function defaultWorkspacePath(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  if (platform === 'win32')
    return win32.join(env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'Andromeda', 'workspace')
  if (platform === 'darwin')
    return posix.join(home, 'Library', 'Application Support', 'Andromeda', 'workspace')
  return posix.join(env.XDG_DATA_HOME || posix.join(home, '.local', 'share'), 'andromeda', 'workspace')
}

/** As mkdir with `recursive`, which says ENOENT where the disk said that it is read-only. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have made it since.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/**
 * Opens the workspace at `path`, making it where there is none.
 * @throws LabError `conflict` when another process owns it; `bad-input` when the folder cannot be made or written;
 *   `no-space` when a full disk has no room for a new one; `unsupported` when a newer version wrote it
 */
export function openWorkspace(path: string, host: HostKind): Workspace {
  const root = resolve(path)
  onDisk(root, () => {
    makeFolder(root)
    for (const name of folders) makeFolder(join(root, name))
  })
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(root)
    return bavail * bsize
  }
  const lock = takeLock(root, host)
  try {
    const full = keepReserve(root, freeBytes())
    const { db, notes, earlierNotes } = openDatabase(join(root, 'andromeda.db'))
    return {
      path: root,
      host,
      db,
      notes: full === null ? notes : [full, ...notes],
      earlierNotes,
      folder: name => join(root, name),
      freeBytes,
      close: () => {
        if (!db.open) return
        db.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
