// What a demonstration is: the same rules for a row of a file, one written by hand and one that is edited.
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'

/** UTF-16 code units of one message. */
export const MAX_MESSAGE_CHARACTERS = 200_000
export const MAX_MESSAGES = 200

/** What a format finds in a row, or why there is nothing in it. */
export type Reading<T> = T | { readonly rejected: string }

/** Something to read: not only white space and controls. */
export const isSaid = (text: string): boolean => /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(text)

const roleNames: Readonly<Record<ChatMessage['role'], string>> = {
  system: "the system's",
  user: "the user's",
  assistant: "the assistant's",
}

/**
 * The conversation, byte by byte as it was given, without an empty system message; or why it cannot be trained on. A
 * weight stands only where it says something: 0, with an answer.
 * @param messages of any roles and contents
 */
export function checkedConversation(
  messages: readonly ChatMessage[],
): Reading<{ readonly messages: ChatMessage[] }> {
  const kept = messages
    .filter(({ role, content }, i) => !(i === 0 && role === 'system' && !isSaid(content)))
    .map(plainMessage)
  const offset = messages.length - kept.length
  const fault =
    sizeFault(kept) ??
    kept.map((message, i) => contentFault(message, i + offset)).find(found => found !== null) ??
    orderFault(kept, offset) ??
    weightFault(kept)
  return fault === null ? { messages: kept } : { rejected: fault }
}

function sizeFault(messages: readonly ChatMessage[]): string | null {
  if (messages.length === 0) return 'the conversation has no messages'
  return messages.length > MAX_MESSAGES
    ? `the conversation has ${messages.length} messages, more than ${MAX_MESSAGES}`
    : null
}

function contentFault({ role, content }: ChatMessage, index: number): string | null {
  const fault = textFault(content)
  return fault && `message ${index + 1}, ${roleNames[role]}, ${fault}`
}

/** What is wrong with a text that somebody is to have said: `is empty`; null = nothing. */
export function textFault(text: string): string | null {
  if (text.length > MAX_MESSAGE_CHARACTERS)
    return `has ${text.length} characters, more than ${MAX_MESSAGE_CHARACTERS}`
  if (!isSaid(text)) return 'is empty'
  if (!text.isWellFormed()) return 'holds half of a surrogate pair, which is no character'
  return text.includes('\0') ? 'holds a NUL' : null
}

function orderFault(messages: readonly ChatMessage[], offset: number): string | null {
  const first = messages[0]!.role === 'system' ? 1 : 0
  for (const [i, { role }] of messages.slice(first).entries()) {
    const expected = i % 2 === 0 ? 'user' : 'assistant'
    if (role === expected) continue
    const place = `message ${first + i + offset + 1} is ${roleNames[role]}`
    if (role === 'system') return `${place}, which may only come first`
    return i === 0
      ? `${place}: there is no prompt before it`
      : `${place} again: user and assistant must take turns`
  }
  if (messages.length === first) return 'there is neither a prompt nor a response'
  return messages.at(-1)!.role === 'user'
    ? 'the conversation ends with the user: there is no response to learn from'
    : null
}

const weightFault = (messages: readonly ChatMessage[]): string | null =>
  messages.every(({ role, weight }) => role !== 'assistant' || weight === 0)
    ? 'no token would be trained on: every answer has weight 0'
    : null

/** A message as it is kept: what is equal in meaning is equal in bytes. */
export const plainMessage = ({ role, content, weight }: ChatMessage): ChatMessage =>
  role === 'assistant' && weight === 0 ? { role, content, weight } : { role, content }

/** As `checkedConversation`. @throws LabError `bad-input` with the reason */
export function requireConversation(messages: readonly ChatMessage[]): ChatMessage[] {
  const checked = checkedConversation(messages)
  if (!('rejected' in checked)) return checked.messages
  throw new LabError({
    code: 'bad-input',
    what: checked.rejected,
    where: 'messages',
    expected: 'a system message if you like, then user and assistant in turns, the assistant last',
    fix: 'complete the conversation; what was there before is unchanged',
  })
}
