// Rows that hold a text: there is no index of words, so the first page of a search reads the set, and the others know.
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Db } from '../database/open.ts'
import { matchingMessages, matchingNumbers, type RowFilter } from '../database/queries/demonstration-rows.ts'
import { takeTurns } from '../jobs/turns.ts'

const ROWS_AT_ONCE = 2000

/** Remembers the last search; a newer one ends an older one, but not one for the same. */
export class RowSearch {
  private readonly db: Db
  private latest: { key: string; set: string; abort: AbortController; numbers: Promise<number[]> } | null =
    null

  constructor(db: Db) {
    this.db = db
  }

  /**
   * Numbers of the rows one of whose messages holds `text`, letter case aside.
   * @param end the set's next number  @throws LabError `cancelled` when a newer search takes its place
   */
  find(set: string, end: number, filter: RowFilter, text: string): Promise<number[]> {
    const key = JSON.stringify([set, filter.useCase ?? null, filter.tag ?? null, filter.number ?? null, text])
    if (this.latest?.key === key) return this.latest.numbers
    this.latest?.abort.abort()
    const abort = new AbortController()
    const numbers = this.scan(set, end, filter, text, abort.signal)
    numbers.catch(() => {
      if (this.latest?.abort === abort) this.latest = null
    })
    this.latest = { key, set, abort, numbers }
    return numbers
  }

  /** A set has changed: what was found may not be true any more. */
  forget(set: string): void {
    if (this.latest?.set === set) this.latest = null
  }

  private async scan(
    set: string,
    end: number,
    filter: RowFilter,
    text: string,
    signal: AbortSignal,
  ): Promise<number[]> {
    const wanted = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu')
    const { pattern, isExact } = likePattern(text)
    const found: number[] = []
    const othersTurn = takeTurns()
    for (let from = 0; from < end; from += ROWS_AT_ONCE) {
      const range = { from, to: Math.min(end, from + ROWS_AT_ONCE), pattern }
      if (isExact) found.push(...matchingNumbers(this.db, set, filter, range))
      else
        for (const { number, messages } of matchingMessages(this.db, set, filter, range))
          if ((JSON.parse(messages) as ChatMessage[]).some(({ content }) => wanted.test(content)))
            found.push(number)
      await othersTurn()
      if (signal.aborted)
        throw new LabError({
          code: 'cancelled',
          what: 'a newer search took the place of this one',
          fix: 'wait for the newer one',
        })
    }
    return found
  }
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
