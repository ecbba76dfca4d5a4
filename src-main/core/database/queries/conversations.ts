// Conversations and their turns.
import type { ChatColumn, ChatVote } from '../../../../src-shared/contract/chat-contract.ts'
import { LabError } from '../../../../src-shared/contract/errors.ts'
import type { Db } from '../open.ts'
import { statement, write } from '../statement.ts'

export interface ConversationRow {
  readonly id: string
  /** Empty = called after its first prompt. */
  readonly title: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly removedAt: string | null
  readonly system: string
  readonly columns: ChatColumn[]
  readonly linked: boolean
  readonly blind: boolean
  /** Last turn of the branch that is shown; null before the first. */
  readonly turn: number | null
  /** Of all branches. */
  readonly turns: number
  readonly firstPrompt: string | null
}

export interface TurnRow {
  readonly id: number
  readonly conversation: string
  readonly parent: number | null
  readonly prompt: string
  readonly seed: number
  readonly vote: ChatVote | null
}

interface ConversationStored {
  id: string
  title: string
  created_at: string
  updated_at: string
  removed_at: string | null
  system: string
  columns: string
  linked: number
  blind: number
  turn: number | null
  turns: number
  firstPrompt: string | null
}

const selectConversation = `SELECT c.*,
  (SELECT count(*) FROM chat_turns t WHERE t.conversation = c.id) AS turns,
  (SELECT t.prompt FROM chat_turns t WHERE t.conversation = c.id ORDER BY t.id LIMIT 1) AS firstPrompt
  FROM conversations c`

const fromConversation = (row: ConversationStored): ConversationRow => ({
  id: row.id,
  title: row.title,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  removedAt: row.removed_at,
  system: row.system,
  columns: JSON.parse(row.columns),
  linked: row.linked !== 0,
  blind: row.blind !== 0,
  turn: row.turn,
  turns: row.turns,
  firstPrompt: row.firstPrompt,
})

export function insertConversation(
  db: Db,
  {
    id,
    title,
    system,
    columns,
    linked,
    blind,
  }: Pick<ConversationRow, 'id' | 'title' | 'system' | 'columns' | 'linked' | 'blind'>,
): void {
  const now = new Date().toISOString()
  write(
    db,
    `INSERT INTO conversations (id, title, created_at, updated_at, system, columns, linked, blind)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    title,
    now,
    now,
    system,
    JSON.stringify(columns),
    Number(linked),
    Number(blind),
  )
}

/** @throws LabError `not-found` */
export function getConversation(db: Db, id: string): ConversationRow {
  const row = statement<ConversationStored>(db, `${selectConversation} WHERE c.id = ?`).get(id)
  if (!row)
    throw new LabError({
      code: 'not-found',
      what: `there is no conversation ${id}`,
      fix: 'choose one of the list',
    })
  return fromConversation(row)
}

/** Newest first, removed ones included. @param search in titles, prompts and answers, letter case aside */
export function listConversations(db: Db, search = ''): ConversationRow[] {
  const rows = statement<ConversationStored>(
    db,
    `${selectConversation} ORDER BY c.updated_at DESC, c.rowid DESC`,
  ).all()
  if (search === '') return rows.map(fromConversation)
  const needle = search.toLowerCase()
  const found = new Set(rows.filter(({ title }) => title.toLowerCase().includes(needle)).map(({ id }) => id))
  // SQLite knows the case of ASCII letters alone.
  const texts = statement<{ conversation: string; text: string }>(
    db,
    `SELECT conversation, prompt AS text FROM chat_turns
     UNION ALL SELECT t.conversation, a.text FROM chat_answers a JOIN chat_turns t ON t.id = a.turn`,
  )
  for (const { conversation, text } of texts.iterate())
    if (!found.has(conversation) && text.toLowerCase().includes(needle)) found.add(conversation)
  return rows.filter(({ id }) => found.has(id)).map(fromConversation)
}

const conversationColumns = {
  title: 'title',
  system: 'system',
  columns: 'columns',
  linked: 'linked',
  blind: 'blind',
  turn: 'turn',
  removedAt: 'removed_at',
} as const

export type ConversationChange = Partial<Pick<ConversationRow, keyof typeof conversationColumns>>

/** Changes the fields given and leaves the others. @param touch whether it becomes the newest */
export function updateConversation(db: Db, id: string, change: ConversationChange, touch = false): void {
  const set: string[] = []
  const values: unknown[] = []
  for (const [field, column] of Object.entries(conversationColumns)) {
    const value = change[field as keyof ConversationChange]
    if (value === undefined) continue
    set.push(`${column} = ?`)
    values.push(
      typeof value === 'boolean' ? Number(value) : Array.isArray(value) ? JSON.stringify(value) : value,
    )
  }
  if (touch) {
    set.push('updated_at = ?')
    values.push(new Date().toISOString())
  }
  if (set.length > 0) write(db, `UPDATE conversations SET ${set.join(', ')} WHERE id = ?`, ...values, id)
}

/** Deletes for good what was removed, with all that was written there; votes on it stay as comparisons. */
export const deleteRemovedConversations = (db: Db): void =>
  void write(db, 'DELETE FROM conversations WHERE removed_at IS NOT NULL')

// ── turns ─────────────────────────────────────────────────────────────────────────────────────────

const selectTurn = 'SELECT id, conversation, parent, prompt, seed, vote FROM chat_turns'
type TurnStored = Omit<TurnRow, 'vote'> & { vote: string | null }
const fromTurn = (row: TurnStored): TurnRow => ({
  ...row,
  vote: row.vote === null ? null : JSON.parse(row.vote),
})

export function insertTurn(
  db: Db,
  { conversation, parent, prompt, seed }: Omit<TurnRow, 'id' | 'vote'>,
): number {
  return Number(
    write(
      db,
      'INSERT INTO chat_turns (conversation, parent, prompt, seed, created_at) VALUES (?, ?, ?, ?, ?)',
      conversation,
      parent,
      prompt,
      seed,
      new Date().toISOString(),
    ).lastInsertRowid,
  )
}

/** @throws LabError `not-found` */
export function getTurn(db: Db, id: number): TurnRow {
  const row = statement<TurnStored>(db, `${selectTurn} WHERE id = ?`).get(id)
  if (!row)
    throw new LabError({
      code: 'not-found',
      what: `there is no turn ${id}`,
      fix: 'open the conversation anew',
    })
  return fromTurn(row)
}

/** Of all branches, oldest first. */
export const turnsOf = (db: Db, conversation: string): TurnRow[] =>
  statement<TurnStored>(db, `${selectTurn} WHERE conversation = ? ORDER BY id`)
    .all(conversation)
    .map(fromTurn)

export function setVote(db: Db, turn: number, vote: ChatVote | null): void {
  write(db, 'UPDATE chat_turns SET vote = ? WHERE id = ?', vote && JSON.stringify(vote), turn)
}
