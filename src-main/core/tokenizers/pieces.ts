// Tokens as the screen draws them.
import type { TokenPiece } from '../../../src-shared/contract/lab-contract.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws LabError when the tokenizer has no such id */
export function pieceOf(tokenizer: Tokenizer, id: number): TokenPiece {
  const bytes = tokenizer.tokenBytes(id)
  if (bytes.length === 0)
    for (const [name, special] of tokenizer.specialTokens)
      if (special === id) return { id, text: name, bytes: [], special: true }
  return { id, text: wholeText(bytes), bytes: [...bytes], special: false }
}

/** The text that the bytes spell, null when they are not whole characters. */
function wholeText(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null // what a fatal TextDecoder throws, and nothing else here
    throw error
  }
}
