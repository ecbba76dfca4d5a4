// TRL's preference format: `chosen` and `rejected`, texts or lists of messages, after a `prompt` that is given or is what
// both lists begin with.
import type { ChatMessage } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { Reading } from '../../../demonstrations/conversation.ts'
import { field, kindOf } from '../../../demonstrations/formats/format.ts'
import { messageList } from '../../../demonstrations/formats/messages.ts'
import { type Comparison, chosenAndRejected, type PreferenceFormat, pairOf } from './format.ts'
import { hhRlhf } from './hh-rlhf.ts'

export const trlPreference: PreferenceFormat = {
  name: 'trl',
  title: 'TRL preference: prompt, chosen and rejected',
  recognises: row =>
    field(row, 'chosen') !== undefined && field(row, 'rejected') !== undefined && !hhRlhf.recognises(row),
  read(row, labeler) {
    const prompt = field(row, 'prompt') ?? null
    const chosen = field(row, 'chosen')
    const rejected = field(row, 'rejected')
    if (typeof chosen === 'string' && typeof rejected === 'string')
      return afterPrompt(prompt, chosen, rejected, labeler)
    if (!Array.isArray(chosen) || !Array.isArray(rejected))
      return {
        rejected: `"chosen" is ${kindOf(chosen)} and "rejected" is ${kindOf(rejected)}: both must be strings, or both lists of messages`,
      }
    const winner = messageList(chosen, '"chosen"')
    if ('rejected' in winner) return winner
    const loser = messageList(rejected, '"rejected"')
    if ('rejected' in loser) return loser
    const before = promptBefore(prompt, winner.messages)
    if ('rejected' in before) return before
    return chosenAndRejected(
      [...before.messages, ...winner.messages],
      [...before.messages, ...loser.messages],
      labeler,
    )
  },
}

function afterPrompt(
  prompt: unknown,
  chosen: string,
  rejected: string,
  labeler: string,
): Reading<Comparison> {
  if (typeof prompt === 'string')
    return pairOf([{ role: 'user', content: prompt }], chosen, rejected, labeler)
  if (prompt === null)
    return {
      rejected:
        '"prompt" is missing, and "chosen" and "rejected" are plain texts: where their answers begin cannot be told',
    }
  const before = messageList(prompt, '"prompt"')
  return 'rejected' in before ? before : pairOf(before.messages, chosen, rejected, labeler)
}

/** Files with a `prompt` beside lists that begin with it say it twice: as in TRL, what the lists say counts then. */
function promptBefore(
  prompt: unknown,
  answer: readonly ChatMessage[],
): Reading<{ readonly messages: readonly ChatMessage[] }> {
  if (prompt === null) return { messages: [] }
  if (typeof prompt === 'string')
    return { messages: answer[0]?.role === 'assistant' ? [{ role: 'user', content: prompt }] : [] }
  const before = messageList(prompt, '"prompt"')
  if ('rejected' in before) return before
  const isRepeated = before.messages.every(
    ({ role, content }, i) => answer[i]?.role === role && answer[i].content === content,
  )
  return isRepeated ? { messages: [] } : before
}
