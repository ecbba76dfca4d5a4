// Opening the database: fresh, older, newer, foreign, damaged. Nothing that was written is ever deleted.
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listBackups, makeBackup } from '../../../src-main/core/database/backups.ts'
import { type Migration, migrations } from '../../../src-main/core/database/migrations/migrations.ts'
import { type Db, openDatabase } from '../../../src-main/core/database/open.ts'
import { earlierNotices, keepNotice } from '../../../src-main/core/database/queries/notices.ts'
import { allSettings, setSetting } from '../../../src-main/core/database/queries/settings.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const somewhere = () => join(temporaryFolder(), 'andromeda.db')

function open(path: string, rows?: readonly Migration[]) {
  const opened = openDatabase(path, rows)
  onTestFinished(() => {
    opened.db.close()
  })
  return opened
}
const version = (db: Db) => db.pragma('user_version', { simple: true })
const schemaOf = (db: Db) => db.prepare('SELECT sql FROM sqlite_schema ORDER BY name').pluck().all()
/** The keys that the test has set. */
const keysOf = (db: Db) => Object.keys(allSettings(db)).filter(key => key !== 'notices')
const asideOf = (path: string) =>
  readdirSync(join(path, '..')).filter(name => /^andromeda\.db\.corrupt-.*Z$/.test(name))

/** A database with 300 settings and, unless told otherwise, a backup that holds the first 100. */
function written({ backup = true } = {}): string {
  const path = somewhere()
  const { db } = openDatabase(path)
  for (const old of listBackups(path)) rmSync(old)
  for (let i = 0; i < 300; i++) {
    if (i === 100 && backup) makeBackup(db, path)
    setSetting(db, `key-${i}`, 'x'.repeat(200))
  }
  db.close()
  return path
}

describe('a fresh database', () => {
  test('has every migration, WAL, a sync per commit and checked foreign keys', () => {
    const { db, notes } = open(somewhere())
    expect(notes).toEqual([])
    expect(version(db)).toBe(migrations.length)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  })

  test('opens again with what was written', () => {
    const path = written()
    const { db, notes } = open(path)
    expect(notes).toEqual([])
    expect(Object.keys(allSettings(db))).toHaveLength(300)
  })
})

describe('migrations', () => {
  const next: Migration[] = [
    ...migrations,
    {
      name: 'next',
      sql: 'CREATE TABLE next (a INTEGER) STRICT; INSERT INTO next SELECT count(*) FROM settings',
    },
    { name: 'last', sql: 'ALTER TABLE next ADD COLUMN b TEXT' },
  ]

  test.each(next.map((_, from) => from))(
    'version %i becomes the newest, with the schema of a fresh one',
    from => {
      const path = somewhere()
      const older = from > 0 ? openDatabase(path, next.slice(0, from)).db : new Database(path)
      if (from > 0) setSetting(older, 'kept', true)
      older.close()
      const { db } = open(path, next)
      expect(version(db)).toBe(next.length)
      expect(schemaOf(db)).toEqual(schemaOf(open(somewhere(), next).db))
      expect(allSettings(db)).toEqual(from > 0 ? { kept: true } : {})
    },
  )

  test('a backup of the older version is made before', () => {
    const path = written({ backup: false })
    open(path, next)
    const backup = new Database(listBackups(path).at(-1)!, { readonly: true })
    expect(backup.pragma('user_version', { simple: true })).toBe(migrations.length)
    expect(backup.prepare('SELECT count(*) FROM settings').pluck().get()).toBe(300)
    backup.close()
  })

  test('one that fails half-way changes nothing', () => {
    const path = written()
    const broken = [...migrations, { name: 'broken', sql: 'CREATE TABLE half (a); SELECT 1 FROM nowhere' }]
    expect(() => openDatabase(path, broken)).toThrow('nowhere')
    const { db } = open(path)
    expect(version(db)).toBe(migrations.length)
    expect(schemaOf(db).join()).not.toContain('half')
  })

  test('one that leaves rows without their parent is taken back', () => {
    const path = written()
    const orphan = `PRAGMA defer_foreign_keys = ON;
      INSERT INTO samples (run, step, prompt, prompt_text, text) VALUES ('nobody', 1, 1, '', '')`
    expect(() => openDatabase(path, [...migrations, { name: 'orphans', sql: orphan }])).toThrow(
      'without their parent',
    )
    expect(version(open(path).db)).toBe(migrations.length)
  })

  test('a newer version is refused with both versions, and not a byte changes', () => {
    const path = somewhere()
    openDatabase(path, next).db.close()
    const before = readFileSync(path)
    expect(() => openDatabase(path)).toThrow(
      `expected database version ${migrations.length} or older, got version ${next.length}`,
    )
    expect(readFileSync(path)).toEqual(before)
    expect(asideOf(path)).toEqual([])
  })

  test("another program's database is refused, and not a byte changes", () => {
    const path = somewhere()
    const foreign = new Database(path)
    foreign.exec('CREATE TABLE theirs (a)')
    foreign.close()
    const before = readFileSync(path)
    expect(() => openDatabase(path)).toThrow('not made by Andromeda')
    expect(readFileSync(path)).toEqual(before)
  })
})

describe('a damaged database', () => {
  const overwrite = (path: string, at: number, bytes: Uint8Array) => {
    const fd = openSync(path, 'r+')
    writeSync(fd, bytes, 0, bytes.byteLength, at)
    closeSync(fd)
  }
  const forms: [string, (path: string) => void][] = [
    ['a text file', path => writeFileSync(path, 'Dear diary, '.repeat(500))],
    ['a short text file', path => writeFileSync(path, 'hello')],
    ['a header with other bytes', path => overwrite(path, 0, new Uint8Array(100).fill(0x55))],
    ['a header that lost its page size', path => overwrite(path, 16, new Uint8Array([0xff, 0xff]))],
    ['a page of other bytes', path => overwrite(path, 4096, new Uint8Array(4096).fill(0xaa))],
    ['pages that are gone', path => truncateSync(path, 3 * 4096)],
    ['an end in the middle of a page', path => truncateSync(path, 4096 + 1000)],
    ['no byte at all', path => truncateSync(path, 0)],
    ['no file at all', path => rmSync(path)],
  ]

  test.each(forms)('%s: the newest backup is restored and the file is kept', (_, damage) => {
    const path = written()
    damage(path)
    const left = existsSync(path) ? readFileSync(path) : null
    const { db, notes } = open(path)
    expect(notes).toEqual([
      expect.stringMatching(
        /^The database could not be read .* was restored: .* may be lost; runs with a checkpoint, .*taken in again/,
      ),
    ])
    expect(keysOf(db)).toHaveLength(100)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const aside = asideOf(path)
    expect(aside).toHaveLength(left ? 1 : 0)
    if (left) expect(readFileSync(join(path, '..', aside[0]!))).toEqual(left)
  })

  test.each(forms.slice(0, -2))(
    '%s, without any backup: a new database is started and the file is kept',
    (_, damage) => {
      const path = written({ backup: false })
      damage(path)
      const { db, notes } = open(path)
      expect(notes).toEqual([
        expect.stringMatching(
          /^The database could not be read .* a new one was started: .* are lost; runs with/,
        ),
      ])
      expect(keysOf(db)).toEqual([])
      expect(asideOf(path)).toHaveLength(1)
    },
  )

  test('a damaged backup is passed over for an older one', () => {
    const path = written()
    const sound = listBackups(path)[0]!
    writeFileSync(sound.replace('.2', '.9'), 'not a database at all')
    writeFileSync(path, 'x'.repeat(5000))
    expect(listBackups(path)[0]).not.toBe(sound)
    expect(keysOf(open(path).db)).toHaveLength(100)
  })

  test('what was restored is said again by every start of the next seven days, with its time', () => {
    const path = written()
    rmSync(path)
    const first = openDatabase(path)
    expect(first.earlierNotes).toEqual([])
    first.db.close()
    for (let start = 0; start < 2; start++) {
      const { notes, earlierNotes, db } = openDatabase(path)
      expect(notes).toEqual([])
      expect(earlierNotes).toEqual([
        expect.stringMatching(/^On 20\d\d-\d\d-\d\d at \d\d:\d\d UTC: The database could not be read/),
      ])
      expect(earlierNotes[0]).toContain(first.notes[0])
      expect(earlierNotices(db, Date.now() + 6.9 * DAY_MS)).toEqual(earlierNotes)
      expect(earlierNotices(db, Date.now() + 7 * DAY_MS)).toEqual([])
      db.close()
    }
  })

  test('a second replacement within the week is added, and old ones are forgotten', () => {
    const { db } = open(somewhere())
    const now = Date.parse('2026-03-01T12:00:00Z')
    keepNotice(db, 'first', now)
    keepNotice(db, 'second', now + DAY_MS)
    expect(earlierNotices(db, now + DAY_MS)).toEqual([
      'On 2026-03-01 at 12:00 UTC: first',
      'On 2026-03-02 at 12:00 UTC: second',
    ])
    keepNotice(db, 'third', now + 7.5 * DAY_MS)
    expect(JSON.stringify(allSettings(db))).not.toContain('first')
    expect(earlierNotices(db, now + 7.5 * DAY_MS)).toHaveLength(2)
  })

  test('a folder in its place is named, and nothing is touched', () => {
    const path = written()
    rmSync(path)
    mkdirSync(path)
    expect(() => openDatabase(path)).toThrow(`there is a folder where a file is needed (${path})`)
    expect(statSync(path).isDirectory()).toBe(true)
    rmdirSync(path)
    expect(keysOf(open(path).db)).toHaveLength(100)
  })

  test('its WAL goes aside with it, so that it can still be looked into', () => {
    const path = written()
    writeFileSync(path, 'x'.repeat(5000))
    writeFileSync(`${path}-wal`, 'w')
    open(path)
    const [aside] = asideOf(path)
    expect(readFileSync(join(path, '..', `${aside}-wal`), 'utf8')).toBe('w')
  })

  test.each([
    ['cut in the middle', (wal: string) => truncateSync(wal, Math.floor(statSync(wal).size / 2) + 13)],
    ['cut to nothing', (wal: string) => truncateSync(wal, 0)],
    ['followed by other bytes', (wal: string) => appendFileSync(wal, 'torn'.repeat(2000))],
    [
      'with a flipped bit',
      (wal: string) => {
        const bytes = readFileSync(wal)
        bytes[Math.floor(bytes.byteLength / 2)]! ^= 1
        writeFileSync(wal, bytes)
      },
    ],
  ])('a WAL %s keeps every commit before the damage', (_, damage) => {
    const path = written()
    const live = openDatabase(path).db
    for (let i = 0; i < 50; i++) setSetting(live, `late-${i}`, 'y'.repeat(500))
    // As a kill leaves it: the file and its WAL, never closed.
    const copy = somewhere()
    copyFileSync(path, copy)
    copyFileSync(`${path}-wal`, `${copy}-wal`)
    live.close()
    damage(`${copy}-wal`)
    const { db, notes } = open(copy)
    expect(notes).toEqual([])
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const keys = Object.keys(allSettings(db))
    const late = keys.filter(key => key.startsWith('late-')).length
    expect(keys).toEqual(
      [
        ...Array.from({ length: 300 }, (_, i) => `key-${i}`),
        ...Array.from({ length: late }, (_, i) => `late-${i}`),
      ].sort(),
    )
  })
})

describe('backups', () => {
  test('one is made a day, and the newest three are kept', () => {
    const path = written({ backup: false })
    for (let day = 0; day < 5; day++) {
      openDatabase(path).db.close()
      openDatabase(path).db.close()
      expect(listBackups(path)).toHaveLength(Math.min(day + 1, 3))
      const past = new Date(Date.now() - 25 * 60 * 60 * 1000)
      for (const backup of listBackups(path)) utimesSync(backup, past, past)
    }
  })
})
