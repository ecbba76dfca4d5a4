// A reliability diagram: where the model says 80 %, is it right in 80 %?
import type { RewardReport } from '../../../src-shared/contract/reward-contract.ts'
import type { Column } from '../components/virtual-table.tsx'
import { formatCount, formatPercent } from '../format.ts'
import { axisFor } from './axis.ts'
import classes from './charts.module.css'
import { Figure } from './figure.tsx'
import { Plane, usePlot } from './plane.tsx'

type Bin = RewardReport['calibration'][number]

const columns: readonly Column<Bin>[] = [
  {
    key: 'predicted',
    header: 'Says',
    width: 'minmax(70px, 1fr)',
    align: 'right',
    cell: bin => formatPercent(bin.predicted),
  },
  {
    key: 'observed',
    header: 'Is right',
    width: 'minmax(70px, 1fr)',
    align: 'right',
    cell: bin => formatPercent(bin.observed),
  },
  { key: 'pairs', header: 'Pairs', width: '80px', align: 'right', cell: bin => formatCount(bin.pairs) },
]

/** Dots of the fewest and of the most pairs, in pixels. */
const RADIUS = [3, 7] as const

export function CalibrationChart({
  bins,
  error,
  width,
}: {
  bins: readonly Bin[]
  /** Mean distance from the diagonal, 0–1. */
  error: number
  width?: number
}) {
  const lowest = Math.min(0.5, ...bins.map(bin => bin.observed))
  return (
    <Figure
      name="Calibration"
      meaning="For each validation pair the model says how likely its favourite is the preferred one. On the dashed line it is as often right as it says; below it, it is too sure. Larger dots are of more pairs."
      sentence={
        bins.length === 0
          ? 'No validation pair was scored.'
          : `What it says and what holds differ by ${formatPercent(error)} on average.`
      }
      columns={columns}
      rows={bins}
      width={width}
    >
      {(width, height) => (
        <Plane
          width={width}
          height={height}
          x={{ domain: [0.5, 1], ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1] }}
          y={axisFor([lowest, 1], false, false, 4)}
          xLabel="how sure it is"
          formatX={formatPercent}
          formatY={formatPercent}
        >
          <Dots bins={bins} />
        </Plane>
      )}
    </Figure>
  )
}

function Dots({ bins }: { bins: readonly Bin[] }) {
  const plot = usePlot()
  if (!plot) return null
  const { toX, toY } = plot
  const most = Math.max(1, ...bins.map(bin => bin.pairs))
  const [small, large] = RADIUS
  return (
    <>
      <path d={`M${toX(0.5)} ${toY(0.5)}L${toX(1)} ${toY(1)}`} className={classes.level} />
      <g className={classes.points}>
        <polyline points={bins.map(bin => `${toX(bin.predicted)},${toY(bin.observed)}`).join(' ')} />
        {bins.map((bin, i) => (
          <circle
            // biome-ignore lint/suspicious/noArrayIndexKey: bins have no other name than their place
            key={i}
            cx={toX(bin.predicted)}
            cy={toY(bin.observed)}
            // Area goes with pairs.
            r={small + (large - small) * Math.sqrt(bin.pairs / most)}
          >
            <title>
              {`Says ${formatPercent(bin.predicted)}, is right in ${formatPercent(bin.observed)} of ${bin.pairs} pairs`}
            </title>
          </circle>
        ))}
      </g>
    </>
  )
}
