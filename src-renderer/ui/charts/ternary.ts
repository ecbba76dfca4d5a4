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

/** Moves tags down, the upper ones first, until none covers another; their order stays that of `tags`. */
export function spreadTags(tags: readonly Tag[], lineHeight: number): Tag[] {
  const placed: { tag: Tag; index: number }[] = []
  const order = tags.map((tag, index) => ({ tag, index })).sort((a, b) => a.tag.y - b.tag.y)
  for (const { tag, index } of order) {
    let { y } = tag
    // Placed ones never move, and each is passed once at most: it ends.
    for (const other of placed.map(({ tag }) => tag).sort((a, b) => a.y - b.y))
      if (tag.x < other.x + other.width && other.x < tag.x + tag.width && Math.abs(other.y - y) < lineHeight)
        y = other.y + lineHeight
    placed.push({ tag: { ...tag, y }, index })
  }
  return placed.sort((a, b) => a.index - b.index).map(({ tag }) => tag)
}
