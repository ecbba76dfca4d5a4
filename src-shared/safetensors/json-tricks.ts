// What JSON.parse lets pass but readers of other languages read differently: duplicate keys, and numbers that are not
// plain counts (1.0, 1e2, −0). Two readers that disagree on one file are how hidden payloads travel.

const colon = /\s*:/y

/**
 * @param text valid JSON
 * @returns what is wrong, as a noun phrase, or null
 */
export function findJsonTrick(text: string): string | null {
  // One set of keys per open object, null per open array. A list, not recursion: depth is the attacker's choice.
  const open: (Set<string> | null)[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at]!
    if (character === '"') {
      const end = endOfString(text, at)
      const keys = open.at(-1)
      colon.lastIndex = end
      if (keys && colon.test(text)) {
        const key = JSON.parse(text.slice(at, end)) as string
        if (keys.has(key)) return `the key ${JSON.stringify(key)} twice`
        keys.add(key)
      }
      at = end
      continue
    }
    if (character === '{') open.push(new Set())
    else if (character === '[') open.push(null)
    else if (character === '}' || character === ']') open.pop()
    else if (character === '-' || character === '.' || (/[eE]/.test(character) && /\d/.test(text[at - 1]!)))
      return 'a number that is not a plain count'
    at++
  }
  return null
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}
