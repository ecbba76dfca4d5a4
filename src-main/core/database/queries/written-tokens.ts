// The tokens of an answer as stored: every piece once, tokens and their alternatives by number. A third of the plain form.
import type { WrittenToken } from '../../../../src-shared/contract/chat-contract.ts'
import type { TokenPiece } from '../../../../src-shared/contract/shapes.ts'

/** [token id, log-prob] */
type Choice = [id: number, logProb: number]

interface Packed {
  readonly pieces: TokenPiece[]
  /** A token, then its alternatives. */
  readonly tokens: Choice[][]
}

/** Log-probs are kept to 1e-4. */
const rounded = (logProb: number): number => Math.round(logProb * 1e4) / 1e4

export function packTokens(tokens: readonly WrittenToken[]): string {
  const pieces = new Map<number, TokenPiece>()
  const choice = ({ piece, logProb }: { piece: TokenPiece; logProb: number }): Choice => {
    pieces.set(piece.id, piece)
    // JSON has no infinity, which a token that the model excludes has.
    return [piece.id, Math.max(rounded(logProb), -Number.MAX_VALUE)]
  }
  const packed = tokens.map(token => [choice(token), ...token.alternatives.map(choice)])
  return JSON.stringify({ pieces: [...pieces.values()], tokens: packed } satisfies Packed)
}

export function unpackTokens(text: string): WrittenToken[] {
  const { pieces, tokens } = JSON.parse(text) as Packed
  const byId = new Map(pieces.map(piece => [piece.id, piece]))
  const choice = ([id, logProb]: Choice) => ({ piece: byId.get(id)!, logProb })
  return tokens.map(([token, ...alternatives]) => ({
    ...choice(token!),
    alternatives: alternatives.map(choice),
  }))
}
