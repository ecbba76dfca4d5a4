// The keyboard of blind comparisons: what a key press means.

import type { InferOutput } from 'valibot'
import type { voteChoice } from '../../../../src-shared/contract/evaluation-contract.ts'

export type VoteChoice = InferOutput<typeof voteChoice>
export type VoteAction =
  | { readonly do: 'vote'; readonly choice: VoteChoice }
  | { readonly do: 'undo' | 'reveal' | 'leave' }

const vote = (choice: VoteChoice): VoteAction => ({ do: 'vote', choice })
const actions: Readonly<Record<string, VoteAction>> = {
  '1': vote('left'),
  a: vote('left'),
  arrowleft: vote('left'),
  '2': vote('right'),
  b: vote('right'),
  arrowright: vote('right'),
  '0': vote('tie'),
  t: vote('tie'),
  s: vote('skip'),
  u: { do: 'undo' },
  r: { do: 'reveal' },
  escape: { do: 'leave' },
}

/** What a key does, null where it does nothing. Digits go by their key: French ones are written with Shift. */
export function voteActionOf(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): VoteAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const digit = /^(?:Digit|Numpad)([012])$/.exec(event.code)?.[1]
  const key = digit ?? event.key.toLowerCase()
  return Object.hasOwn(actions, key) ? actions[key]! : null
}
