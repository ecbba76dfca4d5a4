// Parts of a recipe: a named group of fields, and the bar at its foot that holds the estimate and Start.
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
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
