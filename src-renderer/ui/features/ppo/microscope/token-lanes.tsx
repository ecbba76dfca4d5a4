// The lanes of an answer under its tokens, as a table: a column a token, a bar and its number in each cell. Pointing at a
// column, or moving with ← →, reads the token out below.
import { type KeyboardEvent, type MouseEvent, useState } from 'react'
import type { Rollout } from '../../../../../src-shared/contract/ppo-contract.ts'
import { Term } from '../../../components/term.tsx'
import { inOneLine } from '../../../components/token-text.ts'
import { formatNumber } from '../../../format.ts'
import { type Lane, lanesOf, reach, tokenSentence } from './lanes.ts'
import classes from './microscope.module.css'

const HINT = 'Point at a token, or move with ← →, to read what happened to it.'

export function TokenLanes({ rollout, whitenRewards }: { rollout: Rollout; whitenRewards: boolean }) {
  const [token, setToken] = useState<number | null>(null)
  const { response } = rollout
  const shown = token !== null && token < response.length ? token : null
  const point = (event: MouseEvent<HTMLElement>) => {
    const index = (event.target as HTMLElement).closest<HTMLElement>('[data-token]')?.dataset.token
    if (index !== undefined) setToken(Number(index))
  }
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const next = shown === null ? 0 : Math.min(response.length - 1, Math.max(0, shown + by))
    setToken(next)
    event.currentTarget
      .querySelector(`th[data-token="${next}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }
  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form control */}
      <div
        role="group"
        aria-label="The answer, token by token"
        className={classes.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move through the tokens
        tabIndex={0}
        onMouseOver={point}
        onFocus={() => setToken(now => now ?? 0)}
        onKeyDown={move}
      >
        <table className={`${classes.lanes} tabular`}>
          <thead>
            <tr>
              <th scope="col" className={classes.laneName}>
                Token
              </th>
              {response.map((piece, i) => (
                <th
                  // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no other name than their place
                  key={i}
                  scope="col"
                  data-token={i}
                  data-shown={i === shown || undefined}
                  className={piece.special ? classes.special : undefined}
                >
                  {inOneLine(piece)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lanesOf(rollout, whitenRewards).map(lane => (
              <LaneRow key={lane.id} lane={lane} shown={shown} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.readout} aria-live="polite">
        {shown === null ? HINT : tokenSentence(rollout, shown)}
      </p>
    </div>
  )
}

function LaneRow({ lane, shown }: { lane: Lane; shown: number | null }) {
  const most = reach(lane)
  return (
    <tr>
      <th scope="row" className={classes.laneName}>
        <Term meaning={lane.unit ? `${lane.meaning} (${lane.unit})` : lane.meaning}>{lane.label}</Term>
      </th>
      {lane.values.map((value, i) => {
        const marked = lane.marked?.tokens[i] ?? false
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no other name than their place
          <td key={i} data-token={i} data-shown={i === shown || undefined}>
            {value !== null && (
              <>
                <Bar share={(value - lane.origin) / most} />
                <span>
                  {formatNumber(value, lane.digits)}
                  {marked && (
                    <span
                      role="img"
                      aria-label={lane.marked!.word}
                      title={lane.marked!.word}
                      className={classes.mark}
                    >
                      ▣
                    </span>
                  )}
                </span>
              </>
            )}
          </td>
        )
      })}
    </tr>
  )
}

/** Up from the middle above the origin, down from it below: told apart without colour. @param share −1 … 1 */
const Bar = ({ share }: { share: number }) => (
  <span aria-hidden className={classes.bar}>
    <span
      data-below={share < 0 || undefined}
      style={{
        height: `${Math.min(50, Math.abs(share) * 50)}%`,
        ...(share < 0 ? { top: '50%' } : { bottom: '50%' }),
      }}
    />
  </span>
)
