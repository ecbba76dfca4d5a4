// What a disk or SQLite refuses, in words: one table for every place that writes files.
import { statSync } from 'node:fs'
import { LabError, type LabErrorFacts } from '../../../src-shared/contract/errors.ts'

type Words = Pick<LabErrorFacts, 'code' | 'what' | 'fix'>

const full: Words = {
  code: 'no-space',
  what: 'the disk is full',
  fix: 'free some space (old checkpoints are the largest files), then try again',
}
const forbidden: Words = {
  code: 'bad-input',
  what: 'this place cannot be written to',
  fix: 'choose a folder that you may write to, or change its permissions',
}
const disk: Words = {
  code: 'damaged',
  what: 'the disk reported an error',
  fix: 'check the disk and its connection; what was saved before stands',
}
const folderInPlace: Words = {
  code: 'bad-input',
  what: 'there is a folder where a file is needed',
  fix: 'move that folder away, then try again',
}
const damaged: Words = {
  code: 'damaged',
  what: 'the database is damaged',
  fix: 'start the app again: it moves the damaged file aside and restores the newest backup',
}

const words: Readonly<Record<string, Words>> = {
  ENOSPC: full,
  EDQUOT: { ...full, what: 'your disk quota is used up' },
  EFBIG: { ...full, what: 'the file is larger than this disk or this account allows' },
  SQLITE_FULL: full,
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: { ...forbidden, what: 'this place is read-only' },
  SQLITE_READONLY: forbidden,
  SQLITE_CANTOPEN: { ...forbidden, what: 'the database cannot be opened' },
  ENOTDIR: {
    code: 'bad-input',
    what: 'a part of this path is a file, not a folder',
    fix: 'choose another folder',
  },
  EEXIST: {
    code: 'bad-input',
    what: 'there is a file where a folder is needed',
    fix: 'choose another folder',
  },
  EISDIR: folderInPlace,
  ERR_FS_EISDIR: folderInPlace,
  ENAMETOOLONG: {
    code: 'bad-input',
    what: 'this path is too long for the disk',
    fix: 'choose a shorter path',
  },
  ENOENT: { code: 'not-found', what: 'this path does not exist', fix: 'check the path' },
  EMFILE: {
    code: 'unsupported',
    what: 'too many files are open',
    fix: 'close other programs, or raise the limit (ulimit -n)',
  },
  EIO: disk,
  SQLITE_IOERR: disk,
  // No room for the file that its connections share.
  SQLITE_IOERR_SHMSIZE: full,
  SQLITE_CORRUPT: damaged,
  SQLITE_NOTADB: damaged,
  SQLITE_BUSY: {
    code: 'conflict',
    what: 'another program holds the database',
    fix: 'close the other program, then try again',
  },
}

/**
 * The LabError for an error of `node:fs` or SQLite; any other error comes back unchanged, since it is not the disk's.
 * @param where the file or folder concerned
 */
export function storageError(error: unknown, where: string): Error {
  if (error instanceof LabError || !(error instanceof Error)) return error as Error
  const code = String((error as { code?: unknown }).code ?? '')
  // SQLite's extended codes (SQLITE_IOERR_WRITE) start with the primary one.
  const known = words[code] ?? words[code.split('_').slice(0, 2).join('_')]
  return known ? new LabError({ ...known, where, details: error.message }, { cause: error }) : error
}

/** SQLite does not say that what it cannot open is a folder. @throws LabError `bad-input` when it is one */
export function refuseFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new LabError({ ...folderInPlace, where: path })
}

/** Runs `act`, turning what the disk refuses into words. */
export function onDisk<T>(where: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw storageError(error, where)
  }
}
