// Reward against √KL: how much reward the policy buys for its distance from the fine-tuned model. Roughly a line while it
// is real (Bai et al. 2022); where it bends, or goes on while people disagree, the reward is being gamed.
import { useMemo } from 'react'
import type { Column } from '../components/virtual-table.tsx'
import { formatCount, formatNumber } from '../format.ts'
import { useRunSeries } from '../run-series.ts'
import { axisFor } from './axis.ts'
import { Figure } from './figure.tsx'
import { Plane, usePlot } from './plane.tsx'
import classes from './ppo-figures.module.css'

export interface RewardPoint {
  readonly step: number
  readonly kl: number
  readonly reward: number
  /** On prompts that PPO never trains on. */
  readonly heldOut: boolean
}

/** A sampled KL may be a little below 0. */
export const distance = ({ kl }: Pick<RewardPoint, 'kl'>): number => Math.sqrt(Math.max(0, kl))

const columns: readonly Column<RewardPoint>[] = [
  { key: 'step', header: 'Update', width: '64px', align: 'right', cell: p => formatCount(p.step) },
  {
    key: 'of',
    header: 'Prompts',
    width: 'minmax(74px, 1fr)',
    cell: p => (p.heldOut ? 'held out' : 'trained on'),
  },
  { key: 'kl', header: 'KL', width: '70px', align: 'right', cell: p => formatNumber(p.kl, 3) },
  { key: 'reward', header: 'Reward', width: '70px', align: 'right', cell: p => formatNumber(p.reward, 3) },
]

/** What the points say, in a sentence. */
export function rewardByKlSentence(points: readonly RewardPoint[]): string {
  const trained = points.filter(point => !point.heldOut)
  const [first, last] = [trained[0], trained.at(-1)]
  if (!first || !last || first === last) return 'It appears with the second update.'
  const rise = last.reward - first.reward
  return `Reward ${rise < 0 ? 'fell' : 'rose'} by ${formatNumber(Math.abs(rise), 2)}, at a distance of √KL = ${formatNumber(distance(last), 2)} from the fine-tuned model.`
}

/** Both metrics where both were measured, in the order of the run. */
function pointsOf(
  kl: { readonly steps: Float64Array; readonly values: Float64Array } | undefined,
  reward: { readonly steps: Float64Array; readonly values: Float64Array } | undefined,
  heldOut: boolean,
): RewardPoint[] {
  if (!kl || !reward) return []
  const rewards = new Map([...reward.steps].map((step, i) => [step, reward.values[i]!]))
  return [...kl.steps].flatMap((step, i) => {
    const point = { step, kl: kl.values[i]!, reward: rewards.get(step) ?? Number.NaN, heldOut }
    return Number.isFinite(point.kl) && Number.isFinite(point.reward) ? [point] : []
  })
}

const names = ['objective/kl', 'objective/scores', 'eval_kl', 'eval_score'] as const

export function RewardByKl({ run }: { run: string }) {
  const [series] = useRunSeries([run], names)
  const points = useMemo(
    () => [
      ...pointsOf(series!['objective/kl'], series!['objective/scores'], false),
      ...pointsOf(series!.eval_kl, series!.eval_score, true),
    ],
    [series],
  )
  return <RewardByKlFigure points={points} />
}

export function RewardByKlFigure({ points, width }: { points: readonly RewardPoint[]; width?: number }) {
  return (
    <Figure
      name="Reward against √KL"
      meaning="Each dot is an update, later ones darker: mean reward over the root of the KL (nats per answer). Reward grows about in line with √KL while it is real; far out it is bought by leaving the fine-tuned model."
      sentence={rewardByKlSentence(points)}
      legend={<Legend />}
      columns={columns}
      rows={points}
      height={170}
      width={width}
    >
      {(width, height) => (
        <Plane
          width={width}
          height={height}
          x={axisFor(
            [0, Math.max(0.1, ...points.map(distance))],
            false,
            false,
            Math.max(3, Math.round(width / 80)),
          )}
          y={axisFor(
            [Math.min(...points.map(p => p.reward)), Math.max(...points.map(p => p.reward))],
            false,
            false,
            4,
          )}
          xLabel="√KL"
        >
          <Dots points={points} />
        </Plane>
      )}
    </Figure>
  )
}

const Legend = () => (
  <>
    <span>
      <svg width={12} height={10} aria-hidden>
        <circle cx={5} cy={5} r={3} className={classes.trained} />
      </svg>
      trained on
    </span>
    <span>
      <svg width={12} height={10} aria-hidden>
        <rect x={1.5} y={1.5} width={7} height={7} className={classes.heldOut} />
      </svg>
      held out
    </span>
  </>
)

function Dots({ points }: { points: readonly RewardPoint[] }) {
  const plot = usePlot()
  if (!plot) return null
  const { toX, toY } = plot
  const trained = points.filter(point => !point.heldOut)
  return (
    <>
      {trained.map((point, i) => (
        <circle
          key={`trained ${point.step}`}
          cx={toX(distance(point))}
          cy={toY(point.reward)}
          r={3}
          className={classes.trained}
          fillOpacity={0.25 + (0.75 * (i + 1)) / trained.length}
        >
          <title>{title(point)}</title>
        </circle>
      ))}
      {points
        .filter(point => point.heldOut)
        .map(point => (
          <rect
            key={`held out ${point.step}`}
            x={toX(distance(point)) - 3.5}
            y={toY(point.reward) - 3.5}
            width={7}
            height={7}
            className={classes.heldOut}
          >
            <title>{title(point)}</title>
          </rect>
        ))}
    </>
  )
}

const title = (point: RewardPoint): string =>
  `Update ${point.step}${point.heldOut ? ', held-out prompts' : ''}: reward ${formatNumber(point.reward, 3)}, KL ${formatNumber(point.kl, 3)} nats`
