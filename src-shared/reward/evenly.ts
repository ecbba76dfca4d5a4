/** At most `most` of them, as evenly spread over their order as can be; the first is always there. */
export function evenly<T>(of: readonly T[], most: number): T[] {
  if (of.length <= most) return [...of]
  return Array.from({ length: most }, (_, i) => of[Math.floor((i * of.length) / most)]!)
}
