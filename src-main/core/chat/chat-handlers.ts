// The contract's `chat.*`.
import type { chatMethods } from '../../../src-shared/contract/chat-contract.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'
import type { Chat } from './chat.ts'
import { exportConversation } from './export.ts'

export function chatHandlers(chat: Chat): Handlers<typeof chatMethods> {
  const { context, residency } = chat.parts
  return {
    'chat.list': ({ search }) => chat.list(search),
    'chat.create': request => chat.create(request),
    'chat.show': ({ conversation }) => chat.show(conversation),
    'chat.change'({ conversation, ...change }) {
      chat.change(conversation, change)
      return {}
    },
    'chat.remove'({ conversation }) {
      chat.remove(conversation)
      return {}
    },
    'chat.restore'({ conversation }) {
      chat.restore(conversation)
      return {}
    },
    'chat.send': request => chat.send(request),
    'chat.tokens': ({ answer }) => ({ tokens: chat.tokens(answer) }),
    'chat.regenerate': request => chat.regenerate(request),
    'chat.choose'({ answer }) {
      chat.choose(answer)
      return {}
    },
    'chat.stop'({ turn, column }) {
      chat.stop(turn, column)
      return {}
    },
    'chat.vote': ({ turn, vote }) => ({ comparisons: chat.vote(turn, vote) }),
    'chat.export': ({ conversation, format }) =>
      exportConversation(
        context.workspace,
        format === 'json' ? chat.showWhole(conversation) : chat.show(conversation),
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
