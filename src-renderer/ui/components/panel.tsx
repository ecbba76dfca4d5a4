// A titled surface on a screen, and a list of facts inside it.
import type { ReactNode } from 'react'
import classes from './panel.module.css'

export function Panel({
  title,
  children,
  aside,
}: {
  title: ReactNode
  children: ReactNode
  aside?: ReactNode
}) {
  return (
    <section className={classes.panel}>
      <div className={classes.head}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

export interface Fact {
  readonly name: string
  readonly value: ReactNode
}
/** @param wide names longer than values: limits, features */
export function Facts({ facts, wide = false }: { facts: readonly Fact[]; wide?: boolean }) {
  return (
    <dl className={classes.facts} data-wide={wide || undefined}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A screen with a title and panels, for tabs that are no phase. */
export function Screen({
  title,
  aside,
  children,
}: {
  title: ReactNode
  aside?: ReactNode
  children: ReactNode
}) {
  return (
    <div className={classes.screen}>
      <header className={classes.screenHead}>
        <h1>{title}</h1>
        {aside}
      </header>
      {children}
    </div>
  )
}
