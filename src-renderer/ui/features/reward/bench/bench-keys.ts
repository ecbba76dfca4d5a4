// The bench's keyboard, as a table for its list of keys and as a function of a key press.
export const benchKeys: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: '1 … 9', does: 'The answer with that number is the next best; again: it gives its rank back' },
  { keys: '=', does: 'The next answer is as good as the one before: 1 = 2' },
  { keys: 'Shift+1 … 9', does: 'The same in one: this answer is as good as the one before' },
  { keys: '← →', does: 'Move the answer that has the focus one rank up or down' },
  { keys: 'Backspace', does: 'Take the last rank back' },
  { keys: 'Enter', does: 'Next prompt, once every answer has a rank; the last one gets its rank by itself' },
  { keys: 'S', does: 'Skip: no judgement' },
  { keys: 'B', does: 'All bad: none of them is worth choosing' },
  { keys: 'U', does: 'Undo the last prompt, again and again, also one of an earlier sitting' },
  { keys: 'Esc, Home', does: 'Leave; everything is kept' },
  { keys: '?', does: 'This list' },
]

export type BenchAction =
  | { readonly do: 'rank'; readonly place: number; readonly tied: boolean }
  | { readonly do: 'tie' | 'take-back' | 'next' | 'skip' | 'all-bad' | 'undo' | 'leave' | 'keys' }
  | { readonly do: 'move'; readonly by: -1 | 1 }

const letters = { s: 'skip', b: 'all-bad', u: 'undo' } as const
const named = {
  '=': 'tie',
  Backspace: 'take-back',
  Enter: 'next',
  Escape: 'leave',
  Home: 'leave',
  '?': 'keys',
} as const
const moves = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 } as const

/** What a key does on the bench, null where it does nothing. Digits go by their key: French ones are written with Shift. */
export function actionOf(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): BenchAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const { key, code } = event
  if (Object.hasOwn(named, key)) return { do: named[key as keyof typeof named] }
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1] ?? /^[1-9]$/.exec(key)?.[0]
  if (digit) return { do: 'rank', place: Number(digit) - 1, tied: event.shiftKey }
  if (Object.hasOwn(moves, key)) return { do: 'move', by: moves[key as keyof typeof moves] }
  const letter = key.toLowerCase()
  return Object.hasOwn(letters, letter) ? { do: letters[letter as keyof typeof letters] } : null
}
