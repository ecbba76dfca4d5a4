// The figures of a measurement, one row per task and kernel set.
import { Tooltip } from '@mantine/core'
import type { ComparedSpeed } from '../../../../src-shared/bench/compare.ts'
import { peerNames, peersSentence } from '../../../../src-shared/bench/peers.ts'
import { type BenchReport, type BenchResult, modeNames } from '../../../../src-shared/bench/report.ts'
import { visible } from '../../components/plain-text.tsx'
import { Term } from '../../components/term.tsx'
import { type Column, VirtualTable } from '../../components/virtual-table.tsx'
import { formatBytes, formatCount, formatNumber, formatPercent, NONE } from '../../format.ts'

/** `simd, 2 threads` */
export const contenderName = ({ kernels, threads }: { kernels: string; threads: number }): string =>
  threads > 1 ? `${kernels}, ${threads} threads` : kernels

/** `1.25 ×`, `13.6 ×` */
export const formatTimes = (ratio: number): string => `${formatNumber(ratio, 3)} ×`

const columnsOf = (report: Pick<BenchReport, 'results'>): Column<BenchResult>[] => [
  {
    key: 'task',
    header: 'Task',
    width: 'minmax(132px, 1fr)',
    cell: ({ size, mode }) => `${visible(size)}, ${modeNames[mode]}`,
  },
  { key: 'kernels', header: 'Kernels', width: 'minmax(120px, 1fr)', cell: contenderName },
  {
    key: 'speed',
    header: 'Tokens/s',
    width: '78px',
    align: 'right',
    cell: ({ tokensPerSecond }) => formatCount(Math.round(tokensPerSecond)),
  },
  {
    key: 'flops',
    header: 'GFLOP/s',
    width: '72px',
    align: 'right',
    cell: ({ flopsPerSecond }) => formatNumber(flopsPerSecond / 1e9, 3),
  },
  {
    key: 'ceiling',
    header: (
      <Term meaning="Share of the multiply-adds that this machine can do with as many threads">Ceiling</Term>
    ),
    width: '64px',
    align: 'right',
    cell: ({ ceilingShare }) => (ceilingShare === null ? NONE : formatPercent(ceilingShare)),
  },
  {
    key: 'memory',
    header: (
      <Term meaning="Its own memory in use at the most while it was timed. Unknown for TF.js, which has one heap for all">
        Memory
      </Term>
    ),
    width: '74px',
    align: 'right',
    cell: ({ peakBytes }) => (peakBytes === undefined ? NONE : formatBytes(peakBytes)),
  },
  {
    key: 'js',
    header: (
      <Term meaning="Milliseconds of a step in JavaScript, outside of kernels; on a GPU until it is first waited for. Unknown for TF.js on the CPU">
        JS ms
      </Term>
    ),
    width: '62px',
    align: 'right',
    cell: ({ jsMsPerStep }) => (jsMsPerStep === undefined ? NONE : formatNumber(jsMsPerStep, 3)),
  },
  {
    key: 'peer',
    header: <Term meaning={`Speed over that of the peer. ${peersSentence(report)}`}>Peer</Term>,
    width: '62px',
    align: 'right',
    cell: ({ ratio }) =>
      ratio ? (
        <Tooltip
          label={`${ratio.low < ratio.high ? `${formatTimes(ratio.low)} to ${formatTimes(ratio.high)}` : formatTimes(ratio.median)} the speed of ${peerNames[ratio.peer]}, ${formatCount(Math.round(ratio.peerTokensPerSecond))} tokens/s`}
        >
          <span>{formatTimes(ratio.median)}</span>
        </Tooltip>
      ) : (
        NONE
      ),
  },
]

/** On a GPU alone: there is nothing to launch on the CPU. */
const dispatches: Column<BenchResult> = {
  key: 'dispatches',
  header: <Term meaning="Kernel launches of one step">Launches</Term>,
  width: '66px',
  align: 'right',
  cell: row => (row.dispatches === null ? NONE : formatCount(row.dispatches)),
}

const keyOf = ({ size, mode, backend, kernels, threads }: BenchResult | ComparedSpeed): string =>
  [size, mode, backend, kernels, threads].join(' ')

/** @param compared with the measurement before, if there is one */
export function SpeedTable({
  report,
  compared,
}: {
  report: Pick<BenchReport, 'results'>
  compared?: readonly ComparedSpeed[] | undefined
}) {
  const { results } = report
  const speeds = new Map(compared?.map(row => [keyOf(row), row]))
  const change: Column<BenchResult> = {
    key: 'change',
    header: <Term meaning="Speed over that of the measurement before">Change</Term>,
    width: '88px',
    align: 'right',
    cell: row => {
      const { ratio = null, rough } = speeds.get(keyOf(row)) ?? {}
      return ratio === null ? NONE : `${rough ? '≈ ' : ''}${formatTimes(ratio)}`
    },
  }
  const onGpu = results.some(row => row.dispatches !== null)
  return (
    <VirtualTable
      label="Speeds"
      columns={[...columnsOf(report), ...(onGpu ? [dispatches] : []), ...(compared ? [change] : [])]}
      rows={results}
      rowKey={keyOf}
      rowHeight={28}
      empty="Nothing could be measured here."
    />
  )
}
