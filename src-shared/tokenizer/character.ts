// Character level: one token per Unicode code point of the training text. For very small texts and nanoGPT's recipes.
import { LabError } from '../contract/errors.ts'
import { decodeTokens, noSuchToken } from './stream-decoder.ts'
import { SPECIAL_TOKENS, type Tokenizer } from './tokenizer.ts'

/** Stands for every character outside the alphabet; always part of it. An ordinary token, so special tokens stay unreachable. */
export const UNKNOWN_CHARACTER = '\uFFFD'

export interface CharacterTraining {
  /** Sorted by code point; `alphabet[id]` is the character of that id. */
  alphabet: string[]
  /** By id, special tokens included. */
  uses: Float64Array
  bytes: number
  tokens: number
}

/** @throws LabError when there is no text */
export function trainCharacters(texts: Iterable<string>): CharacterTraining {
  const counts = new Map<number, number>()
  for (const text of texts) {
    const wellFormed = text.toWellFormed()
    for (let i = 0; i < wellFormed.length; ) {
      const point = wellFormed.codePointAt(i)!
      counts.set(point, (counts.get(point) ?? 0) + 1)
      i += point > 0xffff ? 2 : 1
    }
  }
  if (counts.size === 0)
    throw new LabError({
      code: 'bad-input',
      what: 'there is no text to train a tokenizer on',
      fix: 'choose a corpus with text in its training split',
    })
  const unknown = UNKNOWN_CHARACTER.codePointAt(0)!
  if (!counts.has(unknown)) counts.set(unknown, 0)
  const points = [...counts.keys()].sort((a, b) => a - b)
  const uses = new Float64Array(points.length + SPECIAL_TOKENS.length)
  let bytes = 0
  let tokens = 0
  points.forEach((point, id) => {
    uses[id] = counts.get(point)!
    tokens += uses[id]!
    bytes += uses[id]! * (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)
  })
  return { alphabet: points.map(point => String.fromCodePoint(point)), uses, bytes, tokens }
}

export class CharacterTokenizer implements Tokenizer {
  readonly kind = 'character'
  readonly vocabularySize: number
  readonly specialTokens: ReadonlyMap<string, number>
  readonly alphabet: readonly string[]
  private readonly bytes: readonly Uint8Array[]
  private readonly idOfPoint: ReadonlyMap<number, number>
  private readonly unknown: number

  /** @param alphabet distinct code points, UNKNOWN_CHARACTER among them; a character's id is its index */
  constructor(alphabet: readonly string[]) {
    const encoder = new TextEncoder()
    this.alphabet = alphabet
    this.bytes = alphabet.map(character => encoder.encode(character))
    this.idOfPoint = new Map(alphabet.map((character, id) => [character.codePointAt(0)!, id]))
    this.unknown = alphabet.indexOf(UNKNOWN_CHARACTER)
    this.specialTokens = new Map(SPECIAL_TOKENS.map((name, i) => [name, alphabet.length + i]))
    this.vocabularySize = alphabet.length + SPECIAL_TOKENS.length
  }

  /** A character outside the alphabet becomes UNKNOWN_CHARACTER. */
  encode(text: string): number[] {
    const ids: number[] = []
    for (let i = 0; i < text.length; ) {
      const point = text.codePointAt(i)!
      ids.push(this.idOfPoint.get(point) ?? this.unknown)
      i += point > 0xffff ? 2 : 1
    }
    return ids
  }

  decode(ids: ArrayLike<number>): string {
    return decodeTokens(this, ids)
  }

  tokenBytes(id: number): Uint8Array {
    if (!Number.isInteger(id) || id < 0 || id >= this.vocabularySize)
      throw noSuchToken(id, this.vocabularySize)
    return this.bytes[id] ?? new Uint8Array(0)
  }
}
