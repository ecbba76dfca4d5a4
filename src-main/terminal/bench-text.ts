// A bench as a terminal shows it: a table, what was left out and why, and what the figures mean.
import { type BenchComparison, type ComparedSpeed, ROUGH_NOTE } from '../../src-shared/bench/compare.ts'
import { MISSING_NOTE, peersSentence } from '../../src-shared/bench/peers.ts'
import { type BenchReport, type BenchResult, modeNames } from '../../src-shared/bench/report.ts'
import { WORK_NOTE } from '../../src-shared/bench/work.ts'
import { byteSize, table } from './text.ts'

const giga = (value: number): string => (value / 1e9).toPrecision(3)
/** Three figures, more where they stand before the point. */
const figures = (value: number): number => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))
const times = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`

/** `simd, 2 threads` */
const contender = ({ kernels, threads }: { kernels: string; threads: number }): string =>
  threads > 1 ? `${kernels}, ${threads} threads` : kernels

export function reportText(report: BenchReport): string {
  const { device, machine, ceiling, results, skipped, notes } = report
  const peers = peersSentence(report)
  const anyLaunches = results.some(({ dispatches }) => dispatches !== null)
  const head = [
    'size',
    'mode',
    'backend',
    'kernels',
    'tokens/s',
    'GFLOP/s',
    '% of ceiling',
    'MB',
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
    result.peakBytes === undefined ? null : figures(result.peakBytes / 1e6),
    result.jsMsPerStep === undefined ? null : figures(result.jsMsPerStep),
    ...(anyLaunches ? [result.dispatches] : []),
    ratioText(result),
  ])
  return [
    `${device.adapter}, ${device.backend}, ${device.runtime}: ${device.reason}`,
    `${machine.cpu}, ${machine.cores} cores, ${byteSize(machine.memoryBytes)}, ${machine.system}`,
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
    ...notes,
    ...(peers ? [`${peers} Lowest to highest of ${rounds(results)}.`] : []),
    MISSING_NOTE,
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

const changeText = (ratio: number, { rough }: ComparedSpeed): string =>
  rough ? `≈ ${times(ratio)}` : times(ratio)

export function comparisonText({ rows, differences }: BenchComparison): string {
  const lines = rows.map(row => [
    row.size,
    modeNames[row.mode],
    row.backend,
    contender(row),
    row.before && figures(row.before),
    row.after && figures(row.after),
    row.ratio === null ? '–' : changeText(row.ratio, row),
  ])
  return [
    ...differences,
    table(
      ['size', 'mode', 'backend', 'kernels', 'before', 'after', 'ratio'],
      lines,
      'neither measured anything',
    ),
    ...(rows.some(({ ratio, rough }) => rough && ratio !== null) ? [ROUGH_NOTE] : []),
  ].join('\n')
}
