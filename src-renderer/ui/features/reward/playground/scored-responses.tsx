// The scores of responses to one prompt: as bars from 0, and token by token what moved them.
import { Text } from '@mantine/core'
import type { ScoredResponse } from '../../../../../src-shared/contract/reward-contract.ts'
import { visible } from '../../../components/plain-text.tsx'
import scoreShades from '../../../components/score-change.module.css'
import { scoreChange, scoreChanges } from '../../../components/score-change.ts'
import { signed } from '../../../components/score-text.ts'
import { TokenStrip } from '../../../components/token-strip.tsx'
import { formatPercent } from '../../../format.ts'
import classes from './playground.module.css'

export interface Scored {
  /** Of the response among those typed, from 0. */
  readonly place: number
  readonly response: ScoredResponse
}

/** The best first; equal scores stay as typed. */
export const bestFirst = (scored: readonly Scored[]): Scored[] =>
  [...scored].sort((a, b) => b.response.score - a.response.score || a.place - b.place)

/** `It would put 2 before 1 in 83% of such pairs.` @returns null where there are no two */
export function preferenceSentence(scored: readonly Scored[]): string | null {
  const [first, second] = bestFirst(scored)
  if (!first || !second) return null
  const probability = 1 / (1 + Math.exp(second.response.raw - first.response.raw))
  return probability < 0.505
    ? `It cannot tell ${first.place + 1} from ${second.place + 1}.`
    : `It puts ${first.place + 1} before ${second.place + 1}, and is ${formatPercent(probability)} sure.`
}

/** How far the score moved with each token, from the prompt's own on. */
export const changesOf = ({ promptScore, prefixScores }: ScoredResponse): number[] =>
  prefixScores.map((score, i) => score - (i === 0 ? promptScore : prefixScores[i - 1]!))

export function ScoredResponses({
  scored,
  refused = [],
}: {
  scored: readonly Scored[]
  /** Those that cannot be scored, and why: they stand last. */
  refused?: readonly { readonly place: number; readonly why: string }[]
}) {
  const farthest = Math.max(1, ...scored.map(({ response }) => Math.abs(response.score)))
  return (
    <ol className={classes.scores} aria-label="Scores">
      {scored.map(({ place, response }, i) => (
        <li key={place}>
          <OneResponse place={place} response={response} farthest={farthest} hint={i === 0} />
        </li>
      ))}
      {refused.map(({ place, why }) => (
        <li key={place}>
          <section aria-label={`Response ${place + 1}`}>
            <div className={classes.head}>
              <span>{place + 1}</span>
              <span className={classes.refused}>▲ not scored: {visible(why)}</span>
            </div>
          </section>
        </li>
      ))}
    </ol>
  )
}

function OneResponse({
  place,
  response,
  farthest,
  hint,
}: {
  place: number
  response: ScoredResponse
  /** The score that fills half of the bar. */
  farthest: number
  /** Says what pointing at a token does. */
  hint: boolean
}) {
  const { score, pieces, prefixScores } = response
  const changes = changesOf(response)
  const half = (50 * Math.abs(score)) / farthest
  return (
    <section aria-label={`Response ${place + 1}`}>
      <div className={classes.head}>
        <span>{place + 1}</span>
        <span className={classes.bar} aria-hidden>
          <span
            className={classes.fill}
            style={{ left: `${score < 0 ? 50 - half : 50}%`, width: `${half}%` }}
          />
        </span>
        <output className={classes.score}>{signed(score)}</output>
      </div>
      <TokenStrip
        label={`Response ${place + 1}`}
        pieces={pieces}
        visible
        maxHeight={200}
        hint={hint ? 'Point at a token to see how far it moves the score.' : ''}
        tone={index => scoreChange(changes[index] ?? 0)}
        remark={index =>
          prefixScores[index] === undefined
            ? null
            : `moves the score by ${signed(changes[index]!)}, to ${signed(prefixScores[index])} if the response ended here`
        }
      />
    </section>
  )
}

export function ScoreLegend() {
  return (
    <Text fz="xs" c="dimmed" className={classes.legend} component="div">
      The score
      {scoreChanges.map(({ change, name }) => (
        <span key={change}>
          <span aria-hidden className={`${classes.swatch} ${scoreShades[change]}`} />
          {name}
        </span>
      ))}
    </Text>
  )
}
