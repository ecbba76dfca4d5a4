// The contract's `chat.*`.
import type { chatMethods } from '../../../src-shared/contract/chat-contract.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'
import type { Chat } from './chat.ts'
import { exportConversation } from './export.ts'

export function chatHandlers(chat: Chat): Handlers<typeof chatMethods> {
  const { conversations, underWay, measures } = chat
  const { context, residency } = chat.parts
  return {
    'chat.list': ({ search }) => conversations.list(search),
    'chat.create': request => ({ conversation: conversations.create(request) }),
    'chat.show': ({ conversation }) => measures.shown(conversations.show(conversation)),
    'chat.change'({ conversation, ...change }) {
      conversations.change(conversation, change)
      return {}
    },
    'chat.remove'({ conversation }) {
      conversations.remove(conversation)
      return {}
    },
    'chat.restore'({ conversation }) {
      conversations.restore(conversation)
      return {}
    },
    'chat.send': request => ({ turn: chat.send(request) }),
    'chat.tokens': ({ answer }) => ({ tokens: conversations.tokens(answer) }),
    'chat.measures': ({ checkpoints }) => measures.measuredBy(checkpoints),
    'chat.chooseReward'({ choice }) {
      measures.choose(choice)
      return {}
    },
    'chat.measure'({ conversation, again }) {
      measures.measure(conversations.show(conversation), again)
      return {}
    },
    'chat.kl': ({ answer, reference }) => ({ nats: measures.nats(answer, reference) }),
    'chat.regenerate': request => ({ answer: chat.regenerate(request) }),
    'chat.choose'({ answer }) {
      chat.choose(answer)
      return {}
    },
    'chat.stop'(wanted) {
      underWay.stop(wanted)
      return {}
    },
    'chat.vote': ({ turn, vote }) => ({ comparisons: chat.vote(turn, vote) }),
    'chat.export': ({ conversation, format }) =>
      exportConversation(
        context.workspace,
        measures.shown(
          format === 'json' ? conversations.showWhole(conversation) : conversations.show(conversation),
        ),
        format,
      ),
    'chat.residency'({ models }) {
      if (models !== undefined) {
        residency.setLimit(models)
        context.publish('changed', { what: 'settings' })
      }
      return { models: residency.limit }
    },
  }
}
