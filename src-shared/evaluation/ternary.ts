// Three shares that sum to one as a point in a triangle, and room for the names of points that lie close together.

export interface TruthShares {
  readonly correct: number
  readonly abstains: number
  readonly fabricates: number
}

export interface Triangle {
  /** Pixels of the upper corner, and of the lower left and lower right ones. */
  readonly top: readonly [number, number]
  readonly left: readonly [number, number]
  readonly right: readonly [number, number]
}

/** The largest triangle with equal sides in a box, `margin` pixels from its edges. */
export function triangleIn(
  width: number,
  height: number,
  margin: Readonly<{ x: number; y: number }>,
): Triangle {
  const rise = Math.sqrt(3) / 2
  const side = Math.max(0, Math.min(width - 2 * margin.x, (height - 2 * margin.y) / rise))
  const y = (height - side * rise) / 2
  return {
    top: [width / 2, y],
    left: [(width - side) / 2, y + side * rise],
    right: [(width + side) / 2, y + side * rise],
  }
}

/** Barycentric: all correct lies at the top, all abstaining on the left, all fabricated on the right. */
export function ternaryPoint({ top, left, right }: Triangle, shares: TruthShares): readonly [number, number] {
  const { correct, abstains, fabricates } = shares
  const sum = correct + abstains + fabricates || 1
  const at = (axis: 0 | 1) => (correct * top[axis] + abstains * left[axis] + fabricates * right[axis]) / sum
  return [at(0), at(1)]
}

export interface Tag {
  readonly x: number
  /** Of its middle. */
  readonly y: number
  readonly width: number
}

/**
 * Moves tags until none covers another or an obstacle: those of the lower half up, the others down. Their order stays.
 * @param middle pixels; what lies below it moves up
 * @param obstacles stay where they are
 */
export function spreadTags(
  tags: readonly Tag[],
  lineHeight: number,
  middle: number,
  obstacles: readonly Tag[] = [],
): Tag[] {
  const placed = [...obstacles]
  const spread = [...tags]
  const place = (index: number, direction: 1 | -1) => {
    const tag = tags[index]!
    let { y } = tag
    // Placed ones never move, and each is passed once at most: it ends.
    for (const other of placed.toSorted((a, b) => direction * (a.y - b.y)))
      if (tag.x < other.x + other.width && other.x < tag.x + tag.width && Math.abs(other.y - y) < lineHeight)
        y = other.y + direction * lineHeight
    spread[index] = { ...tag, y }
    placed.push(spread[index])
  }
  const order = [...tags.keys()].sort((a, b) => tags[a]!.y - tags[b]!.y)
  for (const index of order) if (tags[index]!.y <= middle) place(index, 1)
  for (const index of order.toReversed()) if (tags[index]!.y > middle) place(index, -1)
  return spread
}
