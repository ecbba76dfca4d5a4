// What computes here: adapter, backend and why, engine state, features and limits; the choice of backend.
import { Badge, List, SegmentedControl, Text } from '@mantine/core'
import type { BackendChoice, DeviceInfo } from '../../../../src-shared/contract/device-info.ts'
import type { EngineStatus } from '../../../../src-shared/contract/lab-contract.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { type Fact, Facts, Panel, Screen } from '../../components/panel.tsx'
import { visible } from '../../components/plain-text.tsx'
import { formatBytes, formatCount } from '../../format.ts'
import { call } from '../../lab.ts'
import { useAction, useQuery } from '../../queries.ts'
import classes from './device.module.css'
import { softwareAdvice, systemOf } from './software-advice.ts'
import { SpeedPanel } from './speed-panel.tsx'
import { ThreadsField } from './threads-field.tsx'

const states: Record<EngineStatus['state'], string> = {
  starting: 'starting',
  ready: 'ready',
  lost: 'lost; it is being restarted and the run goes on from its last checkpoint',
  'backing-off': 'waiting before the next restart',
  'needs-user': 'stopped after several failures; it needs your decision',
  absent: 'not running',
}
const kernels: Record<DeviceInfo['kernels'], string> = {
  composed: 'composed from TF.js operations',
  simd: 'WASM SIMD, written for this app',
  fused: 'WGSL, written for this app',
}
const backends: { value: BackendChoice; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgpu', label: 'GPU (WebGPU)' },
  { value: 'wasm', label: 'CPU (WASM)' },
  { value: 'cpu', label: 'Plain JavaScript' },
]

export function DeviceTab() {
  const { data: status, error } = useQuery('engine.status', {})
  const runs = useQuery('runs.list', {}).data ?? []
  const jobs = useQuery('jobs.list', {}).data ?? []
  const measuring = jobs.some(({ kind, state }) => kind === 'bench' && state === 'running')
  const choose = useAction((choice: { backend: BackendChoice; threads?: number | null }) =>
    call('engine.choose', choice),
  )
  const retry = useAction(() => call('engine.retry', {}))
  const active = runs.find(run => run.status === 'running' || run.status === 'queued')
  if (!status) return <ErrorNote error={error} />
  const { device } = status
  const fixed = choose.busy || active !== undefined || measuring
  return (
    <Screen title="Device">
      <ErrorNote
        error={status.error}
        retry={
          status.state === 'ready'
            ? undefined
            : { label: 'Start the engine again', run: () => void retry.run() }
        }
      />
      <ErrorNote error={retry.error ?? choose.error} onClose={() => [retry.clear(), choose.clear()]} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <Panel title="Engine">
            <Facts facts={engineFacts(status)} />
            {status.state !== 'ready' && !status.error && (
              <ActionButton
                mt="sm"
                loading={retry.busy}
                disabledReason={status.state === 'starting' ? 'It is starting already' : null}
                onClick={() => void retry.run()}
              >
                Start the engine again
              </ActionButton>
            )}
          </Panel>
          {device?.software && <SoftwareWarning />}
          {device && Object.keys(device.limits).length > 0 && (
            <Panel title="Limits">
              <Facts wide facts={limitFacts(device.limits)} />
            </Panel>
          )}
        </div>
        <div className={classes.column}>
          <Panel title="Compute with">
            <SegmentedControl
              fullWidth
              aria-label="Backend"
              value={status.choice}
              disabled={fixed}
              onChange={value => void choose.run({ backend: value as BackendChoice })}
              data={backends}
            />
            <Text fz="xs" c="dimmed" mt={6}>
              {active
                ? `Pause "${visible(active.name)}" first: the engine restarts when this changes.`
                : measuring
                  ? 'The speed of this device is being measured: the engine restarts when this changes.'
                  : 'Automatic takes whichever trains faster, a real GPU or the CPU. The same bits are promised only on the same device.'}
            </Text>
            <ThreadsField
              threads={status.threads}
              cores={status.cores}
              alone={
                device?.kernels === 'simd' && device.threads === 1 && status.threads !== 1 && status.cores > 1
              }
              disabled={fixed}
              onChange={threads => void choose.run({ backend: status.choice, threads })}
            />
          </Panel>
          {device && (
            <Panel title="Features">
              <div className={classes.features}>
                {device.features.length === 0 && <Text fz="sm">none</Text>}
                {device.features.map(feature => (
                  <Badge key={feature} variant="default" size="sm" tt="none" fw={400} className="mono">
                    {visible(feature)}
                  </Badge>
                ))}
              </div>
            </Panel>
          )}
        </div>
      </div>
      <SpeedPanel status={status} activeRun={active?.name} />
    </Screen>
  )
}

/** "Asked for" alone leaves open who asked. */
const reasonMeaning = (reason: string): string =>
  reason.replace(/^asked for/, 'asked for: chosen under "Compute with", or with --backend at the start')

function engineFacts(status: EngineStatus): Fact[] {
  const { device } = status
  const retry =
    status.retryInSeconds === null ? '' : `, next attempt in ${Math.ceil(status.retryInSeconds)} s`
  const state = { name: 'State', value: `${states[status.state]}${retry}` }
  if (!device) return [state]
  return [
    { name: 'Adapter', value: <strong>{visible(device.adapter)}</strong> },
    { name: 'Backend', value: device.backend },
    { name: 'Why', value: visible(reasonMeaning(device.reason)) },
    { name: 'Kernels', value: kernels[device.kernels] },
    state,
    { name: 'Runs in', value: visible(device.runtime) },
    { name: 'Fingerprint', value: <span className="mono">{visible(device.fingerprint)}</span> },
  ]
}

/** Limits in bytes read as bytes. */
const limitFacts = (limits: Readonly<Record<string, number>>): Fact[] =>
  Object.entries(limits).map(([name, value]) => ({
    name: visible(name),
    value: /size|bytes|memory/i.test(name) && value >= 4096 ? formatBytes(value) : formatCount(value),
  }))

function SoftwareWarning() {
  return (
    <Panel title="This GPU is emulated in software">
      <Text fz="sm" mb={6}>
        It computes on the CPU and is slower than the CPU backend. To use a real GPU:
      </Text>
      <List fz="sm" spacing={4}>
        {softwareAdvice[systemOf(navigator.userAgent)].map(advice => (
          <List.Item key={advice}>{advice}</List.Item>
        ))}
      </List>
    </Panel>
  )
}
