// Transcripts as HH-RLHF has them: turns of any length, text that looks like turns, other alphabets, spaces at the end.
import fc from 'fast-check'

/** @param turns the human's first, then in turns */
export const hhTranscript = (turns: readonly string[]): string =>
  turns.map((turn, i) => `\n\n${i % 2 === 0 ? 'Human' : 'Assistant'}: ${turn}`).join('')

/** No text of HH-RLHF can hold what separates its turns. */
const isOneTurn = (text: string): boolean => !/\n\n(Human|Assistant):/.test(`${text}\n`)

const turn = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.lorem({ mode: 'sentences', maxCount: 3 }),
    fc.constantFrom(
      'Human: is what I am.',
      'He said:\nHuman: no\nAssistant: yes',
      '\nAssistant',
      ' leading and trailing  ',
      'Two\n\nparagraphs\n\n',
      '日本語でお願いします 🙏🏽',
      '',
      'a\n',
    ),
  )
  .filter(isOneTurn)

export const transcriptArbitrary = fc.array(turn, { minLength: 1, maxLength: 7 })

/** Row `i` of a made-up file, of one to four turns before the answers; each is different. */
export function hhRow(i: number): { chosen: string; rejected: string } {
  const turns = Array.from({ length: 1 + 2 * (i % 3) }, (_, n) =>
    n % 2 === 0 ? `Question ${i}.${n}? Human: or not. ` : `Answer ${n}:\n\n- one\n- 二\n`,
  )
  return {
    chosen: hhTranscript([...turns, `A good answer to ${i}, with reasons.\n\nAnd an end.`]),
    rejected: hhTranscript([...turns, `No ${i}. `]),
  }
}
