// What a model reads before it writes, for one text: a base continues it as the beginning of a document, later models are
// asked. A whole conversation is rendered by chat-template.ts.
import { renderChat } from './chat-template.ts'
import { specialId } from './special-id.ts'
import type { Tokenizer } from './tokenizer.ts'

/** `<|endoftext|>`, which starts every document, and the text. */
export const rawPrompt = (tokenizer: Tokenizer, text: string): number[] => [
  specialId(tokenizer, '<|endoftext|>'),
  ...tokenizer.encode(text),
]

/** The text as a user's first message, with the assistant's turn opened. @throws LabError `unsupported` as `renderChat` */
export const templatePrompt = (tokenizer: Tokenizer, text: string): readonly number[] =>
  renderChat(tokenizer, [{ role: 'user', content: text }], { addGenerationPrompt: true }).tokens
