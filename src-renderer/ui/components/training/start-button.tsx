// Start at the foot of a recipe: pressed while the estimate is being made, it starts as soon as that says that it can.
import { Loader, Stack } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { LabErrorFacts } from '../../../../src-shared/contract/errors.ts'
import { ActionButton } from '../action-button.tsx'
import { ErrorNote } from '../error-note.tsx'
import { ESTIMATING } from './recipe-fields.ts'

/**
 * @param problem why the run cannot start now; null = it can
 * @param begin starts it
 * @returns `start` for the button and Ctrl+Enter; `waiting` = it was pressed, and will start after the estimate
 */
export function useStart(
  problem: string | null,
  begin: () => void,
): { readonly start: () => void; readonly waiting: boolean } {
  const [waiting, setWaiting] = useState(false)
  const start = () => {
    setWaiting(problem === ESTIMATING)
    if (problem === null) begin()
  }
  const latest = useRef(start)
  latest.current = start
  useEffect(() => {
    if (waiting && problem !== ESTIMATING) latest.current()
  }, [waiting, problem])
  return { start, waiting }
}

/** Figures of before a change, until those of after it are there. */
export const Stale = ({ while: stale, children }: { while: boolean; children: ReactNode }) => (
  <div style={stale ? { opacity: 0.5 } : undefined} aria-busy={stale}>
    {children}
  </div>
)

export function StartButton({
  problem,
  waiting,
  starting,
  error,
  onStart,
  onCloseError,
}: {
  problem: string | null
  /** For the estimate, to start then. */
  waiting: boolean
  starting: boolean
  /** Of the last attempt. */
  error: LabErrorFacts | null
  onStart: () => void
  onCloseError: () => void
}) {
  const estimating = problem === ESTIMATING
  return (
    <Stack gap={6} mt={6}>
      <ErrorNote error={error} onClose={onCloseError} />
      <ActionButton
        fullWidth
        onClick={onStart}
        loading={starting}
        leftSection={estimating && <Loader size={12} color="white" aria-hidden />}
        disabledReason={starting || estimating ? null : problem}
      >
        Start
        {estimating && (
          <span aria-hidden>{waiting ? '\u00a0· right after the estimate' : '\u00a0· estimating …'}</span>
        )}
      </ActionButton>
      <span className="visually-hidden" role="status">
        {estimating ? ESTIMATING : ''}
      </span>
    </Stack>
  )
}
