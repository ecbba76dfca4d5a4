// Judging without knowing whose answer it is: places shuffled by the turn's seed, votes by place, names after the vote.
import type { ChatTurn, ChatVote } from '../../../../src-shared/contract/chat-contract.ts'
import { randomStream } from '../../../../src-shared/random/counter.ts'

type Turn = Pick<ChatTurn, 'id' | 'seed' | 'answers' | 'vote'>

/** Whether the names of a turn are hidden. @param seen turns whose names this person has seen already */
export const isHidden = (turn: Turn, blind: boolean, seen: ReadonlySet<number>): boolean =>
  blind && turn.vote === null && turn.answers.length > 1 && !seen.has(turn.id)

/** A turn that was judged blind keeps its places after the vote: what a person remembers of it stays where it was. */
export const isShuffled = (turn: Turn, blind: boolean, seen: ReadonlySet<number>): boolean =>
  isHidden(turn, blind, seen) || (turn.vote?.blind ?? false)

/** Columns in the order of their places on the screen. */
export function placesOf(turn: Turn, shuffled: boolean): number[] {
  const columns = turn.answers.map(answer => answer.column).sort((a, b) => a - b)
  // Seeds are often the same from turn to turn; the places must not be.
  return shuffled ? randomStream(turn.seed, 'blind places', turn.id).shuffle(columns) : columns
}

const isUnderWay = (state: ChatTurn['answers'][number]['state']): boolean =>
  state === 'waiting' || state === 'loading' || state === 'writing'

export const underWay = (turn: Pick<ChatTurn, 'answers'>): boolean =>
  turn.answers.some(answer => isUnderWay(answer.state))

/** Why there is nothing to vote on, as a sentence; null when there is. */
export function voteObstacle(turn: Pick<ChatTurn, 'answers'>): string | null {
  if (turn.answers.length < 2) return 'There is one answer only.'
  if (underWay(turn)) return 'The answers are still being written.'
  const finished = turn.answers.filter(canWin)
  return finished.length < 2 ? 'Fewer than two answers have a text to compare.' : null
}

/** Only a finished answer with a text can be the best one. */
export const canWin = (answer: ChatTurn['answers'][number]): boolean =>
  answer.state === 'done' && answer.text.trim() !== ''

/**
 * The vote of a key: a digit for the place of the best answer, 0 or T for a tie, B for all bad.
 * @param places as of `placesOf`
 */
export function voteByKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  places: readonly number[],
): ChatVote['outcome'] | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const key = event.key.toLowerCase()
  if (key === '0' || key === 't') return 'tie'
  if (key === 'b') return 'all-bad'
  return /^[1-4]$/.test(key) ? (places[Number(key) - 1] ?? null) : null
}
