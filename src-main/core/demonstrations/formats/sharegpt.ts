// ShareGPT: `conversations`, a list of {from, value}, as people shared their chats.
import type { ChatMessage } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type { Reading } from '../conversation.ts'
import { type DemonstrationFormat, field, isObject, kindOf, optionalTextAt, shortName } from './format.ts'
import { messageList } from './messages.ts'

const roles: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
}

export const sharegpt: DemonstrationFormat = {
  name: 'sharegpt',
  title: 'ShareGPT conversations',
  recognises: row => field(row, 'conversations') !== undefined,
  read(row) {
    const list = field(row, 'conversations')
    if (!Array.isArray(list))
      return { rejected: `"conversations" is ${kindOf(list)}, not a list of messages` }
    // Some files keep the name of the list and write its messages as everybody does today.
    if (list.length > 0 && list.every(one => field(one, 'role') !== undefined))
      return messageList(list, '"conversations"')
    const system = optionalTextAt(row, 'system')
    if ('rejected' in system) return system
    const messages: ChatMessage[] = []
    for (const [i, one] of list.entries()) {
      const message = readMessage(one, i + 1)
      if ('rejected' in message) return message
      messages.push(message)
    }
    if (system.text === '' || messages[0]?.role === 'system') return { messages }
    return { messages: [{ role: 'system', content: system.text }, ...messages] }
  },
}

function readMessage(one: unknown, number: number): Reading<ChatMessage> {
  if (!isObject(one)) return { rejected: `message ${number} is ${kindOf(one)}, not an object` }
  const from = field(one, 'from')
  const value = field(one, 'value')
  if (typeof from !== 'string') return { rejected: `"from" of message ${number} is ${kindOf(from)}` }
  const role = Object.hasOwn(roles, from) ? roles[from]! : null
  if (role === null)
    return {
      rejected: `message ${number} is from "${shortName(from)}": only system, human and gpt can be learnt from`,
    }
  if (typeof value !== 'string')
    return { rejected: `"value" of message ${number} is ${kindOf(value)}, not a string` }
  return { role, content: value }
}
