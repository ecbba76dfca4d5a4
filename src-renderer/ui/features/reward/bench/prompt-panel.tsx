// What the answers answer: the whole conversation before them, the system message too.
import { useLayoutEffect, useRef } from 'react'
import type { ChatMessage } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { PlainText } from '../../../components/plain-text.tsx'
import classes from './bench.module.css'

const roles = { system: 'System message', user: 'User', assistant: 'Assistant' } as const

export function PromptPanel({ messages }: { messages: readonly ChatMessage[] }) {
  const box = useRef<HTMLElement>(null)
  // What is answered stands at the end: of a long conversation that is what is read first.
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = messages.length > 1 ? box.current.scrollHeight : 0
  }, [messages])
  return (
    // What scrolls must scroll by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long conversation scrolls
    <section ref={box} className={classes.prompt} aria-label="Prompt" tabIndex={0}>
      {messages.map(({ role, content }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no other name, and do not move
        <div key={i} className={classes.message}>
          {(messages.length > 1 || role !== 'user') && <div className={classes.role}>{roles[role]}</div>}
          <div className={i === messages.length - 1 ? `${classes.text} ${classes.asked}` : classes.text}>
            <PlainText text={content} />
          </div>
        </div>
      ))}
    </section>
  )
}
