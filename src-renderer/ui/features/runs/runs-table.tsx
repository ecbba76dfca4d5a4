// The table of runs: filter, sort, choose for comparison, open.
import { Checkbox, Group, Select, TextInput } from '@mantine/core'
import { useDeferredValue, useState } from 'react'
import type { RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../app-state.ts'
import { runColors } from '../../charts/run-colors.ts'
import { ActionButton } from '../../components/action-button.tsx'
import { PhaseBadge } from '../../components/phase-badge.tsx'
import { PlainText, visible } from '../../components/plain-text.tsx'
import { toastError } from '../../components/toast.tsx'
import { type Column, type Sort, VirtualTable } from '../../components/virtual-table.tsx'
import { formatCount, formatDuration, formatMetric, formatPercent, formatWhen } from '../../format.ts'
import { phases } from '../../phases.ts'
import { EvalLoss } from './eval-loss.tsx'
import { removeRuns, restoreRuns } from './run-actions.ts'
import { everyRun, filterRuns, sortRuns, tagsOf } from './run-list.ts'

/** Recharts stays within a frame up to sixteen lines; eight runs of two. */
const MAX_OVERLAY = 8
const statuses = ['queued', 'running', 'paused', 'interrupted', 'finished', 'stopped', 'failed'] as const

export function RunsTable({ runs }: { runs: readonly RunSummary[] }) {
  const { overlay, setOverlay, showRun } = useApp()
  const [filter, setFilter] = useState(everyRun)
  const [sort, setSort] = useState<Sort>({ key: 'created', descending: true })
  const calm = useDeferredValue(filter)
  const rows = sortRuns(filterRuns(runs, calm), sort)
  const colors = runColors(overlay)
  const chosen = rows.filter(run => overlay.includes(run.id))

  const toggle = (id: string) =>
    setOverlay(overlay.includes(id) ? overlay.filter(other => other !== id) : [...overlay, id])
  const columns: Column<RunSummary>[] = [
    {
      key: 'compare',
      header: <span className="visually-hidden">Compare</span>,
      width: '36px',
      cell: run => (
        <Checkbox
          aria-label={`Compare ${visible(run.name)}`}
          color={colors.get(run.id)}
          checked={overlay.includes(run.id)}
          disabled={!overlay.includes(run.id) && overlay.length >= MAX_OVERLAY}
          onClick={event => event.stopPropagation()}
          onChange={() => toggle(run.id)}
        />
      ),
    },
    {
      key: 'name',
      header: 'Name',
      width: 'minmax(160px, 2fr)',
      sortable: true,
      cell: run => <RunName run={run} />,
    },
    {
      key: 'phase',
      header: 'Phase',
      width: '192px',
      sortable: true,
      cell: run => <PhaseBadge phase={run.phase} />,
    },
    {
      key: 'status',
      header: 'Status',
      width: '115px',
      sortable: true,
      cell: run => <RunProgress run={run} />,
    },
    {
      key: 'parameters',
      header: 'Parameters',
      width: '92px',
      align: 'right',
      sortable: true,
      cell: run => formatCount(run.parameters),
    },
    {
      key: 'tokens',
      header: 'Tokens',
      width: '76px',
      align: 'right',
      sortable: true,
      cell: run => formatCount(run.tokens),
    },
    {
      key: 'loss',
      header: 'Val. loss',
      width: '78px',
      align: 'right',
      sortable: true,
      cell: run => <EvalLoss value={run.bestEvalLoss} phase={run.phase} />,
    },
    {
      key: 'bits',
      header: 'Bits/byte',
      width: '78px',
      align: 'right',
      sortable: true,
      cell: run => formatMetric('bits_per_byte', run.latest.bits_per_byte),
    },
    {
      key: 'time',
      header: 'Time',
      width: '92px',
      align: 'right',
      sortable: true,
      cell: run => formatDuration(run.seconds),
    },
    {
      key: 'created',
      header: 'Started',
      width: '116px',
      align: 'right',
      sortable: true,
      cell: run => formatWhen(run.createdAt, new Date()),
    },
  ]
  return (
    <div>
      <Group gap="xs" mb="xs">
        <TextInput
          w={240}
          aria-label="Find runs"
          placeholder="Name, tag, note or source"
          value={filter.text}
          onChange={event => setFilter({ ...filter, text: event.currentTarget.value })}
        />
        <Select
          w={170}
          aria-label="Phase"
          value={filter.phase}
          onChange={phase => setFilter({ ...filter, phase: phase as typeof filter.phase })}
          data={[
            { value: 'all', label: 'Every phase' },
            ...phases.map(phase => ({ value: phase.id, label: phase.title })),
          ]}
        />
        <Select
          w={130}
          aria-label="Status"
          value={filter.status}
          onChange={status => {
            setOverlay([])
            setFilter({ ...filter, status: status as typeof filter.status })
          }}
          data={[
            { value: 'all', label: 'Every status' },
            ...statuses,
            { value: 'removed', label: 'Removed' },
          ]}
        />
        <Select
          w={150}
          aria-label="Tag"
          placeholder="Every tag"
          clearable
          value={filter.tag}
          onChange={tag => setFilter({ ...filter, tag })}
          data={tagsOf(runs)}
        />
        {filter.status === 'removed' ? (
          <ActionButton
            ml="auto"
            variant="default"
            disabledReason={chosen.length === 0 ? 'Tick the runs to restore' : null}
            onClick={() => {
              setOverlay([])
              void restoreRuns(chosen).catch(toastError)
            }}
          >
            Restore
          </ActionButton>
        ) : (
          <ActionButton
            ml="auto"
            variant="default"
            disabledReason={chosen.length === 0 ? 'Tick the runs to remove' : null}
            onClick={() => {
              setOverlay([])
              void removeRuns(chosen)
            }}
          >
            Remove
          </ActionButton>
        )}
      </Group>
      <VirtualTable
        label="Runs"
        columns={columns}
        rows={rows}
        rowKey={run => run.id}
        height={320}
        sort={sort}
        onSort={setSort}
        onRowClick={run => run.removedAt === null && showRun(run.id)}
        selected={run => overlay.includes(run.id)}
        empty={
          <div style={{ padding: 16, textAlign: 'center' }}>
            {runs.every(run => run.removedAt !== null) && filter.status !== 'removed'
              ? 'Every run was removed. The status "Removed" lists them, to be restored.'
              : 'No run matches this filter'}
          </div>
        }
      />
    </div>
  )
}

function RunName({ run }: { run: RunSummary }) {
  return (
    <span title={visible(run.name)}>
      <PlainText text={run.name} />
      {run.tags.map(tag => (
        <span
          key={tag}
          style={{
            marginLeft: 6,
            color: 'var(--mantine-color-dimmed)',
            fontSize: 'var(--mantine-font-size-xs)',
          }}
        >
          #{visible(tag)}
        </span>
      ))}
    </span>
  )
}

function RunProgress({ run }: { run: RunSummary }) {
  if (run.asked) return run.asked === 'pause' ? 'pausing …' : 'stopping …'
  const share = run.status === 'finished' ? '' : ` ${formatPercent(run.step / Math.max(1, run.steps))}`
  return (
    <span title={run.reason ? visible(run.reason) : undefined}>
      {run.status}
      {share}
    </span>
  )
}
