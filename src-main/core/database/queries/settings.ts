// Settings: key → JSON value.
import type { Db } from '../open.ts'
import { statement, write } from '../statement.ts'

interface Row {
  key: string
  value: string
}

export function allSettings(db: Db): Record<string, unknown> {
  const rows = statement<Row>(db, 'SELECT key, value FROM settings ORDER BY key').all()
  return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value)]))
}

/** The value of `key`, or undefined. */
export function getSetting(db: Db, key: string): unknown {
  const row = statement<Row>(db, 'SELECT key, value FROM settings WHERE key = ?').get(key)
  return row && JSON.parse(row.value)
}

/** Stores any JSON value; null or undefined forgets the key. */
export function setSetting(db: Db, key: string, value: unknown): void {
  if (value === null || value === undefined) write(db, 'DELETE FROM settings WHERE key = ?', key)
  else
    write(
      db,
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      JSON.stringify(value),
    )
}
