// Keeps the end of a growing text in view, unless the person scrolled away from it to read.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

/** Pixels from the end that still count as being there. */
const NEAR = 40

/**
 * @param growing while true the end is followed; a new start follows it again
 * @param content changes whenever there is more
 */
export function useStickToEnd(box: RefObject<HTMLElement | null>, growing: boolean, content: unknown): void {
  const away = useRef(false)
  const wasGrowing = useRef(false)
  useEffect(() => {
    const element = box.current
    if (!growing || !element) return
    away.current = false
    const look = () => {
      away.current = element.scrollHeight - element.scrollTop - element.clientHeight > NEAR
    }
    element.addEventListener('scroll', look)
    return () => element.removeEventListener('scroll', look)
  }, [box, growing])
  // biome-ignore lint/correctness/useExhaustiveDependencies: content is what makes the box grow
  useLayoutEffect(() => {
    const element = box.current
    // The last of the text may come together with the news that it was the last.
    const last = wasGrowing.current && !growing
    wasGrowing.current = growing
    if ((growing || last) && element && !away.current) element.scrollTop = element.scrollHeight
  }, [box, growing, content])
}
