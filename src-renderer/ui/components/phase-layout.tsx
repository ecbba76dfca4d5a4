// The screen of a phase: what it is for, data → objective → model → scale, then recipe | now | what it says, and the
// runs below. Under 1100 px the three zones become one column.
import { Text } from '@mantine/core'
import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { type PhaseId, phaseColor, phaseOf } from '../phases.ts'
import { Formula } from './formula.tsx'
import classes from './phase-layout.module.css'

export interface PhaseFrameProps {
  phase: PhaseId
  /** Live figures of this phase, beside what the article says: `3 sources, 1.12 MB`. */
  have?: { data?: string; model?: string; scale?: string }
  /** Right of the title: views of the phase, buttons. */
  actions?: ReactNode
}

/** Title and flow of a phase over any view of it. */
export function PhaseFrame({
  phase,
  have = {},
  actions,
  children,
}: PhaseFrameProps & { children: ReactNode }) {
  const facts = phaseOf(phase)
  return (
    <div className={classes.phase} style={{ '--accent': phaseColor(phase) } as React.CSSProperties}>
      <header className={classes.header}>
        <div className={classes.title}>
          <h1>
            <span className={classes.number}>{facts.number}</span> {facts.title}
          </h1>
          <Text c="dimmed" fz="sm">
            {facts.purpose}
          </Text>
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
        <PhaseFlow phase={phase} have={have} />
      </header>
      {children}
    </div>
  )
}

export interface PhaseLayoutProps extends PhaseFrameProps {
  recipe: ReactNode
  now: ReactNode
  says: ReactNode
  runs: ReactNode
}

export function PhaseLayout({ recipe, now, says, runs, ...frame }: PhaseLayoutProps) {
  return (
    <PhaseFrame {...frame}>
      <div className={classes.zones}>
        <Zone name="Recipe">{recipe}</Zone>
        <Zone name="Now">{now}</Zone>
        <Zone name="What it says">{says}</Zone>
      </div>
      <section className={classes.runs} aria-label={`Runs of ${phaseOf(frame.phase).title}`}>
        {runs}
      </section>
    </PhaseFrame>
  )
}

/** data → objective + formula → model → scale: the article's diagram of one phase. */
export function PhaseFlow({ phase, have = {} }: { phase: PhaseId; have?: PhaseLayoutProps['have'] }) {
  const { data, objective, formula, formulaMeaning, model, scale } = phaseOf(phase)
  const steps = [
    { name: 'Data', what: data, mine: have?.data },
    { name: 'Objective', what: objective, mine: <Formula tex={formula} meaning={formulaMeaning} /> },
    { name: 'Model', what: model, mine: have?.model },
    { name: 'Scale', what: scale, mine: have?.scale },
  ]
  return (
    <ol className={classes.flow}>
      {steps.map((step, i) => (
        <li key={step.name}>
          {i > 0 && <ArrowRight size={14} aria-hidden className={classes.arrow} />}
          <div>
            <span className={classes.name}>{step.name}</span> {step.what}
            {step.mine && <div className={classes.mine}>{step.mine}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
}

export function Zone({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className={classes.zone} aria-label={name}>
      <h2 className={classes.zoneName}>{name}</h2>
      {children}
    </section>
  )
}
