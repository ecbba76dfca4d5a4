// Tokens as they are pointed at: one each, but those that only together make a character are one unit.
import type { WrittenToken } from '../../../../src-shared/contract/chat-contract.ts'

export interface TokenUnit {
  /** Index of the first token. */
  readonly from: number
  readonly count: number
  readonly text: string
  readonly special: boolean
  /** Of all its tokens together, in nats. */
  readonly logProb: number
}

const whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lossy = new TextDecoder('utf-8', { ignoreBOM: true })

function wholeText(bytes: readonly number[]): string | null {
  try {
    return whole.decode(Uint8Array.from(bytes))
  } catch (error) {
    if (error instanceof TypeError) return null // what a fatal TextDecoder throws, and nothing else here
    throw error
  }
}

/** Joined, the texts are the answer's text; bytes that make no character show as U+FFFD. */
export function unitsOf(tokens: readonly WrittenToken[]): TokenUnit[] {
  const units: TokenUnit[] = []
  for (let from = 0; from < tokens.length; ) {
    const { piece } = tokens[from]!
    let count = 1
    let text = piece.text
    if (text === null) {
      const bytes = [...piece.bytes]
      // A whole character after broken bytes is a unit of its own.
      while (text === null && from + count < tokens.length && tokens[from + count]!.piece.text === null) {
        bytes.push(...tokens[from + count++]!.piece.bytes)
        text = wholeText(bytes)
      }
      text ??= lossy.decode(Uint8Array.from(bytes))
    }
    const logProb = tokens.slice(from, from + count).reduce((sum, token) => sum + token.logProb, 0)
    units.push({ from, count, text, special: piece.special, logProb })
    from += count
  }
  return units
}

/** KL of a unit: of all its tokens together, in nats. @param nats of every token of the answer */
export const unitNats = ({ from, count }: TokenUnit, nats: readonly number[]): number =>
  nats.slice(from, from + count).reduce((sum, each) => sum + each, 0)
