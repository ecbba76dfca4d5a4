// Which prompt a labeler is shown next. New ones come in order; some of those that were ranked come back once, unannounced
// and some cards later, so that the labeler's agreement with themselves is measured. Which and when depends on the set's
// seed, the labeler and the prompt alone, so that a sitting goes on where it was.
import { randomStream } from '../random/counter.ts'

/** What a labeler has said so far, oldest first. */
export interface SaidCard {
  readonly number: number
  readonly pass: number
  readonly outcome: 'ranked' | 'skipped' | 'all-bad'
}

export interface CardOrder {
  readonly next: { readonly number: number; readonly pass: number } | null
  readonly done: number
  /** Prompts, and those of them that come back. */
  readonly total: number
}

/** Cards between a prompt and its return, at least. */
const LEAST_BETWEEN = 3
/** Different numbers of cards between, from the least on. */
const SPREAD = 10

/** After how many other cards the prompt comes back; null = it does not. @param share of prompts that do, 0–1 */
export function comesBackAfter(seed: number, labeler: string, number: number, share: number): number | null {
  const random = randomStream(seed, `ranking/again/${labeler}`, number)
  return random.uniform() < share ? LEAST_BETWEEN + random.integer(SPREAD) : null
}

/** Indices of `count` responses in the order in which they are shown. */
export const shownOrder = (
  seed: number,
  labeler: string,
  card: { readonly number: number; readonly pass: number },
  count: number,
): number[] =>
  randomStream(seed, `ranking/order/${card.pass}/${labeler}`, card.number).shuffle(
    Array.from({ length: count }, (_, i) => i),
  )

/**
 * @param numbers of the prompts that can be ranked, in order
 * @param backAfter of a prompt: `comesBackAfter`   @param isGrowing more prompts are being sampled
 */
export function cardOrder(
  numbers: readonly number[],
  said: readonly SaidCard[],
  backAfter: (number: number) => number | null,
  isGrowing = false,
): CardOrder {
  const known = new Set(numbers)
  const first = new Map<number, { readonly at: number; readonly outcome: SaidCard['outcome'] }>()
  const again = new Set<number>()
  for (const [at, { number, pass, outcome }] of said.entries())
    if (!known.has(number)) continue
    else if (pass === 0) first.set(number, { at, outcome })
    else again.add(number)

  let repeats = again.size
  const waiting: { number: number; since: number; after: number }[] = []
  // What comes last cannot come back some cards later.
  for (const number of numbers.slice(0, Math.max(0, numbers.length - LEAST_BETWEEN))) {
    const after = again.has(number) ? null : backAfter(number)
    const seen = first.get(number)
    // Only an order can be compared with another.
    if (after === null || (seen && seen.outcome !== 'ranked')) continue
    repeats++
    if (seen) waiting.push({ number, since: said.length - 1 - seen.at, after })
  }
  const done = first.size + again.size
  const total = numbers.length + repeats
  const back = (found: { number: number } | undefined) => found && { number: found.number, pass: 1 }
  waiting.sort((a, b) => b.since - a.since)

  const fresh = numbers.find(number => !first.has(number))
  const next =
    back(waiting.find(({ since, after }) => since >= after)) ??
    (fresh === undefined ? undefined : { number: fresh, pass: 0 }) ??
    back(waiting.find(({ since }) => since >= LEAST_BETWEEN)) ??
    (isGrowing ? undefined : back(waiting[0]))
  return { next: next ?? null, done, total }
}
