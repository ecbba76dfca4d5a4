// What a column reads before it answers: the conversation up to the new prompt, as tokens that fit its context.
import type { ChatAnswer, ChatMode, ChatTurn } from '../../../src-shared/contract/chat-contract.ts'
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { chatStopTokens, renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import { rawPrompt } from '../../../src-shared/tokenizer/prompts.ts'
import { specialId } from '../../../src-shared/tokenizer/special-id.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'

/** A prompt and what the column answered to it. */
export interface Exchange {
  readonly prompt: string
  readonly answer: string
  /** How the answer was made. */
  readonly mode: ChatMode
}

export interface ColumnConversation {
  readonly mode: ChatMode
  /** Empty = none. */
  readonly system: string
  /** Oldest first. */
  readonly history: readonly Exchange[]
  readonly prompt: string
}

export interface ChatPrompt {
  readonly tokens: Int32Array<ArrayBuffer>
  readonly stopTokens: Int32Array<ArrayBuffer>
  /** At most as many as were asked for, and in template mode as many as the context has room for. */
  readonly maxTokens: number
  /** Tokens of the conversation that are not read. */
  readonly cutOff: number
}

/**
 * The conversation as tokens, with room for an answer: `maxTokens`, or a quarter of the context where that is less. What
 * does not fit is left out: whole exchanges, the oldest first, the system message staying; then the oldest tokens of what
 * is left, but for those that open the text or the user's turn.
 *
 * Through the template an answer ends at the latest where the context does: beyond it the model would no longer see the
 * question. A raw text runs on, as the engine reads the last half of the context anew.
 * @throws LabError `unsupported` for the template with a tokenizer that has no roles
 */
export function chatPrompt(
  tokenizer: Tokenizer,
  contextLength: number,
  conversation: ColumnConversation,
  maxTokens: number,
): ChatPrompt {
  const isTemplate = conversation.mode === 'template'
  const room = Math.min(maxTokens, Math.ceil(contextLength / 4))
  const { tokens, cutOff } = fitted(tokenizer, conversation, Math.max(1, contextLength - room))
  return {
    tokens: Int32Array.from(tokens),
    stopTokens: Int32Array.from(
      isTemplate ? chatStopTokens(tokenizer) : [specialId(tokenizer, '<|endoftext|>')],
    ),
    maxTokens: isTemplate ? Math.min(maxTokens, contextLength - tokens.length + 1) : maxTokens,
    cutOff,
  }
}

/** As much of the conversation as `size` tokens hold. */
function fitted(
  tokenizer: Tokenizer,
  conversation: ColumnConversation,
  size: number,
): { tokens: readonly number[]; cutOff: number } {
  const { mode, history } = conversation
  const withLast = (exchanges: number) =>
    written(tokenizer, { ...conversation, history: history.slice(history.length - exchanges) })
  const whole = withLast(history.length)
  if (whole.length <= size) return { tokens: whole, cutOff: 0 }
  let tokens = withLast(0)
  for (let exchanges = 1; exchanges < history.length; exchanges++) {
    const longer = withLast(exchanges)
    if (longer.length > size) break
    tokens = longer
  }
  if (tokens.length > size) {
    // <|endoftext|>, and through the template <|user_start|>.
    const opening = Math.min(mode === 'template' ? 2 : 1, size - 1)
    tokens = [...tokens.slice(0, opening), ...tokens.slice(tokens.length - (size - opening))]
  }
  return { tokens, cutOff: whole.length - tokens.length }
}

function written(tokenizer: Tokenizer, conversation: ColumnConversation): readonly number[] {
  if (conversation.mode === 'template')
    return renderChat(tokenizer, messagesOf(conversation), { addGenerationPrompt: true }).tokens
  return rawPrompt(tokenizer, rawText(conversation))
}

/** The system message, the exchanges in turn, and the prompt where there is one. */
export function messagesOf({
  system,
  history,
  prompt,
}: Pick<ColumnConversation, 'system' | 'history'> & { readonly prompt?: string }): ChatMessage[] {
  return [
    ...(system === '' ? [] : [{ role: 'system', content: system } as const]),
    ...history.flatMap(
      exchange =>
        [
          { role: 'user', content: exchange.prompt },
          { role: 'assistant', content: exchange.answer },
        ] as const,
    ),
    ...(prompt === undefined ? [] : [{ role: 'user', content: prompt } as const]),
  ]
}

/** What a column has answered on the way: turns that it left without a text are not part of what it reads. */
export function historyOf(
  path: readonly Pick<ChatTurn, 'id' | 'prompt'>[],
  answers: readonly Pick<ChatAnswer, 'turn' | 'column' | 'text' | 'mode' | 'stopped'>[],
  column: number,
): Exchange[] {
  return path.flatMap(({ id, prompt }) => {
    const answer = answers.find(answer => answer.turn === id && answer.column === column)
    // A model may answer with nothing; a text that was stopped before it began is none.
    if (!answer || (answer.text === '' && answer.stopped !== 'end')) return []
    return [{ prompt, answer: answer.text, mode: answer.mode }]
  })
}

/**
 * The conversation as one text to be continued: system message, prompts and answers on lines of their own. An answer that
 * was itself a continuation stands directly after its prompt, as it was written. Nothing follows the last prompt, so that
 * a sentence begun in it can go on.
 */
export function rawText({ system, history, prompt }: Omit<ColumnConversation, 'mode'>): string {
  return [
    ...(system === '' ? [] : [system]),
    ...history.map(exchange => exchange.prompt + (exchange.mode === 'raw' ? '' : '\n') + exchange.answer),
    prompt,
  ].join('\n')
}
