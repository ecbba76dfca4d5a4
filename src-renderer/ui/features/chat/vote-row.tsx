// Which answer is better: by click or by key. Votes are comparisons, the data of phase 3.
import { ActionIcon, Button, Kbd, Text, Tooltip } from '@mantine/core'
import { Undo2 } from 'lucide-react'
import type { ChatTurn, ChatVote } from '../../../../src-shared/contract/chat-contract.ts'
import { canWin, voteObstacle } from './blind.ts'
import classes from './chat.module.css'
import { MiddleCut } from './middle-cut.tsx'
import type { NameParts } from './models.ts'

/** Answers that a vote compares: the best with every other, or every pair. */
export function comparisonsOf(turn: Pick<ChatTurn, 'answers'>, outcome: ChatVote['outcome']): number {
  const n = turn.answers.filter(canWin).length
  return typeof outcome === 'number' ? Math.max(0, n - 1) : (n * (n - 1)) / 2
}

/** Of all names together, in pixels: with those beside them they stand on one line of a usual window. */
const WIDEST = 720

export function VoteRow({
  turn,
  places,
  hidden,
  nameAt,
  onVote,
}: {
  turn: ChatTurn
  /** Columns in the order on the screen. */
  places: readonly number[]
  hidden: boolean
  /** Name of the answer in this column. */
  nameAt: (column: number) => NameParts
  onVote: (outcome: ChatVote['outcome'] | null) => void
}) {
  const obstacle = voteObstacle(turn)
  if (turn.answers.length < 2 || (obstacle && !turn.vote)) return null
  const { vote } = turn
  if (vote?.blind) return <Told turn={turn} vote={vote} nameAt={nameAt} onVote={onVote} />
  const many = places.length > 2
  const option = (outcome: ChatVote['outcome'], key: string, label: NameParts, disabled = false) => (
    <Button
      key={key}
      size="compact-xs"
      variant={vote?.outcome === outcome ? 'filled' : 'default'}
      aria-pressed={vote?.outcome === outcome}
      disabled={disabled}
      maw={WIDEST / places.length}
      onClick={() => onVote(vote?.outcome === outcome ? null : outcome)}
      leftSection={<Kbd size="xs">{key}</Kbd>}
    >
      <MiddleCut {...label} />
    </Button>
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form control
    <div
      className={classes.vote}
      role="group"
      aria-label="Which answer is better?"
      tabIndex={-1}
      data-vote={hidden || undefined}
    >
      <span>{many ? 'Best answer' : 'Better answer'}</span>
      {places.map((column, place) => {
        const answer = turn.answers.find(each => each.column === column)!
        return option(
          column,
          `${place + 1}`,
          hidden ? { name: `Answer ${place + 1}`, end: '' } : nameAt(column),
          !canWin(answer),
        )
      })}
      {option('tie', '0', { name: many ? 'All alike' : 'Tie', end: '' })}
      {option('all-bad', 'B', { name: many ? 'All bad' : 'Both bad', end: '' })}
      <Text span fz="xs" c="dimmed">
        {vote
          ? `Kept for phase 3 as ${counted(turn, vote)}.`
          : hidden
            ? 'Names are shown after the vote.'
            : 'A vote is kept as a comparison for phase 3.'}
      </Text>
    </div>
  )
}

const counted = (turn: ChatTurn, vote: ChatVote): string => {
  const n = comparisonsOf(turn, vote.outcome)
  return n === 1 ? 'one comparison' : `${n} comparisons`
}

/** After a blind vote: who it was for. */
function Told({
  turn,
  vote,
  nameAt,
  onVote,
}: {
  turn: ChatTurn
  vote: ChatVote
  nameAt: (column: number) => NameParts
  onVote: (outcome: null) => void
}) {
  const { outcome } = vote
  return (
    <div className={classes.vote} role="status">
      <span>
        {outcome === 'tie' && 'You voted blind: a tie. '}
        {outcome === 'all-bad' && 'You voted blind: none of them is good. '}
        {typeof outcome === 'number' && (
          <>
            You voted blind for{' '}
            <bdi style={{ fontWeight: 600 }}>{nameAt(outcome).name + nameAt(outcome).end}</bdi>.{' '}
          </>
        )}
        Kept for phase 3 as {counted(turn, vote)}.
      </span>
      <Tooltip label="Take the vote back">
        <ActionIcon size="sm" aria-label="Take the vote back" onClick={() => onVote(null)}>
          <Undo2 size={14} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
