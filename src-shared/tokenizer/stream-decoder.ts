// Turns tokens into text as they come: a token may hold half a character, and a half is kept until it is whole.
import { LabError } from '../contract/errors.ts'
import type { Tokenizer } from './tokenizer.ts'

export class StreamDecoder {
  private readonly tokenizer: Tokenizer
  private readonly specialNames: ReadonlyMap<number, string>
  // ignoreBOM keeps a U+FEFF that the text has.
  private readonly utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = tokenizer
    this.specialNames = new Map([...tokenizer.specialTokens].map(([name, id]) => [id, name]))
  }

  /** The characters that `id` completes, perhaps none. A special token gives its name. @throws LabError when the id is out of range */
  push(id: number): string {
    const special = this.specialNames.get(id)
    if (special !== undefined) return this.end() + special
    return this.utf8.decode(this.tokenizer.tokenBytes(id), { stream: true })
  }

  /** What is left at the end: an incomplete character as U+FFFD, else nothing. The decoder can then be used again. */
  end(): string {
    return this.utf8.decode()
  }
}

/** Ids to text; special tokens as their names, invalid UTF-8 as U+FFFD. @throws LabError when an id is out of range */
export function decodeTokens(tokenizer: Tokenizer, ids: ArrayLike<number>): string {
  const decoder = new StreamDecoder(tokenizer)
  let text = ''
  for (let i = 0; i < ids.length; i++) text += decoder.push(ids[i]!)
  return text + decoder.end()
}

export function noSuchToken(id: number, vocabularySize: number): LabError {
  return new LabError({
    code: 'bad-input',
    what: `there is no token ${id}`,
    expected: `an id from 0 to ${vocabularySize - 1}`,
    got: String(id),
    fix: 'use the tokenizer that made these ids',
  })
}
