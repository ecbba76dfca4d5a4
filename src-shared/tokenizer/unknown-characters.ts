// What a character tokenizer cannot spell: such characters come back as U+FFFD, and a loss over them says nothing of the text.
import type { Tokenizer } from './tokenizer.ts'

const REPLACEMENT = /\ufffd/gu

/** How many characters of `text` were lost in `ids`, its encoding. A U+FFFD that the text has itself is not one. */
export function countUnknown(tokenizer: Tokenizer, text: string, ids: ArrayLike<number>): number {
  if (tokenizer.kind !== 'character') return 0
  const lost = (s: string) => s.match(REPLACEMENT)?.length ?? 0
  return lost(tokenizer.decode(ids)) - lost(text.toWellFormed())
}
