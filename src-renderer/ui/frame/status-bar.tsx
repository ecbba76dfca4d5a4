// Always at the bottom: what computes, what runs, how long still, and one button to pause or go on.
import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { Pause, Play } from 'lucide-react'
import { useEffect } from 'react'
import type { EngineStatus, RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../app-state.ts'
import { NOT_CONNECTED } from '../components/action-button.tsx'
import { PlainText, visible } from '../components/plain-text.tsx'
import { toastError } from '../components/toast.tsx'
import { engineIsHere } from '../engine-frame.ts'
import { formatEta, formatPercent, formatRate } from '../format.ts'
import { call, useConnection } from '../lab.ts'
import { phaseColor } from '../phases.ts'
import { useAction, useQuery } from '../queries.ts'
import { isActive, runState } from '../run-status.ts'
import classes from './frame.module.css'
import { MessageList } from './message-list.tsx'

/** The run that the bar shows: the one at work, else the one that waits to go on. */
export function runAtWork(runs: readonly RunSummary[]): RunSummary | undefined {
  const kept = runs.filter(run => run.removedAt === null)
  const newest = (...status: RunSummary['status'][]) =>
    kept.filter(run => status.includes(run.status)).sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0]
  return newest('running') ?? newest('queued') ?? newest('paused', 'interrupted')
}

/** Pauses what runs, resumes what waits; one action for the button and the Space key. */
export async function pauseOrResume(run: RunSummary): Promise<void> {
  if (runState(run).busy) return
  const going = isActive(run)
  await call(going ? 'runs.pause' : 'runs.resume', { run: run.id })
}

const engineWords: Record<EngineStatus['state'], string> = {
  starting: 'Engine is starting',
  ready: '',
  lost: 'Engine was lost, restarting',
  'backing-off': 'Engine restarts soon',
  'needs-user': 'Engine needs you',
  absent: 'No engine',
}

/** `Apple M3 · WebGPU`, or what is wrong. */
export function engineLine(status: EngineStatus): string {
  if (status.state !== 'ready' || !status.device) return engineWords[status.state] || 'No engine'
  const backend = { webgpu: 'WebGPU', wasm: 'WASM', cpu: 'CPU' }[status.device.backend]
  return `${status.device.adapter} · ${backend}${status.device.features.includes('shader-f16') ? ' f16' : ''}`
}

/** The window's title: progress stays in sight in the task bar and on other desktops. */
export const windowTitle = (run: RunSummary | undefined): string =>
  run?.status === 'running'
    ? `${formatPercent(run.step / Math.max(1, run.steps))} ${visible(run.name)} · Andromeda`
    : 'Andromeda'

export function StatusBar() {
  const open = useConnection(connection => connection.state === 'open')
  const known = useQuery('engine.status', {}).data
  const engine = open ? known : undefined
  const run = runAtWork(useQuery('runs.list', {}).data ?? [])
  const { show, showRun } = useApp()
  useDocumentTitle(windowTitle(open ? run : undefined))
  useAskBeforeClosing(open && run !== undefined && isActive(run))
  const live = open && run?.status === 'running'
  const word = run ? barWord(run, open) : ''
  return (
    <footer className={classes.status}>
      <UnstyledButton className={classes.statusItem} onClick={() => show('device')} title="Open Device">
        <EngineDot status={engine} />
        <PlainText text={engine ? engineLine(engine) : open ? 'Connecting' : 'Not connected'} />
      </UnstyledButton>
      {run && (
        <>
          <span aria-hidden style={{ color: 'var(--lab-line-strong)' }}>
            │
          </span>
          <UnstyledButton
            className={classes.statusItem}
            onClick={() => showRun(run.id)}
            title="Open this run"
          >
            <span className={classes.dot} data-full style={{ color: phaseColor(run.phase) }} />
            <span>
              <span className={classes.statusName}>
                <PlainText text={run.name} />
              </span>{' '}
              {formatPercent(run.steps > 0 ? run.step / run.steps : 0)}
            </span>
            {word !== 'Training' && <span>· {word}</span>}
            {live && !run.asked && (
              <span>
                · {formatRate(run.tokensPerSecond)}{' '}
                {run.etaSeconds !== null && `· ${formatEta(run.etaSeconds)}`}
              </span>
            )}
          </UnstyledButton>
          <span role="status" className="visually-hidden">
            {visible(run.name)}: {word}
          </span>
          <PauseButton run={run} open={open} />
        </>
      )}
      <MessageList />
    </footer>
  )
}

/** Closing the page in which the engine computes would stop the training: the browser asks first. */
function useAskBeforeClosing(training: boolean): void {
  useEffect(() => {
    if (!training) return
    const ask = (event: BeforeUnloadEvent) => {
      if (engineIsHere()) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [training])
}

/** How the run stands, as far as this window knows. */
export function barWord(run: RunSummary, open: boolean): string {
  const { word } = runState(run)
  if (!open) return `${word} when last heard of`
  return run.asked && isActive(run) ? `${word} …` : word
}

function PauseButton({ run, open }: { run: RunSummary; open: boolean }) {
  const going = isActive(run)
  const { run: act, busy } = useAction(() => pauseOrResume(run).catch(toastError))
  const name = `${going ? 'Pause' : 'Resume'} ${visible(run.name)}`
  const reason = open ? runState(run).busy : NOT_CONNECTED
  return (
    <Tooltip label={reason ?? `${going ? 'Pause' : 'Resume'} (Space)`}>
      <ActionIcon
        size="sm"
        aria-label={reason ? `${name}: ${reason}` : name}
        loading={busy}
        data-disabled={reason ? true : undefined}
        aria-disabled={reason ? true : undefined}
        onClick={() => reason === null && void act()}
      >
        {going ? <Pause size={14} /> : <Play size={14} />}
      </ActionIcon>
    </Tooltip>
  )
}

function EngineDot({ status }: { status: EngineStatus | undefined }) {
  const ready = status?.state === 'ready'
  const color =
    !status || status.state === 'starting'
      ? 'var(--mantine-color-dimmed)'
      : ready
        ? 'var(--lab-good)'
        : 'var(--lab-bad)'
  return <span className={classes.dot} data-full={ready || undefined} style={{ color }} />
}
