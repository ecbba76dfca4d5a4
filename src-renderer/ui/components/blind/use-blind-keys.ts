// Keys while two answers are compared blind.
import { useWindowEvent } from '@mantine/hooks'
import { useRef } from 'react'
import { type VoteAction, voteActionOf } from './vote-keys.ts'

const typing = 'input, textarea, select, [contenteditable]'

/** Heard before anything else hears it, so that no key of the window acts behind what is compared. */
export function useBlindKeys(act: (action: VoteAction) => void): void {
  const latest = useRef(act)
  latest.current = act
  useWindowEvent(
    'keydown',
    event => {
      if (event.defaultPrevented || event.isComposing) return
      if ((event.target as HTMLElement).closest?.(typing)) return
      // Pauses the run elsewhere; here it presses the button that has the focus.
      if (event.key === ' ') return event.stopPropagation()
      const action = voteActionOf(event)
      if (!action) return
      event.preventDefault()
      event.stopPropagation()
      // A held key is one vote, not ten.
      if (!event.repeat) latest.current(action)
    },
    { capture: true },
  )
}
