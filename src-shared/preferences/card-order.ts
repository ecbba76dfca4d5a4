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
  /** Cards that were judged, and returns that need not be: of prompts that were skipped or all bad the first time. */
  readonly done: number
  /** Prompts, and those of them that come back. */
  readonly total: number
}

/** Cards between a prompt and its return, at least. */
const LEAST_BETWEEN = 3
/** Different numbers of cards between, from the least on. */
const SPREAD = 10

/** After how many other cards the prompt comes back; null = it does not. @param share of prompts that do, 0–1 */
function comesBackAfter(seed: number, labeler: string, number: number, share: number): number | null {
  const random = randomStream(seed, `ranking/again/${labeler}`, number)
  return random.uniform() < share ? LEAST_BETWEEN + random.integer(SPREAD) : null
}

/**
 * Which prompts come back, and each after how many other cards.
 * @param numbers of the prompts that can be ranked, in order: the last of them cannot come back some cards later
 */
export function returningPrompts(
  numbers: readonly number[],
  seed: number,
  labeler: string,
  share: number,
): ReadonlyMap<number, number> {
  const returning = new Map<number, number>()
  for (const number of numbers.slice(0, Math.max(0, numbers.length - LEAST_BETWEEN))) {
    const after = comesBackAfter(seed, labeler, number, share)
    if (after !== null) returning.set(number, after)
  }
  return returning
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
 * Costs as much as was said, not as there are prompts.
 * @param numbers of the prompts that can be ranked, in order
 * @param returning `returningPrompts` of them
 * @param said of these prompts   @param isGrowing more of them are being sampled
 */
export function cardOrder(
  numbers: readonly number[],
  returning: ReadonlyMap<number, number>,
  said: readonly SaidCard[],
  isGrowing = false,
): CardOrder {
  const first = new Map<number, number>()
  const again = new Set<number>()
  for (const [at, { number, pass }] of said.entries())
    if (pass === 0) first.set(number, at)
    else again.add(number)

  let repeats = returning.size
  let spared = 0
  for (const number of again) if (!returning.has(number)) repeats++
  const waiting: { number: number; since: number; after: number }[] = []
  for (const [number, at] of first) {
    const after = returning.get(number)
    if (after === undefined || again.has(number)) continue
    // Only an order can be compared with another.
    if (said[at]!.outcome === 'ranked') waiting.push({ number, since: said.length - 1 - at, after })
    else spared++
  }
  waiting.sort((a, b) => b.since - a.since)

  const back = (found: { number: number } | undefined) => found && { number: found.number, pass: 1 }
  const fresh = numbers.find(number => !first.has(number))
  const next =
    back(waiting.find(({ since, after }) => since >= after)) ??
    (fresh === undefined ? undefined : { number: fresh, pass: 0 }) ??
    back(waiting.find(({ since }) => since >= LEAST_BETWEEN)) ??
    (isGrowing ? undefined : back(waiting[0]))
  return { next: next ?? null, done: first.size + again.size + spared, total: numbers.length + repeats }
}
