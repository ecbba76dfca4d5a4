// Pre-tokenization: text is cut into chunks (words with their space, numbers, punctuation …) that no BPE merge crosses.
// GPT-4's split (tiktoken, cl100k_base) with numbers in pairs of digits, as nanochat does for small vocabularies.

/**
 * The split as it stands in tokenizer.json. `\s` is Unicode's White_Space there; contractions are spelled out because
 * engines disagree on what `(?i:s)` matches (U+017F).
 */
export const SPLIT_PATTERN = String.raw`'(?:[sdmtSDMT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+`

/** JavaScript's own `\s` adds U+FEFF and lacks U+0085, unlike every other engine that reads tokenizer.json. */
export function splitRegExp(pattern: string): RegExp {
  return new RegExp(
    pattern
      .replaceAll(String.raw`\s`, String.raw`\p{White_Space}`)
      .replaceAll(String.raw`\S`, String.raw`\P{White_Space}`),
    'gu',
  )
}

/** V8's matcher runs out of stack near 3 million letters in a row, so longer texts are matched in parts. */
const MAX_SEGMENT = 2 ** 20

const isAsciiLetter = (unit: number) => (unit | 32) >= 97 && (unit | 32) <= 122

/** Places where every pattern used here ends a chunk, whatever stands around them: the end of a line or of a word. */
function isSureBoundary(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  if (before === 10) return /^\P{White_Space}/u.test(text[at]!)
  const after = text.charCodeAt(at)
  return isAsciiLetter(before) && after < 128 && !isAsciiLetter(after)
}

function segmentEnd(text: string, start: number): number {
  const limit = start + MAX_SEGMENT
  if (limit >= text.length) return text.length
  for (let at = limit; at > start; at--) if (isSureBoundary(text, at)) return at
  // A million characters without a line or a word: cut between two code points.
  return (text.charCodeAt(limit) & 0xfc00) === 0xdc00 ? limit - 1 : limit
}

/**
 * Calls `visit(segment, start, end)` for each chunk in order; the chunks cover the text without gaps.
 * @param text without lone surrogates   @param pattern global, matches at least one character everywhere
 */
export function forEachChunk(
  text: string,
  pattern: RegExp,
  visit: (segment: string, start: number, end: number) => void,
): void {
  for (let from = 0; from < text.length; ) {
    const to = segmentEnd(text, from)
    const segment = from === 0 && to === text.length ? text : text.slice(from, to)
    pattern.lastIndex = 0
    for (let start = 0; pattern.test(segment); start = pattern.lastIndex)
      visit(segment, start, pattern.lastIndex)
    from = to
  }
}
