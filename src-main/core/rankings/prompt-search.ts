// Prompts that hold a text, in their messages or responses: there is no index of words, so the first page of a search
// reads the set, and the others know.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Db } from '../database/open.ts'
import { matchingPrompts } from '../database/queries/preference-prompts.ts'
import { likePattern } from '../demonstrations/row-search.ts'
import { takeTurns } from '../jobs/turns.ts'

const PROMPTS_AT_ONCE = 1000

/** Remembers the last search; a newer one ends an older one, but not one for the same. */
export class PromptSearch {
  private readonly db: Db
  private latest: { key: string; set: string; abort: AbortController; numbers: Promise<number[]> } | null =
    null

  constructor(db: Db) {
    this.db = db
  }

  /**
   * Numbers of the prompts one of whose texts holds `text`, letter case aside.
   * @param end the set's next number  @throws LabError `cancelled` when a newer search takes its place
   */
  find(set: string, end: number, text: string): Promise<number[]> {
    const key = JSON.stringify([set, text])
    if (this.latest?.key === key) return this.latest.numbers
    this.latest?.abort.abort()
    const abort = new AbortController()
    const numbers = this.scan(set, end, text, abort.signal)
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

  private async scan(set: string, end: number, text: string, signal: AbortSignal): Promise<number[]> {
    const holds = holding(text)
    const { pattern } = likePattern(text)
    const found: number[] = []
    const othersTurn = takeTurns()
    for (let from = 0; from < end; from += PROMPTS_AT_ONCE) {
      const range = { from, to: Math.min(end, from + PROMPTS_AT_ONCE), pattern }
      for (const { number, messages, responses } of matchingPrompts(this.db, set, range))
        if (holds({ messages: JSON.parse(messages), responses: JSON.parse(responses) })) found.push(number)
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

interface Texts {
  readonly messages: readonly { readonly content: string }[]
  readonly responses: readonly { readonly text: string }[]
}

/** Whether a prompt or one of its responses holds `text`, letter case aside. */
export function holding(text: string): (prompt: Texts) => boolean {
  const wanted = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu')
  return ({ messages, responses }) =>
    messages.some(({ content }) => wanted.test(content)) || responses.some(({ text }) => wanted.test(text))
}
