// Prompts that hold a text, in their messages or responses.

import type { Db } from '../database/open.ts'
import { matchingPrompts } from '../database/queries/preference-prompts.ts'
import type { NumberRange } from '../datasets/latest-search.ts'
import { holdsText, likePattern } from '../demonstrations/row-search.ts'

/** @returns numbers of a range's prompts one of whose texts holds `text`, letter case aside */
export function promptsHolding(db: Db, set: string, text: string): (range: NumberRange) => number[] {
  const holds = holding(text)
  const { pattern } = likePattern(text)
  return range =>
    matchingPrompts(db, set, { ...range, pattern })
      .filter(({ messages, responses }) =>
        holds({ messages: JSON.parse(messages), responses: JSON.parse(responses) }),
      )
      .map(({ number }) => number)
}

interface Texts {
  readonly messages: readonly { readonly content: string }[]
  readonly responses: readonly { readonly text: string }[]
}

/** Whether a prompt or one of its responses holds `text`, letter case aside. */
export function holding(text: string): (prompt: Texts) => boolean {
  const holds = holdsText(text)
  return ({ messages, responses }) =>
    messages.some(({ content }) => holds(content)) || responses.some(({ text }) => holds(text))
}
