// One column's answer: whose, its text, how it went, and what can be done with it.
import { CopyButton } from '@mantine/core'
import { Check, Copy, RotateCcw, Square } from 'lucide-react'
import type { ChatAnswer } from '../../../../src-shared/contract/chat-contract.ts'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../components/error-note.tsx'
import { PhaseBadge } from '../../components/phase-badge.tsx'
import { visible } from '../../components/plain-text.tsx'
import { toastError } from '../../components/toast.tsx'
import { formatCount, formatCounted } from '../../format.ts'
import { call } from '../../lab.ts'
import { useQuery } from '../../queries.ts'
import { inTraining } from '../../run-status.ts'
import { AnswerMeasures } from './answer-measures.tsx'
import { AnswerText } from './answer-text.tsx'
import { endedBecause, modeNames, waitingFor } from './answer-words.ts'
import classes from './chat.module.css'
import { regenerate, stop, useChat } from './chat-store.ts'
import { IconButton } from './icon-button.tsx'
import { MiddleCut } from './middle-cut.tsx'
import { accentOf, type Models, type NameParts, NO_ACCENT } from './models.ts'
import { useObstacles } from './obstacles.ts'
import type { Coloring } from './token-colors.ts'
import { Walk } from './walk.tsx'

export interface AnswerViewProps {
  answer: ChatAnswer
  /** Whose; while hidden a number. */
  parts: NameParts
  model: CheckpointSummary | undefined
  hidden: boolean
  /** Its text too, until all are there: what comes first, or faster, would give away whose it is. */
  veiled: boolean
  /** Where the name stands: at every answer, or only where the heads are not above. */
  named: 'always' | 'narrow'
  won: boolean
  coloring: Coloring
  conversation: string
  models: Models
  stopping: boolean
}

const none: readonly never[] = []

type Named = AnswerViewProps & { name: string }

export function AnswerView(props: AnswerViewProps) {
  const { answer, parts, model, hidden, named, won } = props
  const name = parts.name + parts.end
  const accent = hidden ? NO_ACCENT : accentOf(model)
  return (
    <article
      className={classes.answer}
      aria-label={name}
      data-won={won || undefined}
      style={{ '--accent': accent } as object}
    >
      <div className={classes.answerName} data-wanted={named}>
        {!hidden && model && <PhaseBadge phase={model.phase} short />}
        <MiddleCut {...parts} />
        {!hidden && answer.mode === 'raw' && (
          <span style={{ fontWeight: 400 }}>{modeNames.raw.toLowerCase()}</span>
        )}
        {won && <span style={{ color: 'var(--lab-good)', whiteSpace: 'nowrap' }}>✓ your choice</span>}
      </div>
      <Body {...props} name={name} accent={accent} />
      {!hidden && <AnswerMeasures answer={answer} conversation={props.conversation} models={props.models} />}
      <Foot {...props} name={name} />
    </article>
  )
}

function Body({ answer, name, hidden, veiled, coloring, accent }: Named & { accent: string }) {
  const { state, text, cutOff } = answer
  const waits = text === '' && state !== 'failed' && state !== 'done'
  const training = inTraining(useQuery('runs.list', waits ? {} : null).data ?? none) !== undefined
  if (veiled) return <span className={classes.status}>Being written; all answers are shown together …</span>
  return (
    <>
      {cutOff > 0 && !hidden && (
        <p style={{ margin: '0 0 4px', fontSize: 'var(--mantine-font-size-xs)', color: 'var(--lab-warn)' }}>
          {formatCounted(cutOff, 'token')} of the conversation did not fit into the context and{' '}
          {cutOff === 1 ? 'was' : 'were'} not read.
        </p>
      )}
      {text !== '' && (
        <AnswerText answer={answer} name={name} accent={accent} coloring={coloring} hidden={hidden} />
      )}
      {text === '' && state !== 'failed' && (
        <span className={classes.status}>
          {state !== 'done'
            ? waitingFor(answer, training)
            : answer.stopped === 'end'
              ? 'An empty answer: it ended at once.'
              : 'An empty answer.'}
        </span>
      )}
      {state === 'failed' &&
        (hidden ? (
          <span style={{ color: 'var(--lab-bad)' }}>This answer failed.</span>
        ) : (
          <ErrorNote error={answer.error} />
        ))}
    </>
  )
}

function Foot({ answer, name, hidden, veiled, stopping }: Named) {
  const running = answer.state === 'waiting' || answer.state === 'loading' || answer.state === 'writing'
  const speed = answer.tokensPerSecond
  const facts = [
    answer.tokenCount > 0 && formatCounted(answer.tokenCount, 'token'),
    // Speed tells a small model from a large one.
    !hidden && speed !== null && speed > 0 && `${formatCount(Math.round(speed))} tokens/s`,
    endedBecause(answer),
  ].filter(Boolean)
  return (
    <div className={classes.foot}>
      <span>{stopping && running ? 'Stopping …' : veiled ? '' : facts.join(' · ')}</span>
      <span className={classes.actions}>
        <Walk
          of={answer.attemptIds}
          at={answer.id}
          name="attempt"
          disabledReason={running ? 'This attempt is still being written.' : null}
          onGo={id => void call('chat.choose', { answer: id }).catch(toastError)}
        />
        {running || veiled ? (
          <IconButton
            icon={Square}
            label={`Stop ${name}`}
            disabledReason={stopping ? 'It is being stopped.' : null}
            onClick={() => void stop(answer.turn, answer.column).catch(toastError)}
          />
        ) : (
          <>
            <Regenerate answer={answer} name={name} />
            {answer.text !== '' && (
              <CopyButton value={visible(hidden ? answer.text.trimStart() : answer.text)}>
                {({ copied, copy }) => (
                  <IconButton
                    icon={copied ? Check : Copy}
                    label={copied ? 'Copied' : `Copy ${name}`}
                    onClick={copy}
                  />
                )}
              </CopyButton>
            )}
          </>
        )}
      </span>
    </div>
  )
}

function Regenerate({ answer, name }: { answer: ChatAnswer; name: string }) {
  const { writing } = useObstacles()
  const asked = useChat(state => state.regenerating.has(answer.id))
  return (
    <IconButton
      icon={RotateCcw}
      label={`Regenerate ${name}`}
      disabledReason={asked ? 'It is being written anew.' : writing}
      onClick={() => void regenerate(answer).catch(toastError)}
    />
  )
}
