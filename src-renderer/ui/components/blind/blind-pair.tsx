// A prompt and two answers without names, side by side; a click on one says that it is better.
import { Kbd, UnstyledButton } from '@mantine/core'
import type { ChatMessage } from '../../../../src-shared/contract/demonstrations-contract.ts'
import { PlainText } from '../plain-text.tsx'
import classes from './blind.module.css'

interface Side {
  /** Without outer white space, as the core deals it. */
  readonly text: string
  /** Ended by itself; absent = not told. */
  readonly stopped?: boolean
}

export function BlindPair({
  messages,
  left,
  right,
  onChoose,
}: {
  messages: readonly ChatMessage[]
  left: Side
  right: Side
  onChoose: (better: 'left' | 'right') => void
}) {
  const sides = [
    { key: '1', name: 'A', choice: 'left', answer: left },
    { key: '2', name: 'B', choice: 'right', answer: right },
  ] as const
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long conversation scrolls */}
      <section className={classes.prompt} aria-label="Prompt" tabIndex={0}>
        {messages.map(({ role, content }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no other name, and do not move
          <div key={i} className={classes.text}>
            {messages.length > 1 && <span className={classes.role}>{role}</span>}
            <PlainText text={content} />
          </div>
        ))}
      </section>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form control */}
      <div className={classes.sides} role="group" aria-label="Answers">
        {sides.map(({ key, name, choice, answer }) => (
          <div key={name} className={classes.side}>
            <UnstyledButton className={classes.sideHead} onClick={() => onChoose(choice)}>
              <Kbd>{key}</Kbd>
              <b>Answer {name}</b>
              <span className={classes.does}>is better</span>
            </UnstyledButton>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard */}
            <section className={classes.answer} aria-label={`Text of answer ${name}`} tabIndex={0}>
              {answer.text === '' ? (
                <em>empty</em>
              ) : (
                <div className={classes.text}>
                  <PlainText text={answer.text} />
                </div>
              )}
            </section>
            {answer.stopped === false && (
              <div className={classes.cut}>▲ cut off: it did not end by itself</div>
            )}
          </div>
        ))}
      </div>
    </>
  )
}
