// Where the names of a ruler's marks stand: in rows over the axis, right or left of their mark, so that none is written
// over another and no mark's line goes through a name.

export interface RulerLabel {
  /** Pixels from the left end of the axis. */
  readonly x: number
  /** Pixels that its text takes. */
  readonly width: number
  /** The side of its mark that it stands on where both are free. */
  readonly side: Side
}
export type Side = 'left' | 'right'
export interface PlacedLabel {
  /** 0 = the highest. */
  readonly row: number
  readonly side: Side
}

/** Between a mark and its name, and between two names, in pixels. */
const BESIDE = 5
const GAP = 24
/** How bad it is when names meet, or a line crosses one; when a name hangs over an end, per pixel. */
const MEETING = 1e6
const OVERHANG = 20
/** A row further down, and the other side. */
const LOWER = 1
const OTHER_SIDE = 2

const ends = ({ x, width }: RulerLabel, side: Side): readonly [number, number] =>
  side === 'right' ? [x + BESIDE, x + BESIDE + width] : [x - BESIDE - width, x - BESIDE]

/** How badly a label at its place goes with another one. */
function clash(a: RulerLabel, atA: PlacedLabel, b: RulerLabel, atB: PlacedLabel): number {
  const [fromA, toA] = ends(a, atA.side)
  const [fromB, toB] = ends(b, atB.side)
  if (atA.row === atB.row) return fromA < toB + GAP && fromB < toA + GAP ? MEETING : 0
  // The line of the higher one goes down to the axis, past the name of the lower one.
  const [line, from, to] = atA.row < atB.row ? [a.x, fromB, toB] : [b.x, fromA, toA]
  return line > from - 2 && line < to + 2 ? MEETING : 0
}

/**
 * The best places for the labels, in their order: every arrangement is looked at, for a ruler has a handful of them.
 * @param width of the axis in pixels  @param rows that there are
 */
export function placeLabels(labels: readonly RulerLabel[], width: number, rows: number): PlacedLabel[] {
  const choices = Array.from({ length: rows }, (_, row) => row).flatMap(row =>
    (['right', 'left'] as const).map(side => ({ row, side })),
  )
  let best: PlacedLabel[] = []
  let least = Number.POSITIVE_INFINITY
  const place = (placed: PlacedLabel[], cost: number) => {
    if (cost >= least) return
    const label = labels[placed.length]
    if (!label) {
      least = cost
      best = placed
      return
    }
    for (const at of choices) {
      const [from, to] = ends(label, at.side)
      const over = Math.max(0, -from) + Math.max(0, to - width)
      const clashes = placed.reduce((sum, other, i) => sum + clash(labels[i]!, other, label, at), 0)
      const own = LOWER * at.row + (at.side === label.side ? 0 : OTHER_SIDE) + OVERHANG * over
      place([...placed, at], cost + clashes + own)
    }
  }
  place([], 0)
  return best
}
