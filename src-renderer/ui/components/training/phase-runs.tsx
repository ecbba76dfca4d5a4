// The runs of this phase: a click brings one on screen.
import { Badge, Text } from '@mantine/core'
import type { CheckpointSummary, RunSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { describeMetric, formatCompact, formatCount, formatMetric, formatWhen, NONE } from '../../format.ts'
import { inTraining, runState, toneColors } from '../../run-status.ts'
import { PlainText } from '../plain-text.tsx'
import { MetricTerm, Term } from '../term.tsx'
import { type Column, VirtualTable } from '../virtual-table.tsx'
import { placeOf } from './checkpoint-place.ts'

const bestLoss = (phase: RunSummary['phase'] | undefined): Column<RunSummary> => ({
  key: 'best',
  header: (
    <Term meaning={`Lowest validation loss so far, in ${describeMetric('eval_loss', phase).unit}.`}>
      Best loss
    </Term>
  ),
  width: '80px',
  align: 'right',
  cell: r => formatMetric('eval_loss', r.bestEvalLoss ?? undefined),
})

const columnsFor = (
  runs: readonly RunSummary[],
  own: readonly Column<RunSummary>[],
): readonly Column<RunSummary>[] => [
  { key: 'name', header: 'Run', width: 'minmax(120px, 1.5fr)', cell: r => <PlainText text={r.name} /> },
  {
    key: 'status',
    header: 'Status',
    width: '96px',
    cell: r => {
      const { word, tone, sentence } = runState(r, inTraining(runs))
      return (
        <Badge variant="light" color={toneColors[tone]} tt="none" title={sentence}>
          {word}
        </Badge>
      )
    },
  },
  {
    key: 'size',
    header: 'Size',
    width: '138px',
    cell: ({ parameters, model }) =>
      `${formatCompact(parameters)} · ${model.nLayer}×${model.nEmbd}, ${formatCount(model.contextLength)}`,
  },
  {
    key: 'step',
    header: runs[0]?.phase === 'ppo' ? 'Updates' : 'Steps',
    width: runs[0]?.phase === 'ppo' ? '84px' : '110px',
    align: 'right',
    cell: r => `${formatCount(r.step)} / ${formatCount(r.steps)}`,
  },
  // Of phase 4 the win rate is among its own.
  ...(runs[0]?.phase === 'ppo' ? [] : [bestLoss(runs[0]?.phase)]),
  ...own,
  { key: 'when', header: 'Started', width: '104px', cell: r => formatWhen(r.createdAt, new Date()) },
]

const ofPretraining: readonly Column<RunSummary>[] = [
  { key: 'tokens', header: 'Tokens', width: '80px', align: 'right', cell: r => formatCompact(r.tokens) },
  {
    key: 'bits',
    header: <MetricTerm name="bits_per_byte" />,
    width: '100px',
    align: 'right',
    cell: r => formatMetric('bits_per_byte', r.latest.bits_per_byte),
  },
]

/** @param meaning which checkpoints of `checkpoints` these runs start from */
export const madeFrom = (checkpoints: readonly CheckpointSummary[], meaning: string): Column<RunSummary> => ({
  key: 'start',
  header: <Term meaning={meaning}>Made from</Term>,
  width: 'minmax(100px, 1fr)',
  cell: run => {
    const start = checkpoints.find(each => each.id === run.parentCheckpoint)
    return start ? <PlainText text={placeOf(start)} /> : NONE
  },
})

export function PhaseRuns({
  runs,
  shown,
  onShow,
  own = ofPretraining,
}: {
  runs: readonly RunSummary[]
  shown: string | undefined
  onShow: (run: string) => void
  /** Columns that this phase alone has. */
  own?: readonly Column<RunSummary>[]
}) {
  const newestFirst = [...runs].sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  return (
    <>
      <Text fz="xs" c="dimmed" fw={600} mb={4}>
        Runs of this phase
      </Text>
      <VirtualTable
        label="Runs of this phase"
        columns={columnsFor(newestFirst, own)}
        rows={newestFirst}
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
