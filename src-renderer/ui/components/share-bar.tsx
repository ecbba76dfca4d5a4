// A share as a bar with its 95 % interval as a whisker, and marks that it is held against. Silent: the figure in words
// stands beside it.
import type { ShareWithInterval } from '../../../src-shared/contract/preferences-contract.ts'
import classes from './share-bar.module.css'

const percentOf = (share: number) => `${100 * Math.min(1, Math.max(0, share))}%`

export function ShareBar({
  share,
  marks = [],
  accent,
}: {
  share: ShareWithInterval
  /** Shares to hold it against: guessing, what labelers agree on. */
  marks?: readonly number[]
  /** Any CSS colour; else the phase's. */
  accent?: string
}) {
  const { low, high } = share
  return (
    <span
      className={classes.bar}
      style={{ display: 'block', ...(accent ? { '--accent': accent } : {}) } as React.CSSProperties}
      aria-hidden
    >
      <span className={classes.fill} style={{ width: percentOf(share.share) }} />
      {marks.map(mark => (
        <span key={mark} className={classes.mark} style={{ left: percentOf(mark) }} />
      ))}
      {high > low && (
        <span className={classes.interval} style={{ left: percentOf(low), width: percentOf(high - low) }} />
      )}
    </span>
  )
}
