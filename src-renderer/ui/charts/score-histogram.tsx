// The scores of winning and of losing responses, in common bins: the less they overlap, the surer the model.
import type { RewardReport } from '../../../src-shared/contract/reward-contract.ts'
import type { Column } from '../components/virtual-table.tsx'
import { formatCount, formatNumber } from '../format.ts'
import { axisFor } from './axis.ts'
import classes from './charts.module.css'
import { Figure } from './figure.tsx'
import { Plane, usePlot } from './plane.tsx'

type Scores = RewardReport['scores']

interface Bin {
  readonly from: number
  readonly to: number
  readonly winning: number
  readonly losing: number
}

const binsOf = ({ edges, winning, losing }: Scores): Bin[] =>
  winning.map((count, i) => ({ from: edges[i]!, to: edges[i + 1]!, winning: count, losing: losing[i]! }))

const columns: readonly Column<Bin>[] = [
  {
    key: 'score',
    header: 'Score',
    width: 'minmax(110px, 1fr)',
    align: 'right',
    cell: bin => `${formatNumber(bin.from, 3)} to ${formatNumber(bin.to, 3)}`,
  },
  { key: 'winning', header: 'Winning', width: '80px', align: 'right', cell: bin => formatCount(bin.winning) },
  { key: 'losing', header: 'Losing', width: '80px', align: 'right', cell: bin => formatCount(bin.losing) },
]

/** How much of the two areas lies over each other, 0–1: two counts of as many responses each. */
export function overlap({ winning, losing }: Scores): number {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
  const [won, lost] = [total(winning), total(losing)]
  if (won === 0 || lost === 0) return 0
  return winning.reduce((sum, count, i) => sum + Math.min(count / won, losing[i]! / lost), 0)
}

export function ScoreHistogram({ scores, width }: { scores: Scores; width?: number }) {
  const bins = binsOf(scores).filter(
    (bin, i, all) => bin.winning + bin.losing > 0 || (i > 0 && i < all.length - 1),
  )
  const total = bins.reduce((sum, bin) => sum + bin.winning + bin.losing, 0)
  return (
    <Figure
      name="Scores"
      meaning="Normalised scores of the responses of validation pairs: 0 is the mean of the fine-tuned model’s own answers, 1 their standard deviation."
      sentence={
        total === 0
          ? 'No validation pair was scored.'
          : `${Math.round(100 * overlap(scores))}% of the two areas lie over each other: where they do, winner and loser look alike to the model.`
      }
      legend={<Legend />}
      columns={columns}
      rows={total === 0 ? [] : bins}
      width={width}
    >
      {(width, height) => (
        <Plane
          width={width}
          height={height}
          x={axisFor([bins[0]!.from, bins.at(-1)!.to], false, true, Math.max(3, Math.round(width / 70)))}
          y={axisFor([0, Math.max(1, ...bins.flatMap(bin => [bin.winning, bin.losing]))], false, false, 4)}
          xLabel="normalised score"
          formatY={value => (Number.isInteger(value) ? formatCount(value) : '')}
        >
          <Areas bins={bins} />
        </Plane>
      )}
    </Figure>
  )
}

const Legend = () => (
  <>
    {(['winning', 'losing'] as const).map(side => (
      <span key={side} className={classes.legendItem}>
        <svg width={14} height={10} aria-hidden>
          <rect x={1} y={1} width={12} height={8} className={classes[side]} />
        </svg>
        {side}
      </span>
    ))}
  </>
)

function Areas({ bins }: { bins: readonly Bin[] }) {
  const plot = usePlot()
  if (!plot) return null
  const { toX, toY } = plot
  const area = (side: 'winning' | 'losing') =>
    `M${toX(bins[0]!.from)} ${toY(0)}${bins
      .map(bin => `V${toY(bin[side])}H${toX(bin.to)}`)
      .join('')}V${toY(0)}`
  return (
    <>
      <path d={area('winning')} className={classes.winning} />
      <path d={area('losing')} className={classes.losing} />
      {bins.map(bin => (
        <rect
          key={bin.from}
          x={toX(bin.from)}
          width={toX(bin.to) - toX(bin.from)}
          y={plot.area.y}
          height={plot.area.height}
          fill="transparent"
        >
          <title>
            {`${formatNumber(bin.from, 3)} to ${formatNumber(bin.to, 3)}: ${bin.winning} winning, ${bin.losing} losing`}
          </title>
        </rect>
      ))}
    </>
  )
}
