// The chat: trees of turns, each one prompt and the answers of the conversation's columns. All columns of a turn write at
// the same time; they wait for one another only where their checkpoints do not fit together.
import type { ChatColumn, ChatVote } from '../../../src-shared/contract/chat-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { CheckpointStore } from '../checkpoints/checkpoint-store.ts'
import type { Db } from '../database/open.ts'
import {
  type AnswerReads,
  answersWithIds,
  chooseAnswer,
  chosenAnswers,
  getAnswer,
  insertAnswer,
  markCutAnswers,
  type StoredAnswer,
} from '../database/queries/chat-answers.ts'
import { type Comparison, detachComparisons, replaceComparisons } from '../database/queries/comparisons.ts'
import {
  type ConversationRow,
  deleteRemovedConversations,
  getConversation,
  getTurn,
  insertTurn,
  setVote,
  type TurnRow,
  turnsOf,
  updateConversation,
} from '../database/queries/conversations.ts'
import { transaction } from '../database/statement.ts'
import type { ModelParts } from '../generation/checkpoint-model.ts'
import type { RewardScores } from '../reward/reward-scores.ts'
import { AnswerMeasures } from './answer-measures.ts'
import { AnswersUnderWay } from './answers-under-way.ts'
import { type ColumnConversation, historyOf, messagesOf } from './chat-prompt.ts'
import { Conversations } from './conversations.ts'
import { pathTo } from './turn-tree.ts'
import { comparisonsOf } from './vote.ts'

export class Chat {
  readonly parts: ModelParts
  readonly underWay: AnswersUnderWay
  readonly conversations: Conversations
  readonly measures: AnswerMeasures
  private readonly db: Db

  constructor(parts: ModelParts, checkpoints: CheckpointStore, scores: RewardScores) {
    this.parts = parts
    this.db = parts.context.workspace.db
    this.underWay = new AnswersUnderWay(parts)
    this.conversations = new Conversations(parts.context, this.underWay)
    const measuring = { models: parts, scores, readBy: (answer: StoredAnswer) => this.readBy(answer) }
    this.measures = new AnswerMeasures(measuring, checkpoints, this.underWay)
    this.tidyUp()
  }

  /** What the last time has left: answers that were cut off, conversations that were removed. */
  private tidyUp(): void {
    try {
      markCutAnswers(this.db)
      deleteRemovedConversations(this.db)
    } catch (error) {
      // A full disk must keep nobody out; the next start tries again.
      const { message } = error as Error
      this.parts.context.workspace.notes.push(`Earlier conversations could not be tidied up yet: ${message}`)
    }
  }

  /**
   * A new turn, which all columns begin to answer with its seed.
   * @param parent null = a new beginning
   * @returns its id
   * @throws LabError `not-found`; `conflict` while an answer before it is still being written
   */
  send(request: { conversation: string; parent: number | null; prompt: string; seed: number }): number {
    const { conversation: id, parent, prompt, seed } = request
    const conversation = this.conversations.present(id)
    if (parent !== null) this.conversations.turnIn(id, parent)
    const path = this.pathOf(id, parent)
    const before = this.chosenOn(path)
    const { turn, answers } = transaction(this.db, () => {
      const turn = insertTurn(this.db, { conversation: id, parent, prompt, seed })
      updateConversation(this.db, id, { turn }, true)
      const answers = conversation.columns.map((column, i) =>
        insertAnswer(this.db, { turn, column: i, seed, reads: readsOf(conversation, before, i) }, column),
      )
      return { turn, answers }
    })
    this.write(answers, id, { path, before, prompt })
    this.conversations.changed()
    return turn
  }

  /**
   * Another attempt, with the column's settings of now. A vote on the earlier ones is kept as comparisons, no longer as
   * the turn's.
   * @returns the id of the answer
   * @throws LabError `conflict` while the column is writing there; `bad-input` for a column that never was
   */
  regenerate({ turn: id, column, seed }: { turn: number; column: number; seed: number }): number {
    const turn = getTurn(this.db, id)
    const conversation = this.conversations.present(turn.conversation)
    const path = this.pathOf(turn.conversation, turn.parent)
    const before = this.chosenOn(path)
    const shown = chosenAnswers(this.db, [id]).find(answer => answer.column === column)
    const settings: ChatColumn | undefined = conversation.columns[column] ?? shown
    if (!settings)
      throw new LabError({
        code: 'bad-input',
        what: `there is no column ${column + 1}`,
        expected: `1 to ${conversation.columns.length}`,
        fix: 'choose a column of the conversation',
      })
    if (shown && this.underWay.isWriting({ answer: shown.id })) throw stillWriting('this answer')
    const answer = transaction(this.db, () => {
      this.unvote(turn)
      updateConversation(this.db, turn.conversation, {}, true)
      const reads = readsOf(conversation, before, column)
      return insertAnswer(this.db, { turn: id, column, seed, reads }, settings)
    })
    this.write([answer], turn.conversation, { path, before, prompt: turn.prompt })
    this.conversations.changed()
    return answer.id
  }

  /** Shows an attempt and goes on from it. @throws LabError `not-found` */
  choose(id: number): void {
    const answer = getAnswer(this.db, id)
    if (answer.chosen) return
    transaction(this.db, () => {
      this.unvote(getTurn(this.db, answer.turn))
      chooseAnswer(this.db, answer)
    })
    this.conversations.changed()
  }

  /**
   * Keeps what a person thinks of the chosen answers of a turn; null takes it back.
   * @returns how many comparisons that makes
   * @throws LabError `conflict` while one is being written, or when there are no two to compare
   */
  vote(id: number, vote: ChatVote | null): number {
    const turn = getTurn(this.db, id)
    if (this.underWay.isWriting({ turn: id })) throw stillWriting('an answer of this turn')
    const comparisons = vote === null ? [] : this.comparisons(turn, vote)
    transaction(this.db, () => {
      replaceComparisons(this.db, id, comparisons)
      setVote(this.db, id, vote)
    })
    this.conversations.changed()
    // Votes are a set of them.
    this.parts.context.publish('changed', { what: 'preferences' })
    return comparisons.length
  }

  /** Of what each answer was written after, whatever was changed or chosen since. */
  private comparisons({ id, conversation, parent, prompt }: TurnRow, vote: ChatVote): Comparison[] {
    const path = this.pathOf(conversation, parent)
    return comparisonsOf(vote, chosenAnswers(this.db, [id]), answer =>
      messagesOf(this.readAt(path, { conversation, prompt }, answer)),
    )
  }

  /** What an answer was written after, whatever was changed or chosen since. @throws LabError `not-found` */
  readBy(answer: StoredAnswer): Omit<ColumnConversation, 'mode'> {
    const turn = getTurn(this.db, answer.turn)
    return this.readAt(this.turnsTo(turn.conversation, turn.parent), turn, answer)
  }

  private readAt(
    path: readonly TurnRow[],
    { conversation, prompt }: Pick<TurnRow, 'conversation' | 'prompt'>,
    { column, reads }: Pick<StoredAnswer, 'column' | 'reads'>,
  ): Omit<ColumnConversation, 'mode'> {
    const { system, answers } =
      reads ?? readsOf(getConversation(this.db, conversation), this.chosenOn(path), column)
    return { system, history: historyOf(path, answersWithIds(this.db, answers), column), prompt }
  }

  private write(
    answers: readonly StoredAnswer[],
    conversation: string,
    { path, before, prompt }: { path: readonly TurnRow[]; before: readonly StoredAnswer[]; prompt: string },
  ): void {
    for (const { id: answer, turn, column, checkpoint, mode, sampling, seed, reads: read } of answers) {
      const reads = { system: read!.system, history: historyOf(path, before, column), prompt }
      this.underWay.begin({ answer, conversation, turn, column, checkpoint, mode, sampling, seed, reads })
    }
  }

  private chosenOn(path: readonly TurnRow[]): StoredAnswer[] {
    return chosenAnswers(
      this.db,
      path.map(({ id }) => id),
    )
  }

  /** The turns up to `last`, all of which are answered. @throws LabError `conflict` */
  private pathOf(conversation: string, last: number | null): TurnRow[] {
    const path = this.turnsTo(conversation, last)
    if (path.some(({ id }) => this.underWay.isWriting({ turn: id })))
      throw stillWriting('an answer before it')
    return path
  }

  private turnsTo(conversation: string, last: number | null): TurnRow[] {
    return last === null ? [] : pathTo(turnsOf(this.db, conversation), last)
  }

  /** A vote on answers that are no longer shown stays as comparisons. */
  private unvote({ id, vote }: TurnRow): void {
    if (vote === null) return
    detachComparisons(this.db, id)
    setVote(this.db, id, null)
  }
}

/** What a column reads when it answers now. @param before chosen answers of the turns before */
const readsOf = (
  { system }: ConversationRow,
  before: readonly StoredAnswer[],
  column: number,
): AnswerReads => ({
  system,
  answers: before.filter(answer => answer.column === column).map(({ id }) => id),
})

const stillWriting = (which: string): LabError =>
  new LabError({
    code: 'conflict',
    what: `${which} is still being written`,
    fix: 'wait for it, or stop it',
  })
