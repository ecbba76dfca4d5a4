// A bench as a terminal shows it: a table, what was left out and why, and what the figures mean.
import type { BenchComparison } from '../../src-shared/bench/compare.ts'
import { type BenchReport, type BenchResult, modeNames } from '../../src-shared/bench/report.ts'
import { WORK_NOTE } from '../../src-shared/bench/work.ts'
import { table } from './text.ts'

const giga = (value: number): string => (value / 1e9).toPrecision(3)
/** Three figures, more where they stand before the point. */
const figures = (value: number): number => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))
const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
const times = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`

/** `simd, 2 threads` */
const contender = ({ kernels, threads }: { kernels: string; threads: number }): string =>
  threads > 1 ? `${kernels}, ${threads} threads` : kernels

export function reportText(report: BenchReport): string {
  const { device, machine, ceiling, results, skipped } = report
  const anyLaunches = results.some(({ dispatches }) => dispatches !== null)
  const head = [
    'size',
    'mode',
    'backend',
    'kernels',
    'tokens/s',
    'GFLOP/s',
    '% of ceiling',
    'MiB',
    'JS ms/step',
  ]
  const rows = results.map(result => [
    result.size,
    modeNames[result.mode],
    result.backend,
    contender(result),
    figures(result.tokensPerSecond),
    figures(result.flopsPerSecond / 1e9),
    result.ceilingShare === null ? null : figures(100 * result.ceilingShare),
    figures(result.peakBytes / 2 ** 20),
    figures(result.jsMsPerStep),
    ...(anyLaunches ? [result.dispatches] : []),
    ratioText(result),
  ])
  return [
    `${device.adapter}, ${device.backend}, ${device.runtime}: ${device.reason}`,
    `${machine.cpu}, ${machine.cores} cores, ${whole(machine.memoryBytes / 2 ** 30)} GiB, ${machine.system}`,
    ...(ceiling ? [ceilingText(ceiling)] : []),
    '',
    table(
      [...head, ...(anyLaunches ? ['dispatches'] : []), 'against the peer'],
      rows,
      'nothing was measured',
    ),
    ...(skipped.length ? ['', 'Left out:'] : []),
    ...skipped.map(
      one => `  ${one.size}, ${modeNames[one.mode]}, ${one.backend}, ${contender(one)}: ${one.reason}`,
    ),
    '',
    `Peers: training against stock TF.js, writing against composed without a cache, else against composed; lowest to highest of ${rounds(results)}.`,
    WORK_NOTE,
  ].join('\n')
}

const ceilingText = (ceiling: NonNullable<BenchReport['ceiling']>): string =>
  `ceiling: ${giga(ceiling.flopsPerSecondOneThread)} GFLOP/s and ${giga(ceiling.copyBytesPerSecondOneThread)} GB/s with 1 thread, ` +
  `${giga(ceiling.flopsPerSecond)} GFLOP/s and ${giga(ceiling.copyBytesPerSecond)} GB/s with ${ceiling.threads}`

const ratioText = ({ ratio }: BenchResult): string =>
  !ratio
    ? '–'
    : `${times(ratio.median)} ${ratio.peer}${ratio.low < ratio.high ? ` (${times(ratio.low)} – ${times(ratio.high)})` : ''}`

const rounds = (results: readonly BenchResult[]): string => {
  const most = Math.max(0, ...results.map(result => result.rounds))
  return most === 1 ? 'one round' : `${most} rounds`
}

export function comparisonText({ rows, differences }: BenchComparison): string {
  const lines = rows.map(row => [
    row.size,
    modeNames[row.mode],
    row.backend,
    contender(row),
    row.before && figures(row.before),
    row.after && figures(row.after),
    row.ratio === null ? '–' : times(row.ratio),
  ])
  return [
    ...differences,
    table(
      ['size', 'mode', 'backend', 'kernels', 'before', 'after', 'ratio'],
      lines,
      'neither measured anything',
    ),
  ].join('\n')
}
