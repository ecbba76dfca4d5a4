// Alpaca: `instruction`, what it is about as `input` where there is something, and `output`. Some files add a `system`
// message and the `history` of earlier turns as pairs.
import type { ChatMessage } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type { Reading } from '../conversation.ts'
import { type DemonstrationFormat, field, oneTurn, optionalTextAt, textAt, withContext } from './format.ts'

export const alpaca: DemonstrationFormat = {
  name: 'alpaca',
  title: 'Alpaca instruction, input and output',
  recognises: row => field(row, 'instruction') !== undefined && field(row, 'output') !== undefined,
  read(row) {
    const instruction = textAt(row, 'instruction')
    if ('rejected' in instruction) return instruction
    const input = optionalTextAt(row, 'input')
    if ('rejected' in input) return input
    const output = textAt(row, 'output')
    if ('rejected' in output) return output
    const system = optionalTextAt(row, 'system')
    if ('rejected' in system) return system
    const history = earlierTurns(field(row, 'history'))
    if ('rejected' in history) return history
    const { messages } = oneTurn(system.text, withContext(instruction.text, input.text), output.text)
    messages.splice(-2, 0, ...history.messages)
    return { messages }
  },
}

function earlierTurns(history: unknown): Reading<{ messages: ChatMessage[] }> {
  const messages: ChatMessage[] = []
  if (history === undefined || history === null) return { messages }
  const isPair = (turn: unknown): turn is [string, string] =>
    Array.isArray(turn) && turn.length === 2 && turn.every(text => typeof text === 'string')
  if (!Array.isArray(history) || !history.every(isPair))
    return { rejected: '"history" is not a list of pairs of strings' }
  for (const [user, assistant] of history)
    messages.push({ role: 'user', content: user }, { role: 'assistant', content: assistant })
  return { messages }
}
