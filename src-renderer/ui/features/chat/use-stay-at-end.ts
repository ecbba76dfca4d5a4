// Keeps the end of what scrolls in view while it grows, shrinks or is laid out anew, until the person scrolls away.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

/** Pixels from the end that still count as being there. */
const NEAR = 40

/**
 * @param scroller its first child holds all that scrolls
 * @param anew whenever it changes, the end is gone to: another conversation, a new message
 */
export function useStayAtEnd(scroller: RefObject<HTMLElement | null>, anew: unknown): void {
  const atEnd = useRef(true)
  const toEnd = useRef(() => {
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change of `anew` is what is waited for
  useLayoutEffect(() => {
    atEnd.current = true
    toEnd.current()
  }, [anew])
  useEffect(() => {
    const element = scroller.current
    if (!element?.firstElementChild) return
    let before = element.scrollTop
    const look = () => {
      const { scrollTop } = element
      // News of a place that was gone to may come when there is more below it already: only going up leaves the end.
      if (element.scrollHeight - scrollTop - element.clientHeight <= NEAR) atEnd.current = true
      else if (scrollTop < before) atEnd.current = false
      before = scrollTop
    }
    const observer = new ResizeObserver(() => {
      if (atEnd.current) toEnd.current()
    })
    observer.observe(element)
    observer.observe(element.firstElementChild)
    element.addEventListener('scroll', look)
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller])
}
