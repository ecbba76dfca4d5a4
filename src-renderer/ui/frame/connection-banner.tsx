// Says that the connection is lost, counts down to the next attempt, and offers to try at once.
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { connect, useConnection } from '../lab.ts'
import classes from './frame.module.css'

export function ConnectionBanner() {
  const { state, retryAt, reason } = useConnection()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (state !== 'lost') return
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [state])
  if (state !== 'lost') return null
  const seconds = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1000))
  return (
    <div className={classes.banner} role="alert" data-testid="connection-lost">
      <span>
        <strong>Connection lost.</strong> {reason && sentenceCase(reason)} This window goes on as soon as the
        lab is back; checkpoints are safe.
      </span>
      <Button size="compact-xs" variant="default" flex="none" onClick={() => void connect()}>
        {retryAt === null ? 'Trying…' : `Try now${seconds > 0 ? ` (${seconds} s)` : ''}`}
      </Button>
    </div>
  )
}

const sentenceCase = (text: string): string =>
  `${text[0]!.toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
