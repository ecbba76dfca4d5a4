// Small steps from which crash-safe file writing is made: all bytes, on the disk, under the final name or not at all.
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** Writes all of `bytes` at the file's position: one write() may take fewer bytes than it was given. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let done = 0
  while (done < bytes.byteLength) done += writeSync(fd, bytes, done, bytes.byteLength - done)
}

/** Makes the names in a folder durable. Windows cannot open folders and needs no such step: NTFS journals names. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Makes a file's bytes durable. */
export function syncFile(path: string): void {
  const fd = openSync(path, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** The new content or the old one, never a part: temporary file, fsync, rename, fsync of the folder. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.tmp`
  try {
    writeFileSync(temporary, content)
    syncFile(temporary)
    renameSync(temporary, path)
    syncFolder(dirname(path))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Paths of the entries of a folder; none when it does not exist. */
export function listFiles(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map(name => join(folder, name)) : []
}

/** A time that may stand in a file name on every system: 2026-01-31T12-00-00.000Z. */
export const fileTime = (now = new Date()): string => now.toISOString().replaceAll(':', '-')
