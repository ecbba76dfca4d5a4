// Rows that hold a text.
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import type { Db } from '../database/open.ts'
import { matchingMessages, matchingNumbers, type RowFilter } from '../database/queries/demonstration-rows.ts'
import type { NumberRange } from '../datasets/latest-search.ts'

/** @returns numbers of a range's rows one of whose messages holds `text`, letter case aside */
export function rowsHolding(
  db: Db,
  set: string,
  filter: RowFilter,
  text: string,
): (range: NumberRange) => number[] {
  const holds = holdsText(text)
  const { pattern, isExact } = likePattern(text)
  if (isExact) return range => matchingNumbers(db, set, filter, { ...range, pattern })
  return range =>
    matchingMessages(db, set, filter, { ...range, pattern })
      .filter(({ messages }) => (JSON.parse(messages) as ChatMessage[]).some(({ content }) => holds(content)))
      .map(({ number }) => number)
}

/** Whether a text holds `wanted`, letter case aside. */
export function holdsText(wanted: string): (text: string) => boolean {
  const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu')
  return text => pattern.test(text)
}

/** What stands in the JSON of messages beside their contents. */
const AROUND_CONTENTS = [
  '[{',
  'role',
  ':',
  'system',
  'user',
  'assistant',
  ',',
  'content',
  'weight',
  ':0},{',
  ':0}]',
  '},{',
  '}]',
]

/**
 * A pattern that every row with this text matches, and few others: SQLite compares ASCII letters without case, so
 * that other characters, and what JSON escapes, may be anything.
 * @returns `isExact`: no other row matches it at all
 */
export function likePattern(text: string): { pattern: string; isExact: boolean } {
  const json = JSON.stringify(text).slice(1, -1)
  const inside = json
    .replace(/[!%_]/g, '!$&')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
    .replace(/[^\x00-\x7f]+|\\u[0-9a-f]{4}/g, '%')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  const isPlain = json === text && /^[\x00-\x7f]*$/.test(text)
  const isAround = AROUND_CONTENTS.some(part => part.includes(text.toLowerCase()))
  return { pattern: `%${inside}%`, isExact: isPlain && !isAround }
}
