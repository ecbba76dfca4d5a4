// Anthropic's HH-RLHF (Bai et al. 2022): two whole transcripts, `chosen` and `rejected`, that differ in the last answer.
// Some copies of it keep what is before the answers in a `prompt` that ends with "Assistant:".
import type { ChatMessage } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { Reading } from '../../../demonstrations/conversation.ts'
import { field, optionalTextAt, textAt } from '../../../demonstrations/formats/format.ts'
import { chosenAndRejected, type PreferenceFormat } from './format.ts'

const TURN = /(?:^|\n\n)(Human|Assistant):/g
const BEGINS = /^\s*(Human|Assistant):/
const ASKS = /(?:^|\n\n)Assistant:\s*$/

export const hhRlhf: PreferenceFormat = {
  name: 'hh-rlhf',
  title: 'HH-RLHF transcripts, chosen and rejected',
  recognises(row) {
    const [prompt, chosen, rejected] = ['prompt', 'chosen', 'rejected'].map(name => field(row, name))
    if (typeof chosen !== 'string' || typeof rejected !== 'string') return false
    if ((prompt ?? null) === null) return BEGINS.test(chosen)
    return typeof prompt === 'string' && BEGINS.test(prompt) && ASKS.test(prompt)
  },
  read(row, labeler) {
    const prompt = optionalTextAt(row, 'prompt')
    if ('rejected' in prompt) return prompt
    const before = prompt.text.trimEnd()
    const sides: ChatMessage[][] = []
    for (const name of ['chosen', 'rejected']) {
      const answer = textAt(row, name)
      if ('rejected' in answer) return answer
      const whole = answer.text.startsWith(before) ? answer.text : before + answer.text
      const turns = transcriptTurns(whole)
      if ('rejected' in turns) return { rejected: `"${name}" ${turns.rejected}` }
      sides.push(turns.messages)
    }
    return chosenAndRejected(sides[0]!, sides[1]!, labeler)
  },
}

/** The turns of a transcript: what follows `\n\nHuman: ` and `\n\nAssistant: `, to the letter. */
export function transcriptTurns(text: string): Reading<{ readonly messages: ChatMessage[] }> {
  const transcript = text.trimStart()
  const marks = [...transcript.matchAll(TURN)]
  if (marks.length === 0) return { rejected: 'has no line that begins with "Human:" or "Assistant:"' }
  if (marks[0]!.index > 0) return { rejected: `begins with something else than "Human:" or "Assistant:"` }
  return {
    messages: marks.map((mark, i) => {
      const said = transcript.slice(mark.index + mark[0].length, marks[i + 1]?.index)
      return {
        role: mark[1] === 'Human' ? 'user' : 'assistant',
        content: said.startsWith(' ') ? said.slice(1) : said,
      }
    }),
  }
}
