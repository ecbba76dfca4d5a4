// How fast this device is: measured on a click, beside stock TF.js, under the machine's own ceiling.
import { Box, Button, CopyButton, Group, Text } from '@mantine/core'
import type { BenchEffortName } from '../../../../src-shared/bench/effort.ts'
import type { EngineStatus, JobStatus } from '../../../../src-shared/contract/lab-contract.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { JobLine } from '../../components/job-line.tsx'
import { Panel } from '../../components/panel.tsx'
import { visible } from '../../components/plain-text.tsx'
import { call } from '../../lab.ts'
import { useAction, useQuery } from '../../queries.ts'
import { SpeedReport } from './speed-report.tsx'

/** @param activeRun name of the run that has the device */
export function SpeedPanel({ status, activeRun }: { status: EngineStatus; activeRun: string | undefined }) {
  const records = useQuery('bench.list', {}).data
  const jobs = useQuery('jobs.list', {}).data ?? []
  const start = useAction((effort: BenchEffortName) => call('bench.run', { effort }))
  if (!records) return null
  const device = status.device
  const latest = records.find(({ report }) => report.device.fingerprint === device?.fingerprint)
  // What was measured on this backend before, by these kernels or by earlier ones.
  const previous = records.find(
    record =>
      latest && record.id < latest.id && record.report.device.backend === latest.report.device.backend,
  )
  const job = lastBench(jobs)
  const running = job?.state === 'running'
  const disabledReason = whyNot(status, activeRun, running)
  const measure = (effort: BenchEffortName) => void start.run(effort)
  return (
    <Panel
      title="Speed"
      aside={
        latest && (
          <Group gap="xs">
            <CopyButton value={JSON.stringify(latest.report, null, 2)}>
              {({ copied, copy }) => (
                <Button variant="subtle" color="gray" onClick={copy}>
                  {copied ? 'Copied' : 'Copy JSON'}
                </Button>
              )}
            </CopyButton>
            <ActionButton variant="default" disabledReason={disabledReason} onClick={() => measure('quick')}>
              Measure quickly
            </ActionButton>
            <ActionButton
              loading={start.busy}
              disabledReason={disabledReason}
              onClick={() => measure('full')}
            >
              Measure this device
            </ActionButton>
          </Group>
        )
      }
    >
      <ErrorNote error={start.error} onClose={start.clear} />
      {(running || job?.state === 'failed') && (
        <Box mb="sm">
          <JobLine job={job.id} />
        </Box>
      )}
      {!running && disabledReason && (
        <Text fz="sm" c="dimmed" mb="xs">
          {disabledReason}.
        </Text>
      )}
      {latest ? (
        <SpeedReport report={latest.report} previous={previous?.report} threads={device?.threads} />
      ) : (
        !running && (
          <EmptyState
            title="This device was not measured yet"
            action={{
              label: 'Measure this device',
              run: () => measure('full'),
              busy: start.busy,
              disabledReason,
            }}
            second={{ label: 'Measure quickly, in seconds', run: () => measure('quick'), disabledReason }}
          >
            The ceiling of this machine first, then training and writing with models of up to 124 million
            parameters, turn by turn with the same model in stock TF.js. It takes a few minutes; the app is
            slower meanwhile.
          </EmptyState>
        )
      )}
      {running && !latest && (
        <Text fz="xs" c="dimmed" mt={6}>
          Other work on this computer makes the figures smaller than they are. You may leave this page.
        </Text>
      )}
    </Panel>
  )
}

const lastBench = (jobs: readonly JobStatus[]): JobStatus | undefined =>
  jobs
    .filter(({ kind }) => kind === 'bench')
    .toSorted((a, b) => Number(a.id.slice(4)) - Number(b.id.slice(4)))
    .at(-1)

export function whyNot(
  { state }: Pick<EngineStatus, 'state'>,
  activeRun: string | undefined,
  running: boolean,
): string | null {
  if (running) return 'It is being measured'
  if (activeRun !== undefined) return `Pause "${visible(activeRun)}" first: it would share the device`
  return state === 'ready' ? null : 'The engine is not ready'
}
