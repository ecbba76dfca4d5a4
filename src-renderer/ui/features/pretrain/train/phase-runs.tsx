// The runs of this phase: a click brings one on screen.
import { Badge, Text } from '@mantine/core'
import type { RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { PlainText } from '../../../components/plain-text.tsx'
import { type Column, VirtualTable } from '../../../components/virtual-table.tsx'
import { formatCompact, formatCount, formatWhen } from '../../../format.ts'
import { bestFigure, sizeWords, stateColors } from './now-zone.tsx'
import { runState } from './run-status.ts'

const columns: readonly Column<RunSummary>[] = [
  { key: 'name', header: 'Run', width: 'minmax(160px, 2fr)', cell: r => <PlainText text={r.name} /> },
  {
    key: 'status',
    header: 'Status',
    width: '110px',
    cell: r => {
      const { word, tone, sentence } = runState(r)
      return (
        <Badge variant="light" color={stateColors[tone]} tt="none" title={sentence}>
          {word}
        </Badge>
      )
    },
  },
  { key: 'size', header: 'Size', width: 'minmax(180px, 1fr)', cell: sizeWords },
  {
    key: 'step',
    header: 'Steps',
    width: '120px',
    align: 'right',
    cell: r => `${formatCount(r.step)} / ${formatCount(r.steps)}`,
  },
  { key: 'tokens', header: 'Tokens', width: '80px', align: 'right', cell: r => formatCompact(r.tokens) },
  { key: 'best', header: 'Best', width: '120px', align: 'right', cell: bestFigure },
  { key: 'when', header: 'Started', width: '120px', cell: r => formatWhen(r.createdAt, new Date()) },
]

export function PhaseRuns({
  runs,
  shown,
  onShow,
}: {
  /** Newest first. */
  runs: readonly RunSummary[]
  shown: string | undefined
  onShow: (run: string) => void
}) {
  return (
    <>
      <Text fz="xs" c="dimmed" fw={600} mb={4}>
        Runs of this phase
      </Text>
      <VirtualTable
        label="Runs of this phase"
        columns={columns}
        rows={runs}
        rowKey={r => r.id}
        height={220}
        selected={r => r.id === shown}
        onRowClick={r => onShow(r.id)}
        empty={
          <Text fz="sm" c="dimmed" p="sm" ta="center">
            No run yet. Every run you start stays here, with its curves, samples and checkpoints.
          </Text>
        }
      />
    </>
  )
}
