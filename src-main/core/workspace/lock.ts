// One owner per workspace. The lock is the kernel's, taken through SQLite (fcntl on Linux and macOS, LockFileEx on
// Windows) on a file of its own: two takers cannot both win, and it ends with its process, kill -9 included, so that no
// stale lock can exist. owner.json beside it only tells the others who it is.

import { readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { replaceFile } from './durable.ts'
import { onDisk, refuseFolder } from './storage-error.ts'

export type HostKind = 'desktop' | 'browser' | 'terminal'

interface Owner {
  readonly pid: number
  readonly host: HostKind
  readonly computer: string
  readonly startedAt: string
}

/**
 * Takes the workspace for this process until `release` or its end.
 * @throws LabError `conflict` naming the owner's pid and host
 */
export function takeLock(folder: string, host: HostKind): { release(): void } {
  const ownerPath = join(folder, 'owner.json')
  // Never open this file in another way: on POSIX, closing any descriptor of it drops the process's lock.
  const lockPath = join(folder, 'workspace.lock')
  refuseFolder(lockPath)
  const lock = onDisk(lockPath, () => new Database(lockPath, { timeout: 0 }))
  try {
    // Nothing is ever written to this file, so that its journal needs no file either.
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (/^SQLITE_BUSY/.test((error as { code?: string }).code ?? '')) throw taken(folder, ownerPath)
    throw onDisk(lockPath, () => {
      throw error
    })
  }
  const owner: Owner = { pid: process.pid, host, computer: hostname(), startedAt: new Date().toISOString() }
  try {
    replaceFile(ownerPath, `${JSON.stringify(owner, null, 2)}\n`)
  } catch {
    // The lock holds without it, and a full disk must not keep the person out. No owner is better than the last one.
    forgetOwner(ownerPath)
  }
  return {
    release() {
      forgetOwner(ownerPath)
      lock.close()
    },
  }
}

function forgetOwner(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Whoever is refused reads an older name, or none: the lock is what refuses them.
  }
}

function taken(folder: string, ownerPath: string): LabError {
  const owner = readOwner(ownerPath)
  return new LabError({
    code: 'conflict',
    what: 'this workspace is open in another Andromeda',
    where: folder,
    got: owner
      ? `owner: ${owner.host} host, process ${owner.pid} on ${owner.computer}, since ${owner.startedAt}`
      : 'owner: a process that has left no name',
    fix: owner
      ? 'use that one, or close it, or choose another folder with --workspace'
      : 'try again in a moment, or choose another folder with --workspace',
  })
}

function readOwner(path: string): Owner | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner
  } catch {
    // Between taking the lock and writing this file, or on a full disk, there is nothing to read.
    return null
  }
}
