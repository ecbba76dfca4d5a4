// What a prompt is: the same rules for one that is typed, of a file, and of a comparison.
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { checkedConversation, type Reading } from '../demonstrations/conversation.ts'

/** Messages up to the user's, without an empty system message; or why they are no prompt. */
export function checkedPrompt(
  messages: readonly ChatMessage[],
): Reading<{ readonly messages: ChatMessage[] }> {
  const last = messages.at(-1)
  if (!last) return { rejected: 'there is no prompt before the answers' }
  if (last.role !== 'user')
    return { rejected: `the prompt ends with a message of the role ${last.role}, not with the user's` }
  // An answer to it must make a conversation of it that can be learnt from.
  const answered = checkedConversation([
    ...messages.map(({ role, content }) => ({ role, content })),
    { role: 'assistant', content: 'an answer' },
  ])
  return 'rejected' in answered ? answered : { messages: answered.messages.slice(0, -1) }
}
