// One answer on the bench: its number, its rank, its text. A click anywhere on it does what its number key does.
import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { PreferenceResponse } from '../../../../../src-shared/contract/preferences-contract.ts'
import { PlainText } from '../../../components/plain-text.tsx'
import { formatCount } from '../../../format.ts'
import classes from './bench.module.css'
import { rankWord } from './bench-words.ts'

/** Characters drawn before a person asks for all: a file may hold a book. */
const DRAWN = 8000

export interface CardRank {
  /** From 1. */
  readonly rank: number
  readonly tied: boolean
  /** The last one that was left. */
  readonly byItself: boolean
}

const rankText = ({ rank, tied, byItself }: CardRank): string =>
  `${rankWord(rank)}${tied ? ', tied' : ''}${byItself ? ', by itself' : ''}`

export function AnswerCard({
  place,
  response: { text, stopped, copies },
  rank,
  dragged,
  onPress,
  onDrag,
}: {
  /** From 0. */
  place: number
  response: PreferenceResponse
  /** null = none yet. */
  rank: CardRank | null
  dragged: boolean
  onPress: (tied: boolean) => void
  onDrag: (place: number | null) => void
}) {
  const number = place + 1
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button in its head does the same
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button in its head takes the keys
    <div
      className={classes.card}
      data-ranked={rank ? true : undefined}
      data-dragged={dragged || undefined}
      draggable
      onDragStart={event => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', String(number))
        onDrag(place)
      }}
      onDragEnd={() => onDrag(null)}
      onClick={event => onPress(event.shiftKey)}
    >
      <UnstyledButton className={classes.cardHead} data-card={place} aria-pressed={rank !== null}>
        <span className={classes.key}>
          <span className="visually-hidden">Answer </span>
          {number}
        </span>{' '}
        <span className={classes.rank} data-open={rank ? undefined : true}>
          {rank ? rankText(rank) : 'no rank yet'}
        </span>
      </UnstyledButton>
      <section className={classes.cardText} aria-label={`Text of answer ${number}`}>
        <LongText key={text} text={text} />
      </section>
      {(!stopped || copies > 1) && (
        <div className={classes.marks}>
          {!stopped && <span className={classes.cut}>▲ cut off: it did not end by itself</span>}
          {copies > 1 && <span>sampled {formatCount(copies)} times</span>}
        </div>
      )}
    </div>
  )
}

function LongText({ text }: { text: string }) {
  const [all, setAll] = useState(false)
  if (text === '') return <em>empty: it ended at once</em>
  const short = !all && text.length > DRAWN
  return (
    <div className={classes.text}>
      <PlainText text={short ? text.slice(0, DRAWN) : text} />
      {short && (
        <UnstyledButton
          display="block"
          fz="xs"
          td="underline"
          mt={4}
          onClick={event => {
            event.stopPropagation()
            setAll(true)
          }}
        >
          Show all {formatCount(text.length)} characters
        </UnstyledButton>
      )}
    </div>
  )
}
