// What a start did to the database itself, kept in it for a week: the start that says it may be one whose words nobody reads.
import type { Db } from '../open.ts'
import { getSetting, setSetting } from './settings.ts'

const KEY = 'notices'
const KEPT_MS = 7 * 24 * 60 * 60 * 1000

interface Notice {
  readonly at: string
  readonly text: string
}

const recent = (db: Db, now: number): Notice[] =>
  ((getSetting(db, KEY) ?? []) as Notice[]).filter(({ at }) => now - Date.parse(at) < KEPT_MS)

/** The notices of the last seven days, oldest first, each with its time. */
export const earlierNotices = (db: Db, now = Date.now()): string[] =>
  recent(db, now).map(({ at, text }) => `On ${at.slice(0, 10)} at ${at.slice(11, 16)} UTC: ${text}`)

/** Keeps a notice and drops those that are older than a week. */
export function keepNotice(db: Db, text: string, now = Date.now()): void {
  setSetting(db, KEY, [...recent(db, now), { at: new Date(now).toISOString(), text }])
}
