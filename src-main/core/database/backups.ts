// Copies of the database in backups/: one a day and one before every migration; the newest good one replaces a damaged file.
import { copyFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { fileTime, listFiles, syncFile, syncFolder } from '../workspace/durable.ts'

const KEPT = 3
const DAY_MS = 24 * 60 * 60 * 1000

const folderOf = (path: string): string => join(dirname(path), 'backups')

/** Paths of a database's backups, newest first. */
export function listBackups(path: string): string[] {
  const prefix = `${basename(path)}.`
  return listFiles(folderOf(path))
    .filter(file => basename(file).startsWith(prefix) && file.endsWith('.backup'))
    .sort()
    .reverse()
}

/** Whether the newest backup is older than a day, or there is none. */
export function backupIsDue(path: string, now = Date.now()): boolean {
  const newest = listBackups(path)[0]
  return !newest || now - statSync(newest).mtimeMs > DAY_MS
}

/** Writes a compact, verified copy beside the others and keeps the newest three. @returns its path */
export function makeBackup(db: Database, path: string): string {
  const folder = folderOf(path)
  mkdirSync(folder, { recursive: true })
  const target = join(folder, `${basename(path)}.${fileTime()}.backup`)
  const temporary = `${target}.tmp`
  try {
    db.prepare('VACUUM INTO ?').run(temporary)
    syncFile(temporary)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(folder)
  for (const old of listBackups(path).slice(KEPT)) rmSync(old)
  return target
}

/** Puts a copy of `backup` under the database's name. */
export function restoreBackup(backup: string, path: string): void {
  const temporary = `${path}.restoring`
  copyFileSync(backup, temporary)
  syncFile(temporary)
  renameSync(temporary, path)
  syncFolder(dirname(path))
}
