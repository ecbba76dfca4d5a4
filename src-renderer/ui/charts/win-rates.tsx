// How often one model's answer was preferred to another's: a dot with its 95 % interval on an axis from 0 to 100 %, the
// dashed line at 50 % being no preference. Published figures stand in the same picture, hollow and named as others'.
import type { ReactNode } from 'react'
import { publishedRates } from '../../../src-shared/evaluation/published-rates.ts'
import { formatCount, formatCounted, formatPercent } from '../format.ts'
import classes from './evaluation-charts.module.css'

export interface Rate {
  /** Wins of those decided, 0–1, with Wilson's 95 % interval. */
  readonly rate: number
  readonly low: number
  readonly high: number
  readonly wins: number
  readonly losses: number
  readonly ties: number
}
export interface RateRow extends Rate {
  readonly key: string
  readonly name: string
}
export interface RateGroup {
  readonly key: string
  readonly title: ReactNode
  /** Any CSS colour. */
  readonly accent: string
  readonly rows: readonly RateRow[]
}

const intervalText = ({ low, high }: Pick<Rate, 'low' | 'high'>) =>
  `${formatPercent(low)} to ${formatPercent(high)}`

/** `82%, 95% interval 75% to 88%; 120 to 26, 14 ties`, or that nothing was decided. */
export function rateSentence(rate: Rate): string {
  const { wins, losses, ties } = rate
  const tied = ties > 0 ? `, ${formatCounted(ties, 'tie')}` : ''
  return wins + losses === 0
    ? `nothing decided${tied}`
    : `${formatPercent(rate.rate)}, 95% interval ${intervalText(rate)}; ${formatCount(wins)} to ${formatCount(losses)}${tied}`
}

export function WinRates({
  groups,
  withPublished = true,
  onOpen,
}: {
  groups: readonly RateGroup[]
  withPublished?: boolean
  /** Shows the answers behind a row. */
  onOpen?: (row: RateRow) => void
}) {
  return (
    <div className={classes.rates}>
      {groups.map(({ key, title, accent, rows }) => (
        <section key={key} style={{ '--accent': accent } as React.CSSProperties}>
          <h3 className={classes.ratesTitle}>{title}</h3>
          <ul>
            {rows.map(row => (
              <li key={row.key}>
                <Line row={row} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {withPublished && (
        <section style={{ '--accent': 'var(--mantine-color-dimmed)' } as React.CSSProperties}>
          <h3 className={classes.ratesTitle}>
            Published
            <small>
              Ouyang et al. 2022, 175 B parameters, human labelers, other prompts: not to be compared digit by
              digit
            </small>
          </h3>
          <ul>
            {publishedRates.map(each => (
              <li key={each.name} className={classes.rate}>
                <span className={classes.rateName}>{each.name}</span>
                <Axis rate={each.rate} low={each.low} high={each.high} isPublished />
                <span className={classes.rateText}>
                  {Number((100 * each.rate).toFixed(1))}%{' '}
                  <small>± {Number((100 * (each.high - each.rate)).toFixed(1))}</small>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className={classes.ticks} aria-hidden>
        <span>
          {[0, 25, 50, 75, 100].map(tick => (
            <i key={tick} style={{ left: `${tick}%` }}>
              {tick === 100 ? '100%' : tick}
            </i>
          ))}
        </span>
      </div>
    </div>
  )
}

function Line({ row, onOpen }: { row: RateRow; onOpen?: ((row: RateRow) => void) | undefined }) {
  const decided = row.wins + row.losses > 0
  const content = (
    <>
      <span className={classes.rateName}>{row.name}</span>
      {decided ? (
        <Axis rate={row.rate} low={row.low} high={row.high} />
      ) : (
        <span className={classes.axis} aria-hidden />
      )}
      <span className={classes.rateText} aria-hidden>
        {decided ? (
          <>
            <b>{formatPercent(row.rate)}</b>{' '}
            <small>
              {formatPercent(row.low).replace('%', '')}–{formatPercent(row.high)} · {formatCount(row.wins)}:
              {formatCount(row.losses)}
              {row.ties > 0 && ` · ${formatCounted(row.ties, 'tie')}`}
            </small>
          </>
        ) : (
          <small>{rateSentence(row)}</small>
        )}
      </span>
      <span className="visually-hidden">{rateSentence(row)}</span>
    </>
  )
  return onOpen ? (
    <button
      type="button"
      className={classes.rate}
      title="Shows the answers behind it"
      onClick={() => onOpen(row)}
    >
      {content}
    </button>
  ) : (
    <div className={classes.rate}>{content}</div>
  )
}

function Axis({
  rate,
  low,
  high,
  isPublished,
}: Pick<Rate, 'rate' | 'low' | 'high'> & { isPublished?: boolean }) {
  const at = (share: number) => `${100 * Math.min(1, Math.max(0, share))}%`
  return (
    <span className={classes.axis} aria-hidden>
      <span className={classes.range} style={{ left: at(low), width: at(high - low) }} />
      <span className={classes.dot} data-published={isPublished || undefined} style={{ left: at(rate) }} />
    </span>
  )
}
