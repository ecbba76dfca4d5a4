// A vote on the answers of a turn, as pairs that a reward model can learn from.
import type { ChatVote } from '../../../src-shared/contract/chat-contract.ts'
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { StoredAnswer } from '../database/queries/chat-answers.ts'
import type { Comparison } from '../database/queries/comparisons.ts'

/**
 * The best answer against every other, or every pair of equals; a is the one whose column comes first. Columns of a
 * longer conversation have read different answers before: a pair's prompt is what the better one has read, of equals a.
 * @param answers chosen attempts of one turn; those without a finished text take no part
 * @param promptOf messages that an answer was written after
 * @throws LabError `conflict` when fewer than two can be compared; `bad-input` for a best one that is not among them
 */
export function comparisonsOf(
  { outcome, blind }: ChatVote,
  answers: readonly StoredAnswer[],
  promptOf: (answer: StoredAnswer) => ChatMessage[],
): Comparison[] {
  const compared = answers
    .filter(({ state, text }) => state === 'done' && text.trim() !== '')
    .sort((a, b) => a.column - b.column)
  if (compared.length < 2)
    throw new LabError({
      code: 'conflict',
      what: 'there are no two answers to compare',
      expected: 'at least 2 finished answers with a text',
      got: String(compared.length),
      fix: 'let another column answer, or regenerate',
    })
  if (typeof outcome === 'number' && !compared.some(({ column }) => column === outcome))
    throw new LabError({
      code: 'bad-input',
      what: `column ${outcome + 1} has no finished answer with a text`,
      where: 'vote',
      expected: `one of ${compared.map(({ column }) => column + 1).join(', ')}`,
      fix: 'choose another answer',
    })
  const pairs = compared.flatMap((a, i) => compared.slice(i + 1).map(b => [a, b] as const))
  return pairs
    .filter(([a, b]) => typeof outcome !== 'number' || a.column === outcome || b.column === outcome)
    .map(([a, b]) => ({
      prompt: promptOf(b.column === outcome ? b : a),
      a: a.text,
      aCheckpoint: a.checkpoint,
      b: b.text,
      bCheckpoint: b.checkpoint,
      outcome:
        typeof outcome !== 'number'
          ? outcome === 'tie'
            ? 'tie'
            : 'both-bad'
          : outcome === a.column
            ? 'a'
            : 'b',
      blind,
    }))
}
