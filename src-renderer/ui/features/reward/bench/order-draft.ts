// An order of answers while it is being made: places on the screen from best to worst, each alone or tied with the one
// before it. The last answer that is left takes the last rank by itself. Pure: every change gives a new order.

/** An answer that has its rank. `place` is where it stands on the screen, from 0. */
export interface Placed {
  readonly place: number
  /** As good as the one before it. */
  readonly tied: boolean
}
export interface OrderDraft {
  /** From best to worst. */
  readonly placed: readonly Placed[]
  /** The next one is to be as good as the last one here. */
  readonly tieNext: boolean
}
export const emptyOrder: OrderDraft = { placed: [], tieNext: false }

const order = (placed: readonly Placed[]): OrderDraft => ({
  // Whoever stands first has nobody before it.
  placed: placed.map((each, i) => (i === 0 && each.tied ? { ...each, tied: false } : each)),
  tieNext: false,
})

const without = (placed: readonly Placed[], place: number): Placed[] => {
  const at = placed.findIndex(each => each.place === place)
  if (at === -1) return [...placed]
  const { tied } = placed[at]!
  // Who was tied with it keeps its rank, and becomes the first of it where it was the first.
  return placed.flatMap((each, i) =>
    i === at ? [] : i === at + 1 ? [{ ...each, tied: each.tied && tied }] : [each],
  )
}

/** The answers that have no rank yet, by place. */
export const unplaced = ({ placed }: OrderDraft, count: number): number[] =>
  Array.from({ length: count }, (_, place) => place).filter(
    place => !placed.some(each => each.place === place),
  )

/** Whether every answer has a rank, the last one by itself. */
export const isComplete = (draft: OrderDraft, count: number): boolean => unplaced(draft, count).length <= 1

/** The order with the last answer in it, where only one is left. */
export function wholeOrder(draft: OrderDraft, count: number): readonly Placed[] {
  const left = unplaced(draft, count)
  return left.length === 1 && draft.placed.length > 0
    ? [...draft.placed, { place: left[0]!, tied: draft.tieNext }]
    : draft.placed
}

/**
 * A number was pressed, or its card clicked: the answer takes the next rank; one that has a rank gives it back.
 * @param tied as good as the one before; of one that has a rank, that is turned on or off
 */
export function press(draft: OrderDraft, place: number, count: number, tied = false): OrderDraft {
  const { placed, tieNext } = draft
  if (place < 0 || place >= count) return draft
  if (!placed.some(each => each.place === place)) {
    // The one that is left has its rank already: only whether it is tied can be said.
    if (placed.length > 0 && placed.length === count - 1)
      return tied ? { ...draft, tieNext: !tieNext } : draft
    return order([...placed, { place, tied: tied || tieNext }])
  }
  if (!tied) return order(without(placed, place))
  return order(placed.map(each => (each.place === place ? { ...each, tied: !each.tied } : each)))
}

/** `=`: the next answer, or the last one where no other is left, is as good as the one before it; again: it is not. */
export function pressTie(draft: OrderDraft, count: number): OrderDraft {
  const { placed, tieNext } = draft
  if (placed.length === 0) return draft
  if (placed.length < count) return { placed, tieNext: !tieNext }
  return order(placed.map((each, i) => (i === placed.length - 1 ? { ...each, tied: !each.tied } : each)))
}

/** Takes back what was said last: the tie that is waiting, or the last rank. */
export const takeBack = ({ placed, tieNext }: OrderDraft): OrderDraft =>
  tieNext ? { placed, tieNext: false } : order(placed.slice(0, -1))

/** Answers of equal rank together, from best to worst. */
export function groupsOf(placed: readonly Placed[]): number[][] {
  const groups: number[][] = []
  for (const { place, tied } of placed) {
    if (tied && groups.length > 0) groups.at(-1)!.push(place)
    else groups.push([place])
  }
  return groups
}
const ofGroups = (groups: readonly (readonly number[])[]): OrderDraft =>
  order(groups.flatMap(group => group.map((place, i) => ({ place, tied: i > 0 }))))

/**
 * Drops an answer into the order.
 * @param rank of the whole order, from 0: where it comes to stand
 * @param tied true: beside the answers of that rank; false: before them, with a rank of its own
 */
export function dropAt(
  draft: OrderDraft,
  place: number,
  rank: number,
  tied: boolean,
  count: number,
): OrderDraft {
  const groups = groupsOf(wholeOrder(draft, count))
  if (tied && groups[rank]?.includes(place)) return draft
  const left = groups.map(group => group.filter(each => each !== place))
  if (tied && left[rank]) left[rank].push(place)
  else left.splice(rank, 0, [place])
  return ofGroups(left.filter(group => group.length > 0))
}

/**
 * Moves an answer by one rank: out of its tie, or past its neighbours. One without a rank takes the next.
 * @param by −1 = better, 1 = worse
 */
export function nudge(draft: OrderDraft, place: number, by: -1 | 1, count: number): OrderDraft {
  const groups = groupsOf(wholeOrder(draft, count))
  const rank = groups.findIndex(group => group.includes(place))
  if (rank === -1) return press(draft, place, count)
  if (groups[rank]!.length > 1) return dropAt(draft, place, by === -1 ? rank : rank + 1, false, count)
  const next = rank + by
  if (next < 0 || next >= groups.length) return draft
  return dropAt(draft, place, by === -1 ? next : next + 1, false, count)
}

/**
 * Ranks of the stored responses; null while the order is not whole.
 * @param shown `shown[place]` = the stored response that stands there
 */
export function ranksOf(draft: OrderDraft, shown: readonly number[]): number[] | null {
  if (shown.length < 2 || !isComplete(draft, shown.length) || draft.placed.length === 0) return null
  const ranks: number[] = new Array(shown.length)
  for (const [rank, group] of groupsOf(wholeOrder(draft, shown.length)).entries())
    for (const place of group) ranks[shown[place]!] = rank + 1
  return ranks
}

/** The order that stored ranks say, on a screen where `shown[place]` stands in each place; what has no rank has none here. */
export function orderOf(ranks: readonly (number | null)[], shown: readonly number[]): OrderDraft {
  const ranked = shown
    .map((response, place) => ({ place, rank: ranks[response] ?? null }))
    .filter((each): each is { place: number; rank: number } => each.rank !== null)
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
  return order(ranked.map(({ place, rank }, i) => ({ place, tied: rank === ranked[i - 1]?.rank })))
}
