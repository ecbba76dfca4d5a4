// The keyboard, as a table: what is bound, and the list that Ctrl+/ shows. `mod` is Ctrl, or ⌘ on a Mac.
export interface Key {
  /** In the spelling of @mantine/hooks: `mod+K`, `Space`. */
  readonly keys: string
  readonly does: string
  readonly action: KeyAction
  /** Keys without mod must leave typing and pressing buttons alone. */
  readonly whileTyping: boolean
}
export type KeyAction = 'palette' | 'keys' | 'new-run' | 'pause' | 'close' | `tab-${number}`

/** @param tabTitles in the order of the rail; the first nine get their digit, the tenth 0 */
export const keyMap = (tabTitles: readonly string[]): Key[] => [
  { keys: 'mod+K', does: 'Find a tab, an action or a run', action: 'palette', whileTyping: true },
  ...tabTitles.slice(0, 10).map(
    (title, i): Key => ({
      keys: `mod+${(i + 1) % 10}`,
      does: title,
      action: `tab-${i}`,
      whileTyping: true,
    }),
  ),
  { keys: 'mod+N', does: 'New run', action: 'new-run', whileTyping: true },
  { keys: 'Space', does: 'Pause or resume the run', action: 'pause', whileTyping: false },
  {
    keys: 'Escape',
    does: 'Stop the text being written; close what is open, back to the list',
    action: 'close',
    whileTyping: false,
  },
  { keys: 'mod+/', does: 'This list', action: 'keys', whileTyping: true },
]

/** Keys handled by the screens themselves, for the list only. */
export const screenKeys: readonly { keys: string; does: string }[] = [
  { keys: 'mod+Enter', does: 'Start a run, let the model continue the text, or send the message' },
  { keys: '1 … 9', does: 'Take the next token with that number' },
  { keys: 'Enter', does: 'Chat: send the message; with Shift a new line' },
  { keys: '1 … 4', does: 'Chat: the answer in this place is the best; 0 or T a tie, B all bad' },
  { keys: 'Page Up, Page Down', does: 'Microscope: the update before, and after' },
  { keys: '?', does: 'Ranking bench: the list of its keys' },
  {
    keys: '1, 2, 0',
    does: 'Blind tournament: A is better, B is better, a tie; S skips, U undoes, R reveals',
  },
  { keys: 'F2', does: 'Chat: rename the conversation in the list that has the focus; Delete deletes it' },
  { keys: '← →', does: 'Read the tokens one by one, while their strip has the focus' },
]

/** Elements that use Space and letters themselves. */
export const typingTags = ['INPUT', 'TEXTAREA', 'SELECT', 'BUTTON', 'A', 'SUMMARY']

/** `Ctrl+K`, on a Mac `⌘K`. */
export function spellKeys(keys: string, mac: boolean): string {
  const parts = keys.split('+').map(part => (part === 'mod' ? (mac ? '⌘' : 'Ctrl') : part))
  return mac ? parts.join('') : parts.join('+')
}
