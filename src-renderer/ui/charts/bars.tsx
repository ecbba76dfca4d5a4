// Horizontal bars of shares, 0–1: the likeliest next tokens. A bar that can be taken is a button.
import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatPercent } from '../format.ts'
import classes from './charts.module.css'

export interface BarRow {
  readonly key: string
  readonly label: ReactNode
  /** For screen readers, where the label is drawn. */
  readonly name: string
  /** 0–1: the length of the bar. */
  readonly share: number
  /** A second share on the same track, drawn as a mark: the probability after temperature, top-k and top-p. */
  readonly mark?: number
  readonly dimmed?: boolean
}

export interface BarsProps {
  /** What the bars show. */
  label: string
  rows: readonly BarRow[]
  color: string
  /** Full length of the track; the largest share when left out. */
  max?: number
  onTake?: (row: BarRow) => void
}

export function Bars({ label, rows, color, max, onTake }: BarsProps) {
  const longest = max ?? rows.reduce((most, row) => Math.max(most, row.share, row.mark ?? 0), 0)
  const percent = (share: number) => `${longest > 0 ? Math.min(100, (100 * share) / longest) : 0}%`
  return (
    <ol className={classes.bars} aria-label={label}>
      {rows.map(row => {
        const content = (
          <>
            <span className={classes.barLabel}>{row.label}</span>
            <span className={classes.barTrack} aria-hidden>
              <span
                className={classes.barFill}
                style={{ width: percent(row.share), background: color, opacity: row.dimmed ? 0.3 : 1 }}
              />
              {row.mark !== undefined && (
                <span className={classes.barMark} style={{ left: percent(row.mark) }} />
              )}
            </span>
            <span className={classes.barValue}>{formatPercent(row.share)}</span>
          </>
        )
        return (
          <li key={row.key}>
            {onTake ? (
              <UnstyledButton
                className={classes.bar}
                fz="inherit"
                aria-label={`${row.name}, ${formatPercent(row.share)}`}
                onClick={() => onTake(row)}
              >
                {content}
              </UnstyledButton>
            ) : (
              <div className={classes.bar}>{content}</div>
            )}
          </li>
        )
      })}
    </ol>
  )
}
