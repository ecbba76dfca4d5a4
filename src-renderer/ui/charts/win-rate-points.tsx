// The alarm's picture: how often people, or the starter world's oracle, prefer the policy to the fine-tuned model, over what
// the reward says of it. While both rise together the reward is worth following; where wins fall as it rises, it is gamed.
import type { PpoEvaluation, WinRate } from '../../../src-shared/contract/ppo-contract.ts'
import type { Column } from '../components/virtual-table.tsx'
import { formatCount, formatNumber, formatPercent, NONE } from '../format.ts'
import { axisFor } from './axis.ts'
import { pressedBy } from './button-keys.ts'
import { Figure } from './figure.tsx'
import { Plane, shareAxis, usePlot } from './plane.tsx'
import classes from './ppo-figures.module.css'

export type WinRateAxis = 'reward' | 'distance'

const axes: Readonly<
  Record<WinRateAxis, { readonly label: string; readonly of: (evaluation: PpoEvaluation) => number }>
> = {
  reward: { label: 'reward on held-out prompts', of: ({ score }) => score },
  distance: { label: '√KL on held-out prompts', of: ({ kl }) => Math.sqrt(Math.max(0, kl)) },
}

export const judges = [
  { id: 'oracle', name: 'starter world’s oracle' },
  { id: 'person', name: 'your votes' },
] as const
type Judge = (typeof judges)[number]['id']

const decided = (rate: WinRate | null): rate is WinRate => rate !== null && rate.n > 0

/** `62 % of 40, 95 % interval 47 % to 75 %`. */
export const rateText = (rate: WinRate | null): string =>
  decided(rate)
    ? `${formatPercent(rate.share)} of ${formatCount(rate.n)}, 95% interval ${formatPercent(rate.low)} to ${formatPercent(rate.high)}`
    : 'nothing decided'

const shortRate = (rate: WinRate | null): string =>
  decided(rate)
    ? `${formatPercent(rate.share)} (${formatPercent(rate.low)}–${formatPercent(rate.high)})`
    : NONE

const columnsFor = (axis: WinRateAxis): readonly Column<PpoEvaluation>[] => [
  { key: 'step', header: 'Update', width: '60px', align: 'right', cell: e => formatCount(e.step) },
  {
    key: 'x',
    header: axis === 'reward' ? 'Reward' : '√KL',
    width: '64px',
    align: 'right',
    cell: e => formatNumber(axes[axis].of(e), 3),
  },
  { key: 'oracle', header: 'Oracle', width: 'minmax(96px, 1fr)', cell: e => shortRate(e.oracle) },
  { key: 'person', header: 'You', width: 'minmax(96px, 1fr)', cell: e => shortRate(e.person) },
]

export function WinRatePoints({
  evaluations,
  axis,
  chosen,
  onChoose,
  width,
}: {
  /** By step. */
  evaluations: readonly PpoEvaluation[]
  axis: WinRateAxis
  /** The step whose answers are looked at. */
  chosen: number | null
  onChoose: (step: number) => void
  width?: number
}) {
  const judged = evaluations.filter(({ oracle, person }) => decided(oracle) || decided(person))
  const at = judged.map(axes[axis].of)
  const present = judges.filter(({ id }) => judged.some(each => decided(each[id])))
  return (
    <Figure
      name={axis === 'reward' ? 'Wins against reward' : 'Wins against √KL'}
      meaning={`Each mark is an evaluation: how often the policy’s answer was preferred to the fine-tuned model’s, of those decided, with its 95% interval, over ${axes[axis].label}. The line joins them in the order of the run. A click shows the answers.`}
      sentence={pointsSentence(judged)}
      legend={present.map(({ id, name }) => (
        <span key={id}>
          <svg width={12} height={10} aria-hidden>
            <Mark judge={id} x={5} y={5} />
          </svg>{' '}
          {name}
        </span>
      ))}
      columns={columnsFor(axis)}
      rows={judged}
      height={220}
      width={width}
    >
      {(width, height) => (
        <Plane
          width={width}
          height={height}
          x={axisFor(
            axis === 'distance' ? [0, Math.max(0.1, ...at)] : [Math.min(...at), Math.max(...at)],
            false,
            false,
            Math.max(3, Math.round(width / 80)),
          )}
          y={shareAxis}
          xLabel={axes[axis].label}
          formatY={formatPercent}
        >
          {present.map(({ id, name }) => (
            <Points
              key={id}
              judge={id}
              name={name}
              evaluations={judged}
              axis={axis}
              chosen={chosen}
              onChoose={onChoose}
            />
          ))}
        </Plane>
      )}
    </Figure>
  )
}

/** What the newest and the best evaluation say. */
function pointsSentence(judged: readonly PpoEvaluation[]): string {
  const last = judged.at(-1)
  if (!last) return 'Nothing was compared yet.'
  return judges
    .flatMap(({ id, name }) =>
      decided(last[id]) ? [`Update ${formatCount(last.step)}, ${name}: ${rateText(last[id])}.`] : [],
    )
    .join(' ')
}

function Points({
  judge,
  name,
  evaluations,
  axis,
  chosen,
  onChoose,
}: {
  judge: Judge
  name: string
  evaluations: readonly PpoEvaluation[]
  axis: WinRateAxis
  chosen: number | null
  onChoose: (step: number) => void
}) {
  const plot = usePlot()
  if (!plot) return null
  const { area, toX, toY } = plot
  const points = evaluations.flatMap(evaluation => {
    const rate = evaluation[judge]
    return decided(rate) ? [{ evaluation, rate, x: toX(axes[axis].of(evaluation)) }] : []
  })
  return (
    <g color={judge === 'oracle' ? 'var(--lab-phase-ppo)' : 'var(--mantine-color-text)'}>
      <path d={`M${area.x} ${toY(0.5)}h${area.width}`} className={classes.even} />
      <polyline
        points={points.map(({ x, rate }) => `${x},${toY(rate.share)}`).join(' ')}
        className={classes.interval}
      />
      {points.map(({ evaluation: { step }, rate, x }) => (
        // biome-ignore lint/a11y/useSemanticElements: inside of SVG there are no buttons
        <g
          key={step}
          role="button"
          tabIndex={0}
          aria-label={`Answers of update ${step}; ${name}: ${rateText(rate)}`}
          className={classes.point}
          onClick={() => onChoose(step)}
          onKeyDown={pressedBy(() => onChoose(step))}
        >
          <title>{`Update ${step}, ${name}: ${rateText(rate)}`}</title>
          <path d={`M${x} ${toY(rate.low)}V${toY(rate.high)}`} className={classes.interval} />
          <circle cx={x} cy={toY(rate.share)} r={9} fill="transparent" />
          <Mark judge={judge} x={x} y={toY(rate.share)} />
          {step === chosen && <circle cx={x} cy={toY(rate.share)} r={8} className={classes.chosen} />}
        </g>
      ))}
    </g>
  )
}

const Mark = ({ judge, x, y }: { judge: Judge; x: number; y: number }) =>
  judge === 'oracle' ? (
    <circle cx={x} cy={y} r={4} className={classes.oracle} />
  ) : (
    <path d={`M${x} ${y - 5}l5 5l-5 5l-5 -5z`} className={classes.person} />
  )
