// Opens the workspace's database: verified, migrated, in WAL with a sync per commit. What cannot be read is moved aside,
// never deleted; what a newer app wrote is left alone.
import { existsSync, renameSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import Database from 'better-sqlite3'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { fileTime } from '../workspace/durable.ts'
import { refuseFolder, storageError } from '../workspace/storage-error.ts'
import { backupIsDue, listBackups, makeBackup, restoreBackup } from './backups.ts'
import { type Migration, migrations } from './migrations/migrations.ts'
import { earlierNotices, keepNotice } from './queries/notices.ts'

export type Db = Database.Database

/**
 * Opens or creates the database at `path`. The caller owns the workspace's lock: no other process opens it meanwhile.
 * @param rows the migrations to apply (tests give shorter or longer tables)
 * @returns the database; what was found and done, in sentences for the person; and those that earlier starts kept
 * @throws LabError `unsupported` for a newer version, `bad-input` for a database that is not ours or a place that
 *   cannot be written, `no-space` for a full disk; the file is unchanged then
 */
export function openDatabase(
  path: string,
  rows: readonly Migration[] = migrations,
): { db: Db; notes: string[]; earlierNotes: string[] } {
  try {
    refuseFolder(path)
    const notes: string[] = []
    let findings = examine(path)
    if (findings.damage) {
      notes.push(replaceDamaged(path, findings.damage))
      findings = examine(path)
    }
    const [replaced] = notes
    refuseForeign(path, findings, rows.length)
    const db = new Database(path)
    try {
      configure(db, findings)
      migrate(db, path, rows)
      const earlierNotes = earlierNotices(db)
      if (replaced !== undefined)
        notes.push(...saidOnFailure(path, 'This note could not be kept', () => keepNotice(db, replaced)))
      if (backupIsDue(path))
        notes.push(
          ...saidOnFailure(path, 'The daily backup of the database could not be written', () =>
            makeBackup(db, path),
          ),
        )
      return { db, notes, earlierNotes }
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw storageError(error, path)
  }
}

function configure(db: Db, { isAlone }: Findings): void {
  db.pragma('busy_timeout = 5000')
  if (isAlone) db.pragma('locking_mode = EXCLUSIVE')
  db.pragma('journal_mode = WAL')
  // FULL syncs the WAL at every commit: what was acknowledged survives a power cut, not only a crash.
  db.pragma('synchronous = FULL')
  // macOS: fsync alone leaves data in the drive's cache.
  db.pragma('fullfsync = ON')
  db.pragma('checkpoint_fullfsync = ON')
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
}

interface Findings {
  /** Why SQLite cannot read the file, or null when it can. */
  damage: string | null
  version: number
  tables: number
  /** Opened without the file of shared memory, for which the disk has no room: no other program can read meanwhile. */
  isAlone: boolean
}

/** What is at `path`: a database without a byte is new, unless something says that there once was more. */
function examine(path: string): Findings {
  const present = existsSync(path)
  if (present && statSync(path).size > 0) return inspect(path)
  const lost = listBackups(path).length > 0 || (!present && existsSync(`${path}-wal`))
  const damage = present ? 'the file is empty' : 'the file is missing'
  return { damage: lost ? damage : null, version: 0, tables: 0, isAlone: false }
}

/** Reads a database from end to end and changes nothing. */
function inspect(path: string, isAlone = false): Findings {
  const findings: Findings = { damage: null, version: 0, tables: 0, isAlone }
  let db: Db | undefined
  try {
    // An exclusive lock can only be taken on a file that may be written.
    db = new Database(path, { readonly: !isAlone })
    if (isAlone) db.pragma('locking_mode = EXCLUSIVE')
    const found = db.pragma('quick_check(1)', { simple: true })
    // The first line only says which database.
    if (found !== 'ok') return { ...findings, damage: String(found).replace(/^\*\*\*.*\n/, '') }
    findings.version = db.pragma('user_version', { simple: true }) as number
    findings.tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
    return findings
  } catch (error) {
    const code = (error as { code?: string }).code ?? ''
    if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return { ...findings, damage: (error as Error).message }
    // A kill while the file was being made leaves a rollback journal, which only a writer can undo.
    if (/^SQLITE_READONLY/.test(code)) return findings
    if (/^SQLITE_IOERR_SHM/.test(code) && !isAlone) {
      db?.close()
      return inspect(path, true)
    }
    throw error
  } finally {
    db?.close()
  }
}

/** Moves a damaged database and what belongs to it aside, and restores the newest backup that verifies. */
function replaceDamaged(path: string, damage: string): string {
  const present = existsSync(path)
  const aside = `${path}.corrupt-${fileTime()}`
  for (const suffix of ['-shm', '-wal', ''])
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  const found = `The database could not be read (${damage})${present ? `; it was kept as ${basename(aside)}` : ''}.`
  const backup = listBackups(path).find(file => inspect(file).damage === null)
  if (!backup)
    return `${found} There was no backup, so a new one was started: demonstrations, conversations and votes, metrics, samples, events and settings are lost; ${adopted}.`
  const taken = statSync(backup).mtime.toISOString()
  restoreBackup(backup, path)
  return `${found} The backup of ${taken} was restored: demonstrations, conversations and votes, metrics, samples, events, names and settings written after it may be lost; ${adopted}.`
}

/** True because every start compares the folders with the database. */
const adopted = 'runs with a checkpoint, corpora and tokenizers are taken in again from their folders'

/** Refuses what a newer app or another program wrote, before anything could change it. */
function refuseForeign(path: string, { version, tables }: Findings, supported: number): void {
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

function migrate(db: Db, path: string, rows: readonly Migration[]): void {
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > 0 && version < rows.length) makeBackup(db, path)
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

/** What the database can do without is said when it fails, not fatal: the database itself is well. */
function saidOnFailure(path: string, what: string, act: () => unknown): string[] {
  try {
    act()
    return []
  } catch (error) {
    const { message } = storageError(error, path)
    return [`${what}: ${message}`]
  }
}
