// Inside of SVG there are no buttons: what has the role of one hears the keys of one.
import type { KeyboardEvent } from 'react'

/** Enter and Space press it. Neither goes on to the window, where Space pauses the run. */
export const pressedBy =
  (press: () => void) =>
  (event: Pick<KeyboardEvent, 'key' | 'preventDefault' | 'stopPropagation'>): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    event.stopPropagation()
    press()
  }
