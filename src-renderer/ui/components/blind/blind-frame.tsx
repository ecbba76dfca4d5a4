// Where answers are compared blind: over the whole window, with how far one has come, and a way out that loses nothing.
import { ActionIcon, Modal, Progress, Tooltip } from '@mantine/core'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatCount } from '../../format.ts'
import classes from './blind.module.css'

/** Over the work in progress, under toasts. */
const OVER_EVERYTHING = 300

export function BlindWindow({
  opened,
  onLeave,
  children,
}: {
  opened: boolean
  onLeave: () => void
  children: ReactNode
}) {
  return (
    <Modal.Root
      opened={opened}
      onClose={onLeave}
      closeOnEscape={false}
      fullScreen
      zIndex={OVER_EVERYTHING}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Content radius={0}>
        <Modal.Body p={0} h="100dvh">
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

export function BlindHead({
  done,
  total,
  color,
  leave,
  onLeave,
}: {
  done: number
  /** null = not known yet. */
  total: number | null
  /** Of the phase, where it belongs to one. */
  color?: string
  leave: string
  onLeave: () => void
}) {
  return (
    <header className={classes.head}>
      <Modal.Title component="h1" className={classes.title}>
        Which answer is better?
      </Modal.Title>
      {total !== null && (
        <div className={classes.progress}>
          <span className="tabular" data-testid="voted">
            {formatCount(Math.min(done, total))} of {formatCount(total)} pairs
          </span>
          <Progress
            aria-label="Pairs voted on"
            size={4}
            mt={2}
            value={total > 0 ? (100 * done) / total : 0}
            {...(color ? { color } : {})}
          />
        </div>
      )}
      <Tooltip label="Leave (Esc); every vote is kept">
        <ActionIcon ml="auto" aria-label={leave} onClick={onLeave}>
          <X size={16} />
        </ActionIcon>
      </Tooltip>
    </header>
  )
}
