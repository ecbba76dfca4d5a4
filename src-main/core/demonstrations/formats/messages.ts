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
  const said = readContent(content, number)
  if ('rejected' in said) return said
  const message = { role: role as ChatMessage['role'], content: said.text }
  // OpenAI's mark for an answer that is not to be trained on; others have none. Parquet gives a bigint.
  const weight = role === 'assistant' ? (field(one, 'weight') ?? 1) : 1
  if (weight === 0 || weight === 0n) return { ...message, weight: 0 }
  if (weight === 1 || weight === 1n) return message
  return { rejected: `the weight of message ${number} is neither 0 nor 1` }
}

/** A text, or the parts of one, as OpenAI and TRL write them for models that also see. */
function readContent(content: unknown, number: number): Reading<{ readonly text: string }> {
  if (typeof content === 'string') return { text: content }
  if (!Array.isArray(content))
    return { rejected: `the content of message ${number} is ${kindOf(content)}, not a string` }
  const texts: string[] = []
  for (const [i, part] of content.entries()) {
    const which = `part ${i + 1} of message ${number}`
    const type = field(part, 'type')
    const text = field(part, 'text')
    if (typeof type !== 'string') return { rejected: `${which} is no part of a text: it says no type` }
    if (type !== 'text')
      return { rejected: `${which} is of the type "${shortName(type)}": only text can be learnt from` }
    if (typeof text !== 'string') return { rejected: `the text of ${which} is ${kindOf(text)}, not a string` }
    texts.push(text)
  }
  return { text: texts.join('') }
}

const isCall = (message: object): boolean =>
  ['tool_calls', 'function_call'].some(name => (field(message, name) ?? null) !== null)
