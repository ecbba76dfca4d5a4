// A demonstration as a training example: inputs, and the next token wherever the loss counts it.
import type { RenderedChat } from '../tokenizer/chat-template.ts'

/** L inputs and their targets, −1 where the loss does not count. */
export interface SftExample {
  readonly tokens: Int32Array<ArrayBuffer>
  readonly targets: Int32Array<ArrayBuffer>
}

/** Tokens that a conversation may have, its special ones included: the last is a target only. */
export const longestFor = (contextLength: number): number => contextLength + 1

/**
 * Why a conversation is not trained on, as a sentence; null = it is. It is never cut: an answer without its end would
 * teach not to stop.
 * @param contextLength null = not known yet
 */
export function refusalOf(rendered: RenderedChat, contextLength: number | null): string | null {
  if (!rendered.trained.includes(true))
    return 'no token would be trained on: the conversation has no answer by the assistant that is to be learnt from'
  const { length } = rendered.tokens
  if (contextLength !== null && length > longestFor(contextLength))
    return `${length} tokens do not fit the model's context of ${contextLength}, which takes ${longestFor(contextLength)}, the last as a target only: the answer would be cut off`
  return null
}

export const exampleOf = ({ tokens, trained }: RenderedChat): SftExample => ({
  tokens: Int32Array.from(tokens.slice(0, -1)),
  targets: Int32Array.from(tokens.slice(1), (token, i) => (trained[i + 1] ? token : -1)),
})
