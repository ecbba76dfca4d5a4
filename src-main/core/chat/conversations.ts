// Conversations as a person sees them: listed, named, and shown along one branch with the answers as they stand now.
import { randomBytes } from 'node:crypto'
import type {
  ChatAnswer,
  ChatTurn,
  Conversation,
  ConversationSummary,
  WrittenToken,
} from '../../../src-shared/contract/chat-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { CoreContext } from '../context.ts'
import type { Db } from '../database/open.ts'
import { attemptsOf, chosenAnswers, tokensOf } from '../database/queries/chat-answers.ts'
import { checkpointName } from '../database/queries/checkpoints.ts'
import {
  type ConversationChange,
  type ConversationRow,
  getConversation,
  getTurn,
  insertConversation,
  listConversations,
  type TurnRow,
  turnsOf,
  updateConversation,
} from '../database/queries/conversations.ts'
import type { AnswersUnderWay } from './answers-under-way.ts'
import { branchesAt, newestLeaf, pathTo } from './turn-tree.ts'

/** Characters of the first prompt that a conversation without a name is called by. */
const TITLE_LENGTH = 60

type NewConversation = Pick<ConversationRow, 'columns'> &
  Partial<Pick<ConversationRow, 'title' | 'system' | 'linked' | 'blind'>>

export class Conversations {
  private readonly context: CoreContext
  private readonly db: Db
  private readonly underWay: AnswersUnderWay

  constructor(context: CoreContext, underWay: AnswersUnderWay) {
    this.context = context
    this.db = context.workspace.db
    this.underWay = underWay
  }

  /** Newest first, removed ones included. */
  list(search?: string): ConversationSummary[] {
    return listConversations(this.db, search).map(summaryOf)
  }

  /** @returns its id */
  create({ columns, title = '', system = '', linked = true, blind = false }: NewConversation): string {
    const id = `chat-${randomBytes(4).toString('hex')}`
    insertConversation(this.db, { id, columns, title, system, linked, blind })
    this.changed()
    return id
  }

  /** With the turns of the branch that is shown, without what others say of the answers. @throws LabError `not-found` */
  show(id: string): Conversation {
    const row = getConversation(this.db, id)
    const turns = turnsOf(this.db, id)
    const path = row.turn === null ? [] : pathTo(turns, row.turn)
    const answers = Map.groupBy(this.answersOf(path), ({ turn }) => turn)
    const { system, columns, linked, blind } = row
    return {
      ...summaryOf(row),
      ...{ system, columns, linked, blind },
      turns: path.map(
        ({ id, parent, prompt, seed, vote }): ChatTurn => ({
          ...{ id, parent, prompt, seed, vote },
          branches: branchesAt(turns, parent),
          answers: answers.get(id) ?? [],
        }),
      ),
    }
  }

  /** As `show`, with the tokens of every answer and their alternatives. */
  showWhole(id: string): Conversation {
    const conversation = this.show(id)
    const turns = conversation.turns.map(turn => ({
      ...turn,
      answers: turn.answers.map(answer => ({ ...answer, tokens: this.tokens(answer.id) })),
    }))
    return { ...conversation, turns }
  }

  /** Of an answer, with their alternatives. @throws LabError `not-found` */
  tokens(answer: number): WrittenToken[] {
    return [...(this.underWay.find(answer)?.current().tokens ?? tokensOf(this.db, answer))]
  }

  /** @param turn shows the branch that it is on, down to its newest turn   @throws LabError `not-found` */
  change(
    id: string,
    { turn, ...change }: Omit<ConversationChange, 'turn' | 'removedAt'> & { turn?: number | undefined },
  ): void {
    getConversation(this.db, id)
    const shown =
      turn === undefined ? {} : { turn: newestLeaf(turnsOf(this.db, id), this.turnIn(id, turn).id) }
    updateConversation(this.db, id, { ...change, ...shown })
    this.changed()
  }

  /** Hides it and stops what it writes; `restore` brings it back until the next start, which deletes it. */
  remove(id: string): void {
    getConversation(this.db, id)
    this.underWay.stop({ conversation: id })
    updateConversation(this.db, id, { removedAt: new Date().toISOString() })
    this.changed()
  }

  restore(id: string): void {
    getConversation(this.db, id)
    updateConversation(this.db, id, { removedAt: null })
    this.changed()
  }

  /** @throws LabError `not-found`, `conflict` when it was removed */
  present(id: string): ConversationRow {
    const conversation = getConversation(this.db, id)
    if (conversation.removedAt === null) return conversation
    throw new LabError({
      code: 'conflict',
      what: 'this conversation was removed',
      where: id,
      fix: 'restore it first',
    })
  }

  /** @throws LabError `not-found` for a turn of another conversation too */
  turnIn(conversation: string, id: number): TurnRow {
    const turn = getTurn(this.db, id)
    if (turn.conversation === conversation) return turn
    throw new LabError({
      code: 'not-found',
      what: `there is no turn ${id} in this conversation`,
      where: conversation,
      fix: 'open the conversation anew',
    })
  }

  /** Tells the screens. */
  changed(): void {
    this.context.publish('changed', { what: 'conversations' })
  }

  /** The chosen attempts of some turns, as they stand now. */
  private answersOf(turns: readonly TurnRow[]): ChatAnswer[] {
    const ids = turns.map(({ id }) => id)
    const attempts = Map.groupBy(attemptsOf(this.db, ids), ({ turn, column }) => `${turn}/${column}`)
    return chosenAnswers(this.db, ids).map(({ chosen: _chosen, reads: _reads, ...answer }) => {
      const attemptIds = attempts.get(`${answer.turn}/${answer.column}`)!.map(({ id }) => id)
      return {
        ...answer,
        tokens: [],
        ...this.live(answer.id),
        attempts: attemptIds.length,
        attemptIds,
        checkpointName: checkpointName(this.db, answer.checkpoint),
        reward: null,
        kl: null,
      }
    })
  }

  /** What an answer's row does not say yet. */
  private live(answer: number) {
    const writer = this.underWay.find(answer)
    if (!writer) return {}
    const { tokens, ...progress } = writer.current()
    return { ...progress, tokens: writer.isOver ? [] : [...tokens], tokenCount: tokens.length }
  }
}

function summaryOf({
  id,
  title,
  createdAt,
  updatedAt,
  removedAt,
  turns,
  firstPrompt,
}: ConversationRow): ConversationSummary {
  return { id, title: title || titleOf(firstPrompt), createdAt, updatedAt, removedAt, turns }
}

/** The first prompt's beginning, on one line. */
function titleOf(prompt: string | null): string {
  const line = prompt?.trim().split(/\s*\n\s*/)[0] ?? ''
  if (line === '') return 'New conversation'
  const characters = [...line]
  if (characters.length <= TITLE_LENGTH) return line
  return `${characters
    .slice(0, TITLE_LENGTH - 1)
    .join('')
    .trimEnd()}…`
}
