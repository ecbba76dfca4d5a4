// Opens the workspace's database: verified, migrated, in WAL with a sync per commit. What cannot be read is moved aside,
// never deleted; what a newer app wrote is left alone.
import { existsSync, renameSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import Database from 'better-sqlite3'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { fileTime } from '../workspace/durable.ts'
import { storageError } from '../workspace/storage-error.ts'
import { backupIsDue, listBackups, makeBackup, restoreBackup } from './backups.ts'
import { type Migration, migrations } from './migrations/migrations.ts'

export type Db = Database.Database

/**
 * Opens or creates the database at `path`. The caller owns the workspace's lock: no other process opens it meanwhile.
 * @param rows the migrations to apply (tests give shorter or longer tables)
 * @returns the database, and what was found and done, in sentences for the person
 * @throws LabError `unsupported` for a newer version, `bad-input` for a database that is not ours or a place that
 *   cannot be written, `no-space` for a full disk; the file is unchanged then
 */
export function openDatabase(
  path: string,
  rows: readonly Migration[] = migrations,
): { db: Db; notes: string[] } {
  try {
    const notes = replaceDamaged(path)
    const isNew = !existsSync(path) || statSync(path).size === 0
    if (!isNew) refuseForeign(path, rows.length)
    const db = new Database(path)
    try {
      configure(db)
      migrate(db, path, rows, isNew)
      if (backupIsDue(path)) notes.push(...dailyBackup(db, path))
    } catch (error) {
      db.close()
      throw error
    }
    return { db, notes }
  } catch (error) {
    throw storageError(error, path)
  }
}

function configure(db: Db): void {
  db.pragma('busy_timeout = 5000')
  db.pragma('journal_mode = WAL')
  // FULL syncs the WAL at every commit: what was acknowledged survives a power cut, not only a crash.
  db.pragma('synchronous = FULL')
  // macOS: fsync alone leaves data in the drive's cache.
  db.pragma('fullfsync = ON')
  db.pragma('checkpoint_fullfsync = ON')
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
}

/** Why SQLite cannot read this file, or null when it can. Changes nothing. */
function damageOf(path: string): string | null {
  let db: Db | undefined
  try {
    db = new Database(path, { readonly: true })
    const found = db.pragma('quick_check(1)', { simple: true })
    // The first line only says which database.
    return found === 'ok' ? null : String(found).replace(/^\*\*\*.*\n/, '')
  } catch (error) {
    const code = (error as { code?: string }).code ?? ''
    if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return (error as Error).message
    // A rollback journal left by a kill during creation needs writing to be undone.
    if (/^SQLITE_READONLY/.test(code)) return null
    throw error
  } finally {
    db?.close()
  }
}

/** Moves a damaged or half-missing database aside and restores the newest backup that verifies. */
function replaceDamaged(path: string): string[] {
  const present = existsSync(path)
  const backups = listBackups(path)
  const isEmpty = present && statSync(path).size === 0
  // A database without a byte is new, unless something says that there once was more.
  if (isEmpty ? backups.length === 0 : !present && backups.length === 0 && !existsSync(`${path}-wal`))
    return []
  const damage = !present ? 'the file is missing' : isEmpty ? 'the file is empty' : damageOf(path)
  if (!damage) return []

  const aside = `${path}.corrupt-${fileTime()}`
  for (const suffix of ['-shm', '-wal', ''])
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  const kept = present ? `; it was kept as ${basename(aside)}` : ''
  const backup = backups.find(file => damageOf(file) === null)
  if (!backup) return [`The database could not be read (${damage})${kept}. A new one was started.`]
  const taken = statSync(backup).mtime.toISOString()
  restoreBackup(backup, path)
  return [`The database could not be read (${damage})${kept}. The backup of ${taken} was restored.`]
}

/** Refuses what a newer app or another program wrote, before anything could change it. */
function refuseForeign(path: string, supported: number): void {
  let version: number
  let tables: number
  const db = new Database(path, { readonly: true })
  try {
    version = db.pragma('user_version', { simple: true }) as number
    tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
  } catch (error) {
    if (/^SQLITE_READONLY/.test((error as { code?: string }).code ?? '')) return
    throw error
  } finally {
    db.close()
  }
  if (version > supported)
    throw new LabError({
      code: 'unsupported',
      what: 'this workspace was written by a newer version of Andromeda',
      where: path,
      expected: `database version ${supported} or older`,
      got: `version ${version}`,
      fix: 'update Andromeda, or open another workspace; nothing was changed',
    })
  if (version === 0 && tables > 0)
    throw new LabError({
      code: 'bad-input',
      what: 'this database was not made by Andromeda',
      where: path,
      fix: 'choose another folder as workspace; nothing was changed',
    })
}

function migrate(db: Db, path: string, rows: readonly Migration[], isNew: boolean): void {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version < rows.length && !isNew && version > 0) makeBackup(db, path)
  for (const [index, row] of rows.entries()) {
    if (index < version) continue
    db.transaction(() => {
      db.exec(row.sql)
      const broken = db.pragma('foreign_key_check') as unknown[]
      if (broken.length > 0)
        throw new Error(`migration ${row.name} leaves ${broken.length} rows without their parent`)
      db.pragma(`user_version = ${index + 1}`)
    }).immediate()
  }
}

/** A backup that fails is said, not fatal: the database itself is well. */
function dailyBackup(db: Db, path: string): string[] {
  try {
    makeBackup(db, path)
    return []
  } catch (error) {
    const { message } = storageError(error, path) as Error
    return [`The daily backup of the database could not be written: ${message}`]
  }
}
