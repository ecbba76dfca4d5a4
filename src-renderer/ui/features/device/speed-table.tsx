// The figures of a measurement, one row per task and kernel set.
import { Tooltip } from '@mantine/core'
import type { ComparedSpeed } from '../../../../src-shared/bench/compare.ts'
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

const peers = {
  stock: 'the same model in stock TF.js',
  composed: 'composed kernels',
  uncached: 'composed kernels that read the whole text again for every token',
} as const

const columns: Column<BenchResult>[] = [
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
      <Term meaning="Device memory at the most so far: it never shrinks, so what ran before counts too">
        Memory
      </Term>
    ),
    width: '74px',
    align: 'right',
    cell: ({ peakBytes }) => formatBytes(peakBytes),
  },
  {
    key: 'js',
    header: (
      <Term meaning="Milliseconds of a step in which JavaScript is busy, on the CPU kernels the whole step">
        JS ms
      </Term>
    ),
    width: '62px',
    align: 'right',
    cell: ({ jsMsPerStep }) => formatNumber(jsMsPerStep, 3),
  },
  {
    key: 'peer',
    header: (
      <Term meaning="Speed over that of the peer: training against stock TF.js, writing against composed kernels without a cache">
        Peer
      </Term>
    ),
    width: '62px',
    align: 'right',
    cell: ({ ratio }) =>
      ratio ? (
        <Tooltip
          label={`${ratio.low < ratio.high ? `${formatTimes(ratio.low)} to ${formatTimes(ratio.high)}` : formatTimes(ratio.median)} the speed of ${peers[ratio.peer]}, ${formatCount(Math.round(ratio.peerTokensPerSecond))} tokens/s`}
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
  report: { results },
  compared,
}: {
  report: Pick<BenchReport, 'results'>
  compared?: readonly ComparedSpeed[] | undefined
}) {
  const ratios = new Map(compared?.map(row => [keyOf(row), row.ratio]))
  const change: Column<BenchResult> = {
    key: 'change',
    header: <Term meaning="Speed over that of the measurement before">Change</Term>,
    width: '68px',
    align: 'right',
    cell: row => {
      const ratio = ratios.get(keyOf(row))
      return ratio ? formatTimes(ratio) : NONE
    },
  }
  const onGpu = results.some(row => row.dispatches !== null)
  return (
    <VirtualTable
      label="Speeds"
      columns={[...columns, ...(onGpu ? [dispatches] : []), ...(compared ? [change] : [])]}
      rows={results}
      rowKey={keyOf}
      rowHeight={28}
      empty="Nothing could be measured here."
    />
  )
}
