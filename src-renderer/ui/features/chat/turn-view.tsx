// One turn: a message, the answers side by side, and the vote on them.
import { memo } from 'react'
import type { ChatColumn, ChatTurn, ChatVote } from '../../../../src-shared/contract/chat-contract.ts'
import { toastError } from '../../components/toast.tsx'
import { AnswerView } from './answer-view.tsx'
import { isHidden, isShuffled, placesOf, underWay } from './blind.ts'
import classes from './chat.module.css'
import { useChat, vote } from './chat-store.ts'
import { focusComposer } from './composer.tsx'
import { answerNameParts, type Models } from './models.ts'
import { PromptView } from './prompt-view.tsx'
import type { Coloring } from './token-colors.ts'
import { VoteRow } from './vote-row.tsx'

export interface TurnViewProps {
  turn: ChatTurn
  conversation: string
  /** As they are now; older turns may have had others. */
  columns: readonly ChatColumn[]
  blind: boolean
  coloring: Coloring
  models: Models
  onBranch: (prompt: string, parent: number | null) => Promise<boolean>
}

export const TurnView = memo(function TurnView({
  turn,
  conversation,
  columns,
  blind,
  coloring,
  models,
  onBranch,
}: TurnViewProps) {
  const hidden = useChat(state => isHidden(turn, blind, state.seen))
  const shuffled = useChat(state => isShuffled(turn, blind, state.seen))
  const stopping = useChat(state => state.stopping.has(turn.id))
  const places = placesOf(turn, shuffled)
  const at = (column: number) => turn.answers.find(answer => answer.column === column)!
  const nameAt = (column: number) => answerNameParts(at(column), models)
  const inLine =
    !shuffled &&
    !blind &&
    turn.answers.length === columns.length &&
    turn.answers.every(
      ({ column, checkpoint, mode }) =>
        columns[column]?.checkpoint === checkpoint && columns[column]?.mode === mode,
    )
  return (
    <section className={classes.turn} data-turn={turn.id} aria-label="Turn">
      <PromptView
        turn={turn}
        conversation={conversation}
        onBranch={prompt => onBranch(prompt, turn.parent)}
      />
      <div
        className={classes.answers}
        data-many={turn.answers.length > 1 || undefined}
        style={{ '--columns': turn.answers.length } as object}
      >
        {places.map((column, place) => (
          <AnswerView
            key={column}
            answer={at(column)}
            parts={hidden ? { name: `Answer ${place + 1}`, end: '' } : nameAt(column)}
            model={models.get(at(column).checkpoint)}
            hidden={hidden}
            veiled={hidden && underWay(turn)}
            named={inLine ? 'narrow' : 'always'}
            won={turn.vote?.outcome === column}
            coloring={coloring}
            conversation={conversation}
            models={models}
            stopping={stopping}
          />
        ))}
      </div>
      <VoteRow
        turn={turn}
        places={places}
        hidden={hidden}
        nameAt={nameAt}
        onVote={outcome => castVote(turn, outcome, hidden, conversation)}
      />
    </section>
  )
})

export function castVote(
  turn: ChatTurn,
  outcome: ChatVote['outcome'] | null,
  hidden: boolean,
  conversation: string,
): void {
  const given = outcome === null ? null : { outcome, blind: hidden }
  void vote(turn.id, given, conversation).catch(toastError)
  // After a blind vote its buttons are gone, and the next message comes next.
  if (hidden) focusComposer()
}
