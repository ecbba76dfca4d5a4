// How often the model is right where it sees little difference, and where it sees much.
import type { RewardReport } from '../../../src-shared/contract/reward-contract.ts'
import type { Column } from '../components/virtual-table.tsx'
import { formatCount, formatNumber, formatPercent } from '../format.ts'
import classes from './charts.module.css'
import { Figure } from './figure.tsx'
import { Plane, shareAxis, usePlot } from './plane.tsx'

type Bin = RewardReport['byMargin'][number]

const rangeOf = ({ from, to }: Bin) => `${formatNumber(from, 2)} to ${formatNumber(to, 2)}`

const columns: readonly Column<Bin>[] = [
  { key: 'margin', header: 'Margin', width: 'minmax(110px, 1fr)', align: 'right', cell: rangeOf },
  {
    key: 'accuracy',
    header: 'Right',
    width: '70px',
    align: 'right',
    cell: bin => formatPercent(bin.accuracy),
  },
  { key: 'pairs', header: 'Pairs', width: '70px', align: 'right', cell: bin => formatCount(bin.pairs) },
]

/** What the bins say, in words. */
export function marginSentence(bins: readonly Bin[]): string {
  const [first, last] = [bins[0], bins.at(-1)]
  if (!first || !last) return 'No validation pair was scored.'
  if (first === last) return `Right in ${formatPercent(first.accuracy)} of ${formatCount(first.pairs)} pairs.`
  return `Right in ${formatPercent(first.accuracy)} where the scores differ least, in ${formatPercent(last.accuracy)} where they differ most.`
}

export function AccuracyByMargin({ bins, width }: { bins: readonly Bin[]; width?: number }) {
  return (
    <Figure
      name="Accuracy by margin"
      meaning="Validation pairs from the smallest to the largest difference of scores, in bars of about equally many pairs. A good model is right where it is sure; the dashed line is guessing."
      sentence={marginSentence(bins)}
      columns={columns}
      rows={bins}
      width={width}
    >
      {(width, height) => (
        <Plane
          width={width}
          height={height}
          x={{ domain: [0, bins.length], ticks: bins.map((_, i) => i + 0.5) }}
          y={shareAxis}
          xLabel="difference of scores, up to"
          formatX={value => bins[Math.floor(value)]!.to.toFixed(1)}
          formatY={formatPercent}
        >
          <Bars bins={bins} />
        </Plane>
      )}
    </Figure>
  )
}

function Bars({ bins }: { bins: readonly Bin[] }) {
  const plot = usePlot()
  if (!plot) return null
  const { area, toX, toY } = plot
  return (
    <g className={classes.bars}>
      {bins.map((bin, i) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: bins have no other name than their place
          key={i}
          x={toX(i + 0.15)}
          width={toX(i + 0.85) - toX(i + 0.15)}
          y={toY(bin.accuracy)}
          height={Math.max(0, toY(0) - toY(bin.accuracy))}
        >
          <title>{`${rangeOf(bin)}: right in ${formatPercent(bin.accuracy)} of ${bin.pairs} pairs`}</title>
        </rect>
      ))}
      <path d={`M${area.x} ${toY(0.5)}h${area.width}`} className={classes.level} />
    </g>
  )
}
