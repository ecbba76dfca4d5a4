// One phase as a card: what it is for, what goes in, what is optimised, what comes out, what you have and its next step.
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useApp } from '../../app-state.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { Formula } from '../../components/formula.tsx'
import { PlainText } from '../../components/plain-text.tsx'
import { MetricTerm } from '../../components/term.tsx'
import { toastError } from '../../components/toast.tsx'
import { formatBytes, formatCount, formatCounted, formatMetric, formatPercent } from '../../format.ts'
import { importFiles, pickFiles } from '../../import-drop.ts'
import { call } from '../../lab.ts'
import { type Phase, phaseColor, phaseOf } from '../../phases.ts'
import classes from './overview.module.css'
import { type NextStep, nextStep, type Standing } from './standing.ts'

export function Card({ phase, children }: { phase: Phase; children: ReactNode }) {
  return (
    <li className={classes.card} style={{ '--accent': phaseColor(phase.id) } as React.CSSProperties}>
      <h2 className={classes.cardTitle}>
        <span className={classes.number}>{phase.number}</span> {phase.title}
      </h2>
      <Text fz="sm" c="dimmed" className={classes.purpose}>
        {phase.purpose}
      </Text>
      <dl className={classes.facts}>
        <dt>Data</dt>
        <dd>{phase.data}</dd>
        <dt>Objective</dt>
        <dd>{phase.objective}</dd>
        <dd className={classes.formula}>
          <Formula tex={phase.formula} meaning={phase.formulaMeaning} />
        </dd>
        <dt>Makes</dt>
        <dd>{phase.model}</dd>
      </dl>
      <div className={classes.yours}>{children}</div>
    </li>
  )
}

const steps: Record<NextStep, string> = {
  'add-text': 'Add text',
  'start-run': 'Choose a size and start',
  'watch-run': 'Watch it learn',
  'resume-run': 'Resume',
  complete: 'Let it complete a text',
}

export function PretrainCard({ standing }: { standing: Standing }) {
  const show = useApp(state => state.show)
  const step = nextStep(standing)
  const take = () => {
    if (step === 'add-text') void pickFiles().then(importFiles)
    else show('pretrain')
    if (step === 'resume-run') void call('runs.resume', { run: standing.waiting!.id }).catch(toastError)
  }
  const { best } = standing
  return (
    <Card phase={phaseOf('pretrain')}>
      <Have name="You have">
        {standing.corpora === 0
          ? 'no text yet'
          : `${formatCounted(standing.corpora, 'corpus', 'corpora')}, ${formatCounted(standing.documents, 'document')}, ${formatBytes(standing.bytes)}`}
      </Have>
      {best && (
        <Have name="Best model">
          <PlainText text={best.name} />, {formatCount(best.parameters)} parameters
          <br />
          <BestFigure latest={best.latest} loss={best.bestEvalLoss} />
        </Have>
      )}
      <HaveRun standing={standing} />
      <ActionButton mt="auto" onClick={take}>
        {steps[step]}
      </ActionButton>
    </Card>
  )
}

function BestFigure({ latest, loss }: { latest: Readonly<Record<string, number>>; loss: number | null }) {
  const bits = latest.bits_per_byte
  const [name, value] =
    bits === undefined ? (['eval_loss', loss ?? undefined] as const) : (['bits_per_byte', bits] as const)
  return (
    <>
      <MetricTerm name={name} /> <strong className="tabular">{formatMetric(name, value)}</strong>
    </>
  )
}

export function Have({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Text fz="sm" component="div">
      <Text span fz="xs" fw={600} c="dimmed">
        {name}{' '}
      </Text>
      {children}
    </Text>
  )
}

/** The run at work, or the one that can go on. */
export function HaveRun({
  standing: { active, waiting },
}: {
  standing: Pick<Standing, 'active' | 'waiting'>
}) {
  const run = active ?? waiting
  return (
    run && (
      <Have name={active ? 'Running' : 'Waiting'}>
        <PlainText text={run.name} /> {formatPercent(run.step / Math.max(1, run.steps))}
      </Have>
    )
  )
}
