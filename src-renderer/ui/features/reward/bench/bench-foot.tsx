// At the foot of the bench: the order being made, and a button for every key that judges the whole prompt.
import { Kbd } from '@mantine/core'
import type { ReactNode } from 'react'
import { ActionButton } from '../../../components/action-button.tsx'
import classes from './bench.module.css'

export function BenchFoot({
  order,
  hint,
  note,
  away,
  busy,
  mending,
  canUndo,
  obstacle,
  onNext,
  onSkip,
  onAllBad,
  onUndo,
}: {
  order: ReactNode
  /** Why the last key did nothing. */
  hint: string | null
  /** What stands there otherwise. */
  note: string
  /** Nothing can be kept: the lab is not connected. */
  away: boolean
  busy: boolean
  mending: boolean
  canUndo: boolean
  /** Why Enter cannot go on; null = it can. */
  obstacle: string | null
  onNext: () => void
  onSkip: () => void
  onAllBad: () => void
  onUndo: () => void
}) {
  const key = (name: string) => <Kbd size="xs">{name}</Kbd>
  return (
    <footer className={classes.foot}>
      {order}
      {/* On the left: messages of the window stand in the right corner. */}
      <div className={classes.actions}>
        <ActionButton
          color="amber"
          rightSection={key('Enter')}
          disabledReason={busy && !away ? 'The ranking is being kept' : obstacle}
          onClick={onNext}
        >
          {mending ? 'Change the label' : 'Next'}
        </ActionButton>
        <ActionButton variant="default" rightSection={key('S')} onClick={onSkip}>
          Skip
        </ActionButton>
        <ActionButton variant="default" rightSection={key('B')} onClick={onAllBad}>
          All bad
        </ActionButton>
        {!mending && (
          <ActionButton
            variant="default"
            rightSection={key('U')}
            disabledReason={canUndo ? null : 'Nothing to undo yet'}
            onClick={onUndo}
          >
            Undo
          </ActionButton>
        )}
        <span className={classes.hint} data-warn={hint !== null || away || undefined} role="status">
          {away ? note : (hint ?? note)}
        </span>
      </div>
    </footer>
  )
}

/** Where there is nothing to rank, and an undo is still a way back. */
export function UndoFoot({ canUndo, onUndo }: { canUndo: boolean; onUndo: () => void }) {
  return (
    <footer className={classes.foot}>
      <div className={classes.actions}>
        <ActionButton
          variant="default"
          rightSection={<Kbd size="xs">U</Kbd>}
          disabledReason={canUndo ? null : 'Nothing to undo yet'}
          onClick={onUndo}
        >
          Undo the last one
        </ActionButton>
      </div>
    </footer>
  )
}
