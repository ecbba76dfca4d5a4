// Conversations with checkpoints: trees of turns, each one prompt and the answers of the conversation's columns. All
// columns of a turn write at the same time; they wait for one another only where their checkpoints do not fit together.
import { randomBytes } from 'node:crypto'
import type {
  ChatAnswer,
  ChatColumn,
  ChatTurn,
  ChatVote,
  Conversation,
  ConversationSummary,
  WrittenToken,
} from '../../../src-shared/contract/chat-contract.ts'
import type { engineTopics } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { TopicPayload } from '../../../src-shared/contract/method.ts'
import type { Db } from '../database/open.ts'
import {
  attemptsOf,
  type ConversationChange,
  type ConversationRow,
  chooseAnswer,
  chosenAnswers,
  getAnswer,
  getConversation,
  getTurn,
  insertAnswer,
  insertConversation,
  insertTurn,
  listConversations,
  markCutAnswers,
  type StoredAnswer,
  setVote,
  type TurnRow,
  tokensOf,
  turnsOf,
  updateConversation,
} from '../database/queries/chat.ts'
import { checkpointName } from '../database/queries/checkpoints.ts'
import { type Comparison, detachComparisons, replaceComparisons } from '../database/queries/comparisons.ts'
import { transaction } from '../database/statement.ts'
import { AnswerWriter, type ChatParts } from './answer-writer.ts'
import { historyOf, messagesOf } from './chat-prompt.ts'
import { branchesAt, newestLeaf, pathTo } from './turn-tree.ts'
import { comparisonsOf } from './vote.ts'

/** Characters of the first prompt that a conversation without a name is called by. */
const TITLE_LENGTH = 60
/** How long a closing lab waits for answers to stop by themselves. */
const CLOSING_MS = 3000

export class Chat {
  readonly parts: ChatParts
  private readonly db: Db
  /** By generation. */
  private readonly writers = new Map<string, AnswerWriter>()

  constructor(parts: ChatParts) {
    this.parts = parts
    this.db = parts.context.workspace.db
    markCutAnswers(this.db)
  }

  // ── conversations ─────────────────────────────────────────────────────────────────────────────

  /** Newest first, removed ones included. */
  list(search?: string): ConversationSummary[] {
    return listConversations(this.db, search).map(summaryOf)
  }

  create({
    columns,
    title = '',
    system = '',
    linked = true,
    blind = false,
  }: Pick<ConversationRow, 'columns'> &
    Partial<Pick<ConversationRow, 'title' | 'system' | 'linked' | 'blind'>>): {
    conversation: string
  } {
    const id = `chat-${randomBytes(4).toString('hex')}`
    insertConversation(this.db, { id, columns, title, system, linked, blind })
    this.changed()
    return { conversation: id }
  }

  /** With the turns of the branch that is shown. @throws LabError `not-found` */
  show(id: string): Conversation {
    const row = getConversation(this.db, id)
    const turns = turnsOf(this.db, id)
    const path = row.turn === null ? [] : pathTo(turns, row.turn)
    const answers = this.answersOf(path)
    return {
      ...summaryOf(row),
      system: row.system,
      columns: row.columns,
      linked: row.linked,
      blind: row.blind,
      turns: path.map(
        ({ id, parent, prompt, seed, vote }): ChatTurn => ({
          id,
          parent,
          prompt,
          seed,
          branches: branchesAt(turns, parent),
          answers: answers.filter(({ turn }) => turn === id),
          vote,
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

  /** @param turn shows the branch that it is on, down to its newest turn   @throws LabError `not-found` */
  change(
    id: string,
    change: Omit<ConversationChange, 'turn' | 'removedAt'> & { turn?: number | undefined },
  ): void {
    getConversation(this.db, id)
    const { turn, ...others } = change
    const shown =
      turn === undefined ? {} : { turn: newestLeaf(turnsOf(this.db, id), this.turnIn(id, turn).id) }
    updateConversation(this.db, id, { ...others, ...shown })
    this.changed()
  }

  /** Hides it and stops what it writes. */
  remove(id: string): void {
    getConversation(this.db, id)
    for (const writer of this.writers.values()) if (writer.request.conversation === id) writer.stop()
    updateConversation(this.db, id, { removedAt: new Date().toISOString() })
    this.changed()
  }

  restore(id: string): void {
    getConversation(this.db, id)
    updateConversation(this.db, id, { removedAt: null })
    this.changed()
  }

  // ── turns and answers ─────────────────────────────────────────────────────────────────────────

  /**
   * A new turn, which all columns begin to answer with its seed.
   * @param parent null = a new beginning
   * @throws LabError `not-found`; `conflict` while an answer before it is still being written
   */
  send(request: { conversation: string; parent: number | null; prompt: string; seed: number }): {
    turn: number
  } {
    const { conversation: id, parent, prompt, seed } = request
    const conversation = this.present(id)
    if (parent !== null) this.turnIn(id, parent)
    const path = this.pathOf(id, parent)
    const { turn, answers } = transaction(this.db, () => {
      const turn = insertTurn(this.db, { conversation: id, parent, prompt, seed })
      updateConversation(this.db, id, { turn }, true)
      const answers = conversation.columns.map((column, i) =>
        insertAnswer(this.db, { turn, column: i, seed }, column),
      )
      return { turn, answers }
    })
    for (const answer of answers) this.write(answer, conversation, path, prompt)
    this.changed()
    return { turn }
  }

  /**
   * Another attempt, with the column's settings of now. A vote on the earlier ones is kept as comparisons, no longer as
   * the turn's.
   * @throws LabError `conflict` while the column is writing there; `bad-input` for a column that never was
   */
  regenerate({ turn: id, column, seed }: { turn: number; column: number; seed: number }): { answer: number } {
    const turn = getTurn(this.db, id)
    const conversation = this.present(turn.conversation)
    const path = this.pathOf(turn.conversation, turn.parent)
    const before = chosenAnswers(this.db, [id]).find(answer => answer.column === column)
    const settings: ChatColumn | undefined = conversation.columns[column] ?? before
    if (!settings)
      throw new LabError({
        code: 'bad-input',
        what: `there is no column ${column + 1}`,
        expected: `1 to ${conversation.columns.length}`,
        fix: 'choose a column of the conversation',
      })
    const underWay = before && this.writerOf(before.id)
    if (underWay && !underWay.isOver)
      throw new LabError({
        code: 'conflict',
        what: 'this answer is still being written',
        fix: 'wait for it, or stop it',
      })
    const answer = transaction(this.db, () => {
      this.unvote(turn)
      updateConversation(this.db, turn.conversation, {}, true)
      return insertAnswer(this.db, { turn: id, column, seed }, settings)
    })
    this.write(answer, conversation, path, turn.prompt)
    this.changed()
    return { answer: answer.id }
  }

  /** Shows an attempt and goes on from it. */
  choose(id: number): void {
    const answer = getAnswer(this.db, id)
    if (answer.chosen) return
    transaction(this.db, () => {
      this.unvote(getTurn(this.db, answer.turn))
      chooseAnswer(this.db, answer)
    })
    this.changed()
  }

  /** Stops one column of a turn, or all; what has ended already is no error. */
  stop(turn: number, column?: number): void {
    for (const writer of this.writers.values())
      if (writer.request.turn === turn && (column === undefined || writer.request.column === column))
        writer.stop()
  }

  /**
   * Keeps what a person thinks of the chosen answers of a turn; null takes it back.
   * @returns how many comparisons that makes
   * @throws LabError `conflict` while one is being written, or when there are no two to compare
   */
  vote(id: number, vote: ChatVote | null): number {
    const turn = getTurn(this.db, id)
    if (this.isWriting(id))
      throw new LabError({
        code: 'conflict',
        what: 'an answer of this turn is still being written',
        fix: 'wait for it, or stop it',
      })
    const comparisons = vote === null ? [] : this.comparisons(turn, vote)
    transaction(this.db, () => {
      replaceComparisons(this.db, id, comparisons)
      setVote(this.db, id, vote)
    })
    this.changed()
    return comparisons.length
  }

  private comparisons({ id, conversation, parent, prompt }: TurnRow, vote: ChatVote): Comparison[] {
    const { system } = getConversation(this.db, conversation)
    const path = this.pathOf(conversation, parent)
    const before = this.chosenOn(path)
    return comparisonsOf(vote, chosenAnswers(this.db, [id]), column =>
      messagesOf({ system, history: historyOf(path, before, column), prompt }),
    )
  }

  /** With their alternatives. */
  tokens(answer: number): WrittenToken[] {
    return [...(this.writerOf(answer)?.current().tokens ?? tokensOf(this.db, answer))]
  }

  /** A token from the engine; of other generations it is not ours. */
  hear(token: TopicPayload<typeof engineTopics, 'token'>): void {
    this.writers.get(token.generation)?.hear(token)
  }

  /** Whether an answer of the turn is being written. */
  isWriting(turn: number): boolean {
    return [...this.writers.values()].some(writer => writer.request.turn === turn && !writer.isOver)
  }

  /** Stops all answers. Those that do not hear it end when the engine does: see `ended`. */
  async close(): Promise<void> {
    for (const writer of this.writers.values()) writer.stop()
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, CLOSING_MS)
    await Promise.race([this.ended(), late])
    clearTimeout(timer)
  }

  /** Settles when no answer is being written. */
  async ended(): Promise<void> {
    await Promise.all([...this.writers.values()].map(writer => writer.ended))
  }

  // ── inside ────────────────────────────────────────────────────────────────────────────────────

  /** The chosen attempts of some turns, as they stand now. */
  private answersOf(turns: readonly TurnRow[]): ChatAnswer[] {
    const ids = turns.map(({ id }) => id)
    const attempts = Map.groupBy(attemptsOf(this.db, ids), ({ turn, column }) => `${turn}/${column}`)
    return chosenAnswers(this.db, ids).map(({ chosen: _, ...answer }) => {
      const attemptIds = attempts.get(`${answer.turn}/${answer.column}`)!.map(({ id }) => id)
      const live = this.writerOf(answer.id)
      return {
        ...answer,
        tokens: [],
        ...(live && { ...live.current(), tokens: live.isOver ? [] : [...live.current().tokens] }),
        ...(live && { tokenCount: live.current().tokens.length }),
        attempts: attemptIds.length,
        attemptIds,
        checkpointName: checkpointName(this.db, answer.checkpoint),
      }
    })
  }

  private write(
    { id, turn, column, checkpoint, mode, sampling, seed }: StoredAnswer,
    { id: conversation, system }: ConversationRow,
    path: readonly TurnRow[],
    prompt: string,
  ): void {
    const reads = { system, history: historyOf(path, this.chosenOn(path), column), prompt }
    const writer = new AnswerWriter(this.parts, {
      answer: id,
      ...{ conversation, turn, column, checkpoint, mode, sampling, seed, reads },
    })
    this.writers.set(writer.generation, writer)
    void writer.ended.then(() => {
      if (writer.isKept) this.writers.delete(writer.generation)
    })
  }

  private chosenOn(path: readonly TurnRow[]): StoredAnswer[] {
    return chosenAnswers(
      this.db,
      path.map(({ id }) => id),
    )
  }

  private writerOf(answer: number): AnswerWriter | undefined {
    return [...this.writers.values()].find(({ request }) => request.answer === answer)
  }

  /** The turns up to `last`, all of which are answered. @throws LabError `conflict` */
  private pathOf(conversation: string, last: number | null): TurnRow[] {
    const path = last === null ? [] : pathTo(turnsOf(this.db, conversation), last)
    if (path.some(({ id }) => this.isWriting(id)))
      throw new LabError({
        code: 'conflict',
        what: 'an answer before this one is still being written',
        fix: 'wait for it, or stop it',
      })
    return path
  }

  /** @throws LabError `not-found`, `conflict` when it was removed */
  private present(id: string): ConversationRow {
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
  private turnIn(conversation: string, id: number): TurnRow {
    const turn = getTurn(this.db, id)
    if (turn.conversation === conversation) return turn
    throw new LabError({
      code: 'not-found',
      what: `there is no turn ${id} in this conversation`,
      where: conversation,
      fix: 'open the conversation anew',
    })
  }

  private unvote({ id, vote }: TurnRow): void {
    if (vote === null) return
    detachComparisons(this.db, id)
    setVote(this.db, id, null)
  }

  private changed(): void {
    this.parts.context.publish('changed', { what: 'conversations' })
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
