// Rows of a set that hold a text: there is no index of words, so the first page of a search reads the set, and the others
// know.
import { LabError } from '../../../src-shared/contract/errors.ts'
import { takeTurns } from '../jobs/turns.ts'

const ROWS_AT_ONCE = 1000

/** Rows by their numbers, `to` left out. */
export interface NumberRange {
  readonly from: number
  readonly to: number
}

/** Remembers the last search; a newer one ends an older one, but not one for the same. */
export class LatestSearch {
  private latest: { key: string; set: string; abort: AbortController; numbers: Promise<number[]> } | null =
    null

  /**
   * Numbers of the rows that `matching` finds in one range after another.
   * @param wanted what is searched for, as JSON can say it  @param end the set's next number
   * @throws LabError `cancelled` when a newer search takes its place
   */
  find(
    set: string,
    wanted: unknown,
    end: number,
    matching: (range: NumberRange) => readonly number[],
  ): Promise<number[]> {
    const key = JSON.stringify([set, wanted])
    if (this.latest?.key === key) return this.latest.numbers
    this.latest?.abort.abort()
    const abort = new AbortController()
    const numbers = scan(end, matching, abort.signal)
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
}

async function scan(
  end: number,
  matching: (range: NumberRange) => readonly number[],
  signal: AbortSignal,
): Promise<number[]> {
  const found: number[] = []
  const othersTurn = takeTurns()
  for (let from = 0; from < end; from += ROWS_AT_ONCE) {
    found.push(...matching({ from, to: Math.min(end, from + ROWS_AT_ONCE) }))
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
