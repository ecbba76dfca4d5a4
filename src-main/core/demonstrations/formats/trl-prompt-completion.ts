// TRL's prompt and completion: both texts, or both lists of messages, of which the completion goes on with the prompt. As
// in TRL, only the completion is trained on: an answer that stands in the prompt has weight 0.
import { type DemonstrationFormat, field, kindOf, oneTurn } from './format.ts'
import { messageList } from './messages.ts'

export const trlPromptCompletion: DemonstrationFormat = {
  name: 'trl-prompt-completion',
  title: 'TRL prompt and completion',
  recognises: row => field(row, 'prompt') !== undefined && field(row, 'completion') !== undefined,
  read(row) {
    const prompt = field(row, 'prompt')
    const completion = field(row, 'completion')
    if (typeof prompt === 'string' && typeof completion === 'string') return oneTurn('', prompt, completion)
    if (!Array.isArray(prompt) || !Array.isArray(completion))
      return {
        rejected: `"prompt" is ${kindOf(prompt)} and "completion" is ${kindOf(completion)}: both must be strings, or both lists of messages`,
      }
    const before = messageList(prompt, '"prompt"')
    if ('rejected' in before) return before
    const after = messageList(completion, '"completion"')
    if ('rejected' in after) return after
    const read = before.messages.map(message => ({ ...message, weight: 0 as const }))
    return { messages: [...read, ...after.messages] }
  },
}
