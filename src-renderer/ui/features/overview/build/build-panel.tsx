// The build that is under way, waits or is done: its phases as steps, how long still, and what can be done with it.
import { Anchor, Group, Text } from '@mantine/core'
import type { BuildStatus } from '../../../../../src-shared/contract/build-contract.ts'
import { useApp } from '../../../app-state.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { ProgressLine } from '../../../components/progress-line.tsx'
import { toastWritten } from '../../../components/toast.tsx'
import { formatDuration, formatPercent } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { useAction } from '../../../queries.ts'
import classes from './build.module.css'
import {
  buildPhaseColor,
  buildPhaseTitle,
  buildTitle,
  finishedSentence,
  isWhole,
  nextSeed,
  phaseSentence,
} from './build-words.ts'
import { EarlierBuilds } from './earlier-builds.tsx'
import { type ExpectedMinutes, StartBuild } from './start-build.tsx'

/** Where one was before the report of a build lay over it. */
export const focusOpenReport = (build: string): void =>
  document.querySelector<HTMLElement>(`[data-open-report="${build}"]`)?.focus()

export function BuildPanel({
  build,
  expected,
  lastRead,
  onRead,
}: {
  build: BuildStatus
  expected: ExpectedMinutes
  /** The build whose report was just closed. */
  lastRead: string | null
  onRead: (build: string) => void
}) {
  const { state, phases, done, seconds, etaSeconds, error, gone } = build
  const restore = useAction(async (runs: readonly string[]) => {
    for (const run of runs) await call('runs.restore', { run })
  })
  const canRestore = gone !== null && gone.restorable.length > 0
  return (
    <section className={classes.panel} aria-label="Build all four">
      <Group justify="space-between" align="baseline" gap="xs">
        <h2>{buildTitle(build)}</h2>
        <Actions build={build} onRead={() => onRead(build.build)} />
      </Group>
      {state === 'finished' ? (
        <Text fz="sm" c="dimmed">
          {finishedSentence(build)}
        </Text>
      ) : (
        <ProgressLine
          label={state === 'running' ? 'All phases together' : 'So far'}
          done={done}
          total={1}
          count={`${formatDuration(seconds)} so far`}
          etaSeconds={etaSeconds}
        />
      )}
      <ErrorNote
        error={gone?.error ?? error}
        {...(canRestore && { retry: { label: 'Restore', run: () => void restore.run(gone.restorable) } })}
      />
      <ErrorNote error={restore.error} onClose={restore.clear} />
      <ol className={classes.phases} aria-label="Steps of the build">
        {phases.map(phase => (
          <PhaseStep key={phase.phase} phase={phase} isRunning={state === 'running'} />
        ))}
      </ol>
      {state !== 'running' && (
        <details className={classes.again} open={gone !== null && !canRestore}>
          <summary>
            {isWhole(build) ? 'Build again from another seed' : 'Build all four, from any seed'}
          </summary>
          <StartBuild
            key={build.build}
            expected={expected}
            firstSeed={nextSeed(build.seed)}
            {...(isWhole(build) ? { label: 'Build again' } : {})}
          />
          {state !== 'finished' && (
            <Text fz="xs" c="dimmed">
              What was made here stays
              {gone === null ? ', and can be gone on with among the earlier builds' : ''}.
            </Text>
          )}
        </details>
      )}
      <EarlierBuilds shown={build} lastRead={lastRead} onRead={onRead} />
    </section>
  )
}

function PhaseStep({ phase, isRunning }: { phase: BuildStatus['phases'][number]; isRunning: boolean }) {
  const show = useApp(state => state.show)
  const active = isRunning && phase.steps.some(({ state }) => state === 'active')
  const title = buildPhaseTitle(phase.phase)
  return (
    <li
      className={classes.phase}
      data-active={active || undefined}
      aria-current={active ? 'step' : undefined}
      style={{ '--accent': buildPhaseColor(phase.phase), '--done': phase.done } as React.CSSProperties}
    >
      <Anchor component="button" type="button" fz="sm" fw={600} c="inherit" onClick={() => show(phase.phase)}>
        {title}
      </Anchor>
      <div className={classes.track} aria-hidden>
        <div />
      </div>
      <Text fz="xs" c="dimmed" className="tabular">
        {formatPercent(phase.done)} · {phaseSentence(phase)}
      </Text>
    </li>
  )
}

function Actions({ build, onRead }: { build: BuildStatus; onRead: () => void }) {
  const askChat = useApp(state => state.askChat)
  const pause = useAction(() => call('build.cancel', {}))
  const resume = useAction(() => call('build.resume', { build: build.build }))
  const save = useAction(async () => {
    const { path } = await call('build.saveReport', { build: build.build })
    toastWritten('The report', path)
  })
  const last = build.models.at(-1)
  if (build.state === 'running')
    return (
      <ActionButton size="xs" variant="default" loading={pause.busy} onClick={() => void pause.run()}>
        Pause
      </ActionButton>
    )
  // It would fail at once.
  if (build.gone !== null) return null
  if (build.state !== 'finished')
    return (
      <>
        <ActionButton size="xs" loading={resume.busy} onClick={() => void resume.run()}>
          Resume
        </ActionButton>
        <ErrorNote error={resume.error} onClose={resume.clear} />
      </>
    )
  return (
    <Group gap="xs">
      {isWhole(build) && (
        <>
          <ActionButton size="xs" data-open-report={build.build} onClick={onRead}>
            Open the report
          </ActionButton>
          <ActionButton size="xs" variant="default" loading={save.busy} onClick={() => void save.run()}>
            Save the report
          </ActionButton>
        </>
      )}
      {last && (
        <ActionButton size="xs" variant="default" onClick={() => askChat(last.run)}>
          Talk to {build.models.length === 1 ? 'it' : 'them'}
        </ActionButton>
      )}
      <ErrorNote error={save.error} onClose={save.clear} />
    </Group>
  )
}
