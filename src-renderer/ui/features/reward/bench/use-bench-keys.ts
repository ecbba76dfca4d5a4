// The keyboard while the bench is open: heard before anything else hears it, so that no key of the window acts behind it.
import { useWindowEvent } from '@mantine/hooks'
import { useRef } from 'react'
import { actionOf, type BenchAction } from './bench-keys.ts'

const typing =
  'input, textarea, select, [contenteditable], [role="listbox"], [role="option"], [role="slider"]'
/** What a held key must not do again and again. */
const once: ReadonlySet<BenchAction['do']> = new Set(['next', 'skip', 'all-bad', 'undo', 'leave', 'keys'])

/** @param act does it; @returns false where the key is left to what has the focus */
export function useBenchKeys(act: (action: BenchAction, target: HTMLElement) => boolean): void {
  const latest = useRef(act)
  latest.current = act
  useWindowEvent(
    'keydown',
    event => {
      if (event.defaultPrevented || event.isComposing) return
      const target = event.target as HTMLElement
      if (target.closest?.(typing)) return
      // Pauses the run elsewhere; here it presses the button that has the focus.
      if (event.key === ' ') return event.stopPropagation()
      const action = actionOf(event)
      if (!action) return
      if (event.repeat && once.has(action.do)) return event.preventDefault()
      if (!latest.current(action, target)) return
      event.preventDefault()
      event.stopPropagation()
    },
    { capture: true },
  )
}
