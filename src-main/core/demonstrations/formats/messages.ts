// A list of {role, content} under `messages`, or a row that is such a list: TRL's conversational format, ChatML roles,
// OpenAI's fine-tuning files.
import type { ChatMessage } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type { Reading } from '../conversation.ts'
import { type DemonstrationFormat, type Found, field, isObject, kindOf, shortName } from './format.ts'

const roles: ReadonlySet<unknown> = new Set(['system', 'user', 'assistant'])

const isMessageList = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(one => isObject(one) && Object.hasOwn(one, 'role'))

export const messages: DemonstrationFormat = {
  name: 'messages',
  title: 'Messages with role and content (TRL, OpenAI)',
  recognises: row => field(row, 'messages') !== undefined || isMessageList(row),
  read: row => messageList(Array.isArray(row) ? row : field(row, 'messages'), '"messages"'),
}

/** @param what is named when it is no list: `"messages"` */
export function messageList(value: unknown, what: string): Found {
  if (!Array.isArray(value)) return { rejected: `${what} is ${kindOf(value)}, not a list of messages` }
  const found: ChatMessage[] = []
  for (const [i, one] of value.entries()) {
    const message = readMessage(one, i + 1)
    if ('rejected' in message) return message
    found.push(message)
  }
  return { messages: found }
}

function readMessage(one: unknown, number: number): Reading<ChatMessage> {
  if (!isObject(one)) return { rejected: `message ${number} is ${kindOf(one)}, not an object` }
  const role = field(one, 'role')
  const content = field(one, 'content')
  if (typeof role !== 'string') return { rejected: `the role of message ${number} is ${kindOf(role)}` }
  if (!roles.has(role))
    return {
      rejected: `message ${number} has the role "${shortName(role)}": only system, user and assistant can be learnt from`,
    }
  if (isCall(one)) return { rejected: `message ${number} calls a tool, which cannot be learnt from` }
  // OpenAI's mark for an answer that is not to be trained on.
  if (role === 'assistant' && field(one, 'weight') === 0)
    return {
      rejected: `message ${number} has weight 0: an answer that is not to be trained on is not supported`,
    }
  if (typeof content !== 'string')
    return { rejected: `the content of message ${number} is ${kindOf(content)}, not a string` }
  return { role: role as ChatMessage['role'], content }
}

const isCall = (message: object): boolean =>
  ['tool_calls', 'function_call'].some(name => (field(message, name) ?? null) !== null)
