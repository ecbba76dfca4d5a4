// Parts of a recipe: a named group of fields, the bar at its foot that holds the estimate and Start, and its first focus.
import { Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useApp } from '../../app-state.ts'
import classes from './recipe-part.module.css'

export function RecipePart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Text fz="sm" fw={600} mb={4}>
        {title}
      </Text>
      {children}
    </section>
  )
}

export function StartBar({ children }: { children: ReactNode }) {
  return <div className={classes.start}>{children}</div>
}

/** Pixels of a zone from which it is known to be there: its name and what stands under it. */
const SEEN = 120

/**
 * Scrolls to what was started where it is not in view: below, where the zones are one column, or above, for who came
 * from the runs. What is in view stays where it is.
 */
export function bringIntoView(screen: Element | null | undefined, selector: string): void {
  const zone = screen?.querySelector(selector)
  if (!screen || !zone) return
  const { top } = zone.getBoundingClientRect()
  const view = screen.getBoundingClientRect()
  if (top < view.top || top + SEEN > view.bottom) zone.scrollIntoView({ block: 'start' })
}

/** How many wishes for a new run were followed, by whichever recipe was on screen. */
let followed = 0

/** Ctrl+N brings the person to a recipe: its first field takes the focus. @returns the recipe's element */
export function useNewRunFocus() {
  const zone = useRef<HTMLDivElement>(null)
  const asked = useApp(s => s.newRunAsked)
  useEffect(() => {
    if (asked === followed) return
    followed = asked
    zone.current?.querySelector<HTMLElement>('input, button')?.focus()
  }, [asked])
  return zone
}
