// What the chat's topic tells, put into the conversation that a screen has. Pure, so that every order of messages can be
// tried: the news of a token may come before, after or twice beside the answer to `chat.show`.
import type { Conversation } from '../../src-shared/contract/chat-contract.ts'
import type { LabTopics } from '../../src-shared/contract/lab-contract.ts'
import type { TopicPayload } from '../../src-shared/contract/method.ts'

export type ChatNews = TopicPayload<LabTopics, 'chat'>
type Answer = Conversation['turns'][number]['answers'][number]

/**
 * The answer with the news.
 * @returns null when something between what is known and what the news adds is missing: ask again
 */
export function answerWithNews(answer: Answer, news: ChatNews): Answer | null {
  const { state, tokensPerSecond, stopped, swapped, error, from, textFrom } = news
  if (from > answer.tokens.length || textFrom > answer.text.length) return null
  // What is known may be newer than the news, never another text.
  const tokens =
    from + news.tokens.length > answer.tokens.length
      ? [...answer.tokens.slice(0, from), ...news.tokens]
      : answer.tokens
  const text =
    textFrom + news.text.length > answer.text.length
      ? answer.text.slice(0, textFrom) + news.text
      : answer.text
  return {
    ...answer,
    state,
    tokensPerSecond,
    stopped,
    swapped,
    error,
    tokens,
    text,
    tokenCount: tokens.length,
  }
}

/** The conversation with the news; null = it must be asked for again. Turns without news keep their identity. */
export function conversationWithNews(conversation: Conversation, news: ChatNews): Conversation | null {
  const turn = conversation.turns.find(each => each.id === news.turn)
  const answer = turn?.answers.find(each => each.id === news.answer)
  // On another branch, or an attempt that is not shown: nothing on this screen changes.
  if (!turn || !answer) return conversation
  const changed = answerWithNews(answer, news)
  if (!changed) return null
  const withAnswer = {
    ...turn,
    answers: turn.answers.map(each => (each.id === answer.id ? changed : each)),
  }
  return { ...conversation, turns: conversation.turns.map(each => (each.id === turn.id ? withAnswer : each)) }
}

/** The newer conversation, its turns being the same objects as before where nothing changed: they are not drawn again. */
export function withKnownTurns(before: Conversation | undefined, after: Conversation): Conversation {
  if (!before || before.id !== after.id) return after
  const known = new Map(before.turns.map(turn => [turn.id, turn]))
  return {
    ...after,
    turns: after.turns.map(turn => {
      const old = known.get(turn.id)
      return old && JSON.stringify(old) === JSON.stringify(turn) ? old : turn
    }),
  }
}
