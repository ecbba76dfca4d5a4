// A ranking as it is typed: numbers of responses from best to worst, `=` between two that are equal.

/** What was typed, as far as it says something of a card. */
export type Typed =
  | { readonly outcome: 'ranked'; readonly ranks: readonly (number | null)[] }
  | { readonly hint: string }

export class RankingEntry {
  private readonly responses: number
  /** Places of responses, from 1: equal ones together, the best first. */
  private readonly levels: number[][] = []
  private isTie = false
  /** Enter was pressed where responses are left out. */
  private isAsked = false

  /** @param responses how many there are on the card */
  constructor(responses: number) {
    this.responses = responses
  }

  get isEmpty(): boolean {
    return this.levels.length === 0
  }

  /** @returns why the number cannot stand here, or null */
  add(place: number): string | null {
    this.isAsked = false
    if (place < 1 || place > this.responses) return `there is no ${place}: they are 1 to ${this.responses}`
    if (this.levels.flat().includes(place)) return `${place} has its place already; Backspace takes it back`
    if (this.isTie) this.levels.at(-1)!.push(place)
    else this.levels.push([place])
    this.isTie = false
    return null
  }

  /** The next number is as good as the one before. @returns why there is none, or null */
  tie(): string | null {
    this.isAsked = false
    if (this.isEmpty) return '= stands between two numbers that are equal'
    this.isTie = true
    return null
  }

  /** Takes the last key back. */
  back(): void {
    this.isAsked = false
    if (this.isTie) {
      this.isTie = false
      return
    }
    const last = this.levels.at(-1)
    last?.pop()
    if (last?.length === 0) this.levels.pop()
    else if (last) this.isTie = true
  }

  /**
   * Enter. One response that is not named is the worst; of more, those that say nothing are left out when it is pressed
   * again.
   */
  end(): Typed {
    if (this.isTie) return { hint: 'after = comes the number of the one that is as good' }
    const left = Array.from({ length: this.responses }, (_, i) => i + 1).filter(
      place => !this.levels.flat().includes(place),
    )
    if (left.length === this.responses)
      return { hint: 'press the numbers from best to worst, or s to skip, or b if all are bad' }
    if (left.length > 1 && !this.isAsked) {
      this.isAsked = true
      return { hint: `${left.join(', ')} have no place yet: Enter again leaves them out` }
    }
    if (left.length === 1) this.levels.push(left)
    const ranks: (number | null)[] = Array.from({ length: this.responses }, () => null)
    for (const [i, level] of this.levels.entries()) for (const place of level) ranks[place - 1] = i + 1
    return { outcome: 'ranked', ranks }
  }

  /** `2 > 1 = 3` */
  toString(): string {
    return `${this.levels.map(level => level.join(' = ')).join(' > ')}${this.isTie ? ' =' : ''}`
  }
}

/** `2 > 1 = 3`, with what is left out in brackets. @param ranks of each place */
export function ranksText(ranks: readonly (number | null)[]): string {
  const levels = [...new Set(ranks.filter(rank => rank !== null))].sort((a, b) => a - b)
  const at = (level: number | null) => ranks.flatMap((rank, i) => (rank === level ? [i + 1] : []))
  const left = at(null)
  return [
    levels.map(level => at(level).join(' = ')).join(' > '),
    ...(left.length > 0 ? [`(${left.join(', ')} left out)`] : []),
  ]
    .filter(Boolean)
    .join(' ')
}
