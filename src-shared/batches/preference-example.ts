// A prompt with its responses as a reward model reads them.
import type { Pair } from '../preferences/ranked-pairs.ts'
import { type Message, renderChat } from '../tokenizer/chat-template.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'

export interface PreferenceExample {
  /** Each response whole, after its prompt. */
  readonly responses: readonly Int32Array[]
  /** Decided pairs of responses. */
  readonly pairs: readonly Pair[]
}

/**
 * Prompt and response through the chat template, as it was sampled: one that was cut off has no end token, and its score
 * is read at its last token (algorithms page §2.5).
 * @throws LabError as `renderChat`
 */
export function responseTokens(
  tokenizer: Tokenizer,
  messages: readonly Message[],
  { text, stopped }: { readonly text: string; readonly stopped: boolean },
): readonly number[] {
  const { tokens } = renderChat(tokenizer, [...messages, { role: 'assistant', content: text }])
  return stopped ? tokens : tokens.slice(0, -1)
}
