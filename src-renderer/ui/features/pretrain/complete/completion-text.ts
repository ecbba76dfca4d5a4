// The text of the playground: what the person wrote and the tokens taken since, with undo. Tokens are joined as bytes,
// since one character may be spread over several tokens.
import type { TokenPiece } from '../../../../../src-shared/contract/lab-contract.ts'

export interface TakenToken {
  readonly piece: TokenPiece
  /** Natural log of its probability when it was taken; null where the person chose a token whose probability is unknown. */
  readonly logProb: number | null
  /** Taken by a click or key, or drawn by the sampler. */
  readonly by: 'person' | 'sampler'
}

export interface CompletionText {
  readonly prompt: string
  readonly taken: readonly TakenToken[]
}

export const started = (prompt: string): CompletionText => ({ prompt, taken: [] })

export const taking = (text: CompletionText, token: TakenToken): CompletionText => ({
  ...text,
  taken: [...text.taken, token],
})

export const undone = (text: CompletionText): CompletionText => ({ ...text, taken: text.taken.slice(0, -1) })

// ignoreBOM keeps a U+FEFF that the text has.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes of a piece; a special token has none and is left out of the text. */
const joinedBytes = (pieces: readonly TokenPiece[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(pieces.flatMap(p => (p.special ? [] : p.bytes)))

/** The continuation as text; bytes that do not yet make a whole character show as U+FFFD. */
export const continuation = (taken: readonly TakenToken[]): string =>
  decoder.decode(joinedBytes(taken.map(t => t.piece)))

/** What the model is asked to continue: the prompt as text, the tokens after it as they are. */
export const asked = ({
  prompt,
  taken,
}: CompletionText): { text: string; after?: Int32Array<ArrayBuffer> } =>
  taken.length === 0 ? { text: prompt } : { text: prompt, after: Int32Array.from(taken, t => t.piece.id) }

/** Prompt and continuation as one text, for reading and editing. */
export const fullText = ({ prompt, taken }: CompletionText): string => prompt + continuation(taken)

/** 1–9 for the keys that take the n-th token; null for every other key or with a modifier. */
export function takenByKey(event: {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  return /^[1-9]$/.test(event.key) ? Number(event.key) : null
}
