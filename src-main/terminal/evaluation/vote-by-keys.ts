// A blind tournament by keys: two answers at a time, each vote kept before the next pair is shown.
import type { BlindPair, VoteState } from '../../../src-shared/contract/evaluation-contract.ts'
import { answerText, behind, speakers } from '../ranking/card-text.ts'
import type { Key } from '../ranking/keys.ts'
import type { Session } from '../session.ts'

const KEYS = '1 or 2 the better one · 0 or = as good as each other · s skip · u undo · q quit'
const choices: Readonly<Record<string, 'left' | 'right' | 'tie' | 'skip'>> = {
  1: 'left',
  2: 'right',
  0: 'tie',
  '=': 'tie',
  s: 'skip',
}

export function pairText({ messages, left, right }: BlindPair, { done, total }: VoteState): string {
  return [
    `── Pair ${done + 1} of ${total}`,
    ...messages.map(({ role, content }) => behind(`${speakers[role]}: `, content)),
    '',
    answerText(0, left),
    answerText(1, right),
    KEYS,
  ].join('\n')
}

/** Goes from pair to pair until all are voted on, q is pressed or the keys end. @returns what was done here, and where it stands */
export async function voteByKeys(
  session: Pick<Session, 'call'>,
  voter: { readonly evaluation: string; readonly labeler: string },
  keys: AsyncIterable<Key>,
  show: (text: string) => void,
): Promise<{ votes: number; skipped: number; state: VoteState }> {
  let state = await session.call('evaluation.nextPair', voter)
  // One that is taken back beyond them is of an earlier sitting.
  const given: string[] = []
  const told = () => {
    const skipped = given.filter(choice => choice === 'skip').length
    return { votes: given.length - skipped, skipped, state }
  }
  let since = performance.now()
  const deal = () => {
    since = performance.now()
    if (state.pair) show(pairText(state.pair, state))
  }
  deal()
  if (!state.pair) return told()
  for await (const key of keys) {
    const { pair } = state
    if (!pair || key === 'quit' || (typeof key === 'object' && key.char === 'q')) break
    if (typeof key === 'string') continue
    const choice = choices[key.char]
    if (choice) {
      const seconds = (performance.now() - since) / 1000
      state = await session.call('evaluation.vote', { ...voter, place: pair.place, choice, seconds })
      given.push(choice)
    } else if (key.char === 'u' && state.canUndo) {
      state = await session.call('evaluation.undo', voter)
      given.pop()
      show('Taken back.\n')
    } else {
      show(key.char === 'u' ? 'There is nothing to take back.' : KEYS)
      continue
    }
    deal()
    if (!state.pair) break
  }
  return told()
}
