// Where the labels of a scatter of points can stand without covering each other.
export interface Place {
  readonly x: number
  readonly y: number
}
interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Of a label in a font of 10 px, wide enough for any system's. */
const CHARACTER = 5.8
const LINE = 12
const GAP = 8

export const labelWidth = (label: string): number => CHARACTER * label.length

/** Right of the point, left of it, then higher and lower on both sides, by ever more half lines. */
const shifts = [0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6].map(half => (half * LINE) / 2)
const candidates = shifts.flatMap(shift => (['start', 'end'] as const).map(anchor => ({ anchor, shift })))

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** What a label covers that starts at `at`. */
export const boxOf = (label: string, at: Place): Box => ({
  left: at.x,
  right: at.x + labelWidth(label),
  top: at.y - LINE / 2,
  bottom: at.y + LINE / 2,
})

/**
 * Greedy, in the order given: the first free place, or the first of all when none is free.
 * @param obstacles what is there already
 */
export function placeLabels<P extends { readonly at: Place; readonly label: string }>(
  points: readonly P[],
  frame: Box,
  obstacles: readonly Box[] = [],
): (P & { readonly labelAt: Place; readonly anchor: 'start' | 'end' })[] {
  const dots = points.map(({ at }) => ({
    left: at.x - 5,
    right: at.x + 5,
    top: at.y - 5,
    bottom: at.y + 5,
  }))
  const taken = [...obstacles]
  return points.map(point => {
    const width = labelWidth(point.label)
    const places = candidates.map(({ anchor, shift }) => {
      const x = point.at.x + (anchor === 'start' ? GAP : -GAP)
      const y = point.at.y + shift
      return {
        anchor,
        labelAt: { x, y },
        box: boxOf(point.label, { x: anchor === 'start' ? x : x - width, y }),
      }
    })
    const free = places.find(
      ({ box }) =>
        box.left >= frame.left &&
        box.right <= frame.right &&
        box.top >= frame.top &&
        box.bottom <= frame.bottom &&
        !taken.some(other => overlap(box, other)) &&
        !dots.some(dot => overlap(box, dot)),
    )
    const { anchor, labelAt, box } = free ?? places[0]!
    taken.push(box)
    return { ...point, anchor, labelAt }
  })
}
