// A name that no other run has.

/** Names hold no more characters. */
const LONGEST = 120

/** `text` and `end`, the text cut where both are too long; counted on where that name is taken: `shakespeare 4x128 2`. */
export function freeName(text: string, end: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const whole = n === 1 ? end : `${end} ${n}`
    const name = text.slice(0, LONGEST - whole.length) + whole
    if (!taken.has(name)) return name
  }
}
