// What every tokenizer offers, ours and foreign ones alike.

/** Reserved in every tokenizer of ours from the start, so that a base checkpoint needs no resize for chat. They take the last ids. */
export const SPECIAL_TOKENS = [
  '<|endoftext|>', // starts every document and ends every text
  '<|pad|>',
  '<|user_start|>',
  '<|user_end|>',
  '<|assistant_start|>',
  '<|assistant_end|>',
] as const
export type SpecialToken = (typeof SPECIAL_TOKENS)[number]

export interface Tokenizer {
  readonly kind: 'bpe' | 'character' | 'foreign'
  /** Ids are 0 … vocabularySize − 1. */
  readonly vocabularySize: number
  /** Name → id. Plain text never encodes to these. */
  readonly specialTokens: ReadonlyMap<string, number>
  /** Plain text to ids; the text of a special token is encoded as plain text. Lone surrogates become U+FFFD. */
  encode(text: string): number[]
  /** Ids to text; incomplete UTF-8 becomes U+FFFD, special tokens appear as their names. */
  decode(ids: ArrayLike<number>): string
  /** The raw bytes a token stands for; empty for special tokens. @throws LabError when the id is out of range */
  tokenBytes(id: number): Uint8Array
}
