// Says that the connection is lost and what to do about it: at first wait, in a browser soon ask for the new address.
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { tokenOf } from '../../../src-shared/contract/loopback.ts'
import { connect, useConnection } from '../lab.ts'
import classes from './frame.module.css'

/** A lab that has not come back by then was closed or has died; a new one has another address and another token. */
const NEW_ADDRESS_AFTER_S = 10

interface Lost {
  /** False in the desktop app, whose window finds its lab again by itself. */
  readonly inBrowser: boolean
  readonly hasToken: boolean
  readonly lostForSeconds: number
  readonly reason: string | null
}

/** What is wrong and what to do; `retry` where trying again can help. */
export function connectionAdvice({ inBrowser, hasToken, lostForSeconds, reason }: Lost): {
  title: string
  text: string
  retry: boolean
} {
  if (inBrowser && !hasToken)
    return {
      title: 'This address lacks its key.',
      text: 'Start Andromeda with "npm start", or "andromeda serve", and open the whole address that it prints, with everything after the #.',
      retry: false,
    }
  if (inBrowser && lostForSeconds >= NEW_ADDRESS_AFTER_S)
    return {
      title: 'Andromeda is not running.',
      text: 'Start Andromeda again and open the address it prints: it is a new one. Runs wait at their last checkpoint.',
      retry: true,
    }
  return {
    title: 'Connection lost.',
    text: `${reason ? `${sentenceCase(reason)} ` : ''}This window goes on as soon as the lab is back; checkpoints are safe.`,
    retry: true,
  }
}

export function ConnectionBanner() {
  const { state, retryAt, reason } = useConnection()
  const [now, setNow] = useState(() => Date.now())
  const [lostAt, setLostAt] = useState(now)
  useEffect(() => {
    if (state !== 'lost') return
    setLostAt(Date.now())
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [state])
  if (state !== 'lost') return null
  const { title, text, retry } = connectionAdvice({
    inBrowser: window.andromeda === undefined,
    hasToken: tokenOf(location.hash) !== undefined,
    lostForSeconds: (now - lostAt) / 1000,
    reason,
  })
  const seconds = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1000))
  return (
    <div className={classes.banner} data-testid="connection-lost">
      <span role="alert">
        <strong>{title}</strong> {text}
      </span>
      {retry && (
        <Button size="compact-xs" variant="default" flex="none" onClick={() => void connect()}>
          {retryAt === null ? 'Trying…' : `Try now${seconds > 0 ? ` (${seconds} s)` : ''}`}
        </Button>
      )}
    </div>
  )
}

const sentenceCase = (text: string): string =>
  `${text[0]!.toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
