// One cursor for all charts of a screen: where the pointer stands on the x axis they share.
import { create } from 'zustand'

interface Hover {
  /** Charts with the same group move together: same x axis, same screen. */
  group: string
  x: number | null
}
export const useHover = create<Hover>(() => ({ group: '', x: null }))
export const setHover = (group: string, x: number | null): void => useHover.setState({ group, x })
/** The shared x of a group; null when the pointer is elsewhere. */
export const useHoverX = (group: string): number | null =>
  useHover(hover => (hover.group === group ? hover.x : null))
