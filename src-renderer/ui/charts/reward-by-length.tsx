// Whether the reward goes by length: every validation response as a point.
import type { RewardReport } from '../../../src-shared/contract/reward-contract.ts'
import type { Column } from '../components/virtual-table.tsx'
import { formatCount, formatNumber, formatPercent, withMinus } from '../format.ts'
import { axisFor, wholeStep } from './axis.ts'
import classes from './charts.module.css'
import { Figure } from './figure.tsx'
import { Plane, usePlot } from './plane.tsx'

type Length = RewardReport['length']
type Point = Length['points'][number]

const columns: readonly Column<Point>[] = [
  {
    key: 'characters',
    header: 'Characters',
    width: 'minmax(70px, 1fr)',
    align: 'right',
    cell: ([characters]) => formatCount(characters),
  },
  {
    key: 'reward',
    header: 'Score',
    width: 'minmax(70px, 1fr)',
    align: 'right',
    cell: ([, reward]) => formatNumber(reward, 3),
  },
]

/** `Longer answers score higher: rank correlation 0.93; the labels preferred the longer one in 98%.` */
export function lengthSentence({ correlation, longerWins }: Length): string {
  const strength = Math.abs(correlation)
  const goes =
    strength < 0.2
      ? 'It hardly goes by length'
      : `${strength < 0.5 ? 'Somewhat' : 'Clearly'}, ${correlation > 0 ? 'longer' : 'shorter'} answers score higher`
  const labels =
    longerWins.n > 0 ? `; the labels preferred the longer one in ${formatPercent(longerWins.share)}` : ''
  return `${goes}: rank correlation within prompts ${withMinus(correlation.toFixed(2))}${labels}.`
}

export function RewardByLength({ length, width }: { length: Length; width?: number }) {
  const { points } = length
  const span = (at: 0 | 1): [number, number] => [
    Math.min(...points.map(point => point[at])),
    Math.max(...points.map(point => point[at])),
  ]
  return (
    <Figure
      name="Reward against length"
      meaning="Each point is a validation response. What phase 4 is rewarded for most easily is length: a cloud that rises says that longer is better, whatever is written."
      sentence={points.length === 0 ? 'No response was scored.' : lengthSentence(length)}
      columns={columns}
      rows={[...points].sort(([a], [b]) => a - b)}
      width={width}
    >
      {(width, height) => (
        <Plane
          width={width}
          height={height}
          x={axisFor([0, span(0)[1]], false, true, Math.max(3, Math.round(width / 80)), wholeStep)}
          y={axisFor(span(1), false, false, 4)}
          xLabel="characters of the response"
        >
          <Cloud points={points} />
        </Plane>
      )}
    </Figure>
  )
}

/** One path: strokes without length, whose round caps are the dots. */
function Cloud({ points }: { points: readonly Point[] }) {
  const plot = usePlot()
  if (!plot) return null
  const { toX, toY } = plot
  return (
    <g className={classes.points}>
      <path
        d={points
          .map(([characters, reward]) => `M${toX(characters).toFixed(1)} ${toY(reward).toFixed(1)}h0`)
          .join('')}
      />
    </g>
  )
}
