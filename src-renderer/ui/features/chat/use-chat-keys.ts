// Keys of the whole chat: Escape stops the writing; outside of fields a digit, 0, T or B votes on the newest turn, or on
// the one that has the focus.
import { useWindowEvent } from '@mantine/hooks'
import { type RefObject, useEffect } from 'react'
import type { ChatTurn, Conversation } from '../../../../src-shared/contract/chat-contract.ts'
import { isHidden, isShuffled, placesOf, voteByKey, voteObstacle } from './blind.ts'
import { stopAll, useChat } from './chat-store.ts'
import type { ChatSetup } from './setup.ts'
import { castVote } from './turn-view.tsx'

const typing = 'input, textarea, select, [contenteditable], [role="slider"], [role="dialog"], [role="menu"]'

/** @param latest what is on the screen, read when a key is pressed */
export function useChatKeys(
  box: RefObject<HTMLElement | null>,
  latest: RefObject<{ readonly conversation: Conversation | null; readonly setup: ChatSetup }>,
  last: ChatTurn | undefined,
  blind: boolean,
): void {
  useWindowEvent('keydown', event => {
    if (event.defaultPrevented) return
    const { conversation } = latest.current
    if (event.key === 'Escape') {
      if (stopAll(conversation)) event.preventDefault()
      return
    }
    const target = event.target as HTMLElement
    if (!conversation || target.closest(typing)) return
    const focused = target.closest<HTMLElement>('[data-turn]')?.dataset.turn
    const turn = conversation.turns.find(each => String(each.id) === focused) ?? conversation.turns.at(-1)
    if (!turn || voteObstacle(turn) || turn.vote?.blind) return
    const { seen } = useChat.getState()
    const outcome = voteByKey(event, placesOf(turn, isShuffled(turn, conversation.blind, seen)))
    if (outcome === null) return
    event.preventDefault()
    castVote(turn, outcome, isHidden(turn, conversation.blind, seen), conversation.id)
  })

  const hidden = useChat(state => last !== undefined && isHidden(last, blind, state.seen))
  const waiting = last && hidden && !voteObstacle(last) ? last.id : null
  // When blind answers are there and nothing new is being typed, the next thing to do is to vote: by key, at once.
  useEffect(() => {
    const field = document.activeElement as HTMLTextAreaElement | null
    if (waiting === null || field?.dataset.composer === undefined || field.value !== '') return
    box.current?.querySelector<HTMLElement>(`[data-turn="${waiting}"] [data-vote]`)?.focus()
  }, [box, waiting])
}
