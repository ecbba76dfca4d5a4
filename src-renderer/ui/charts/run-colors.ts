// A colour per run that stays with it: Okabe & Ito's palette (2008), told apart by people with any colour vision.
const palette = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#7a5bb5',
  '#8c6d1f',
] as const

/** The run's own place in the palette, the same in every session and on every screen. */
function placeOf(run: string): number {
  // FNV-1a
  let hash = 0x811c9dc5
  for (let i = 0; i < run.length; i++) hash = Math.imul(hash ^ run.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % palette.length
}

/** Colours for runs drawn together: each its own place, a later one moving on where an earlier one already stands. */
export function runColors(runs: readonly string[]): Map<string, string> {
  const taken = new Set<number>()
  const colors = new Map<string, string>()
  for (const run of runs) {
    if (colors.has(run)) continue
    let place = placeOf(run)
    if (taken.size >= palette.length) taken.clear()
    while (taken.has(place)) place = (place + 1) % palette.length
    taken.add(place)
    colors.set(run, palette[place]!)
  }
  return colors
}
