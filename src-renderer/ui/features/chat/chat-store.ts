// What the chat's screen knows beside the core's conversations: which one is open, what is being typed, who takes part in
// one that has not begun. It outlives switching tabs.
import { create } from 'zustand'
import type { ChatAnswer, Conversation } from '../../../../src-shared/contract/chat-contract.ts'
import { type LabErrorFacts, toFacts } from '../../../../src-shared/contract/errors.ts'
import { readUiSettings, setSetting } from '../../app-state.ts'
import { toastError } from '../../components/toast.tsx'
import { call } from '../../lab.ts'
import { patchQuery, refetchQuery } from '../../queries.ts'
import { underWay } from './blind.ts'
import type { ChatSetup } from './setup.ts'
import type { Coloring } from './token-colors.ts'

/** A prompt on its way to the core, shown until the turn is there. */
export interface Pending {
  readonly conversation: string | null
  readonly parent: number | null
  readonly prompt: string
}

export interface Exported {
  readonly conversation: string
  readonly path: string
  readonly text: string
}

interface ChatState {
  /** null = a new one that begins with its first message. */
  readonly conversation: string | null
  /** What was open before is known: which one is open is written down from now on. */
  readonly remembering: boolean
  /** Of the new one; null until the person changes what is proposed. */
  readonly setup: ChatSetup | null
  /** What stands in the composer, by conversation; '' for the new one. */
  readonly prompts: Readonly<Record<string, string>>
  /** Of the next message; as typed where it is no number. */
  readonly seed: number | string
  readonly pending: Pending | null
  /** Why the last message was not sent. */
  readonly error: LabErrorFacts | null
  /** Turns whose names this person has seen: votes on them are not blind any more. */
  readonly seen: ReadonlySet<number>
  /** Turns that are being stopped. */
  readonly stopping: ReadonlySet<number>
  /** Answers of which another attempt was asked for, until it is there. */
  readonly regenerating: ReadonlySet<number>
  /** Column whose last answer is asked for again with another checkpoint, until it is begun. */
  readonly answeringAgain: number | null
  readonly coloring: Coloring
  /** What the comparison of base, SFT and RLHF lacks is said until this is closed. */
  readonly missingTold: boolean
  /** null = where there is room for it. */
  readonly listOpen: boolean | null
  readonly exported: Exported | null
}

export const useChat = create<ChatState>(() => ({
  conversation: null,
  remembering: false,
  setup: null,
  prompts: {},
  seed: 1,
  pending: null,
  error: null,
  seen: new Set(),
  stopping: new Set(),
  regenerating: new Set(),
  answeringAgain: null,
  coloring: null,
  missingTold: false,
  listOpen: null,
  exported: null,
}))
const { getState, setState } = useChat

const keyOf = (conversation: string | null): string => conversation ?? ''
export const promptOf = ({ prompts, conversation }: ChatState): string => prompts[keyOf(conversation)] ?? ''

export const write = (prompt: string): void =>
  setState(now => ({ prompts: { ...now.prompts, [keyOf(now.conversation)]: prompt }, error: null }))

/** A message that was not sent, with the error that stands there. */
export const giveBack = (prompt: string): void =>
  setState(now => ({ prompts: { ...now.prompts, [keyOf(now.conversation)]: prompt } }))

export const setSeed = (seed: number | string): void => setState({ seed })

export const open = (conversation: string): void => setState({ conversation, error: null })

/**
 * Opens what was open before the page was loaded anew, as far as it is still there, knows whose names were seen, and
 * remembers from now on.
 */
export function remember(before: string, seen: readonly number[], kept: readonly string[]): void {
  if (getState().remembering) return
  const here = getState().conversation
  setState({ remembering: true, conversation: here ?? (kept.includes(before) ? before : null) })
  see(seen)
  useChat.subscribe(({ conversation }, { conversation: last }) => {
    if (conversation !== last) void setSetting('ui.chat', keyOf(conversation)).catch(toastError)
  })
}

/** A new conversation, with those who take part in the one that is open. */
export const beginNew = (setup: ChatSetup | null): void =>
  setState({ conversation: null, setup, error: null })

const see = (turns: readonly number[]): void => setState(now => ({ seen: new Set([...now.seen, ...turns]) }))

/** Names stay known when the page is loaded anew. */
async function writeSeenDown(): Promise<void> {
  // Another window writes there too.
  const before = readUiSettings(await call('settings.all', {}))['ui.chatSeen']
  await setSetting('ui.chatSeen', [...new Set([...before, ...getState().seen])])
}

let saving: ReturnType<typeof setTimeout> | undefined
let unsaved: { conversation: string; change: Partial<ChatSetup> } | null = null
/** A slider moves many times a second. */
const SAVE_AFTER_MS = 200

/** Writes down at once what changed; resolves when it is. */
async function save(): Promise<void> {
  clearTimeout(saving)
  const waiting = unsaved
  unsaved = null
  if (!waiting) return
  try {
    await call('chat.change', { conversation: waiting.conversation, ...waiting.change })
  } catch (error) {
    void refetchQuery('chat.show', { conversation: waiting.conversation })
    throw error
  }
}

/** Changes who takes part and how: on the screen at once, in the core soon after. */
export function changeSetup(
  conversation: Conversation | null,
  setup: ChatSetup,
  change: Partial<ChatSetup>,
): void {
  if (!conversation) {
    setState({ setup: { ...setup, ...change } })
    return
  }
  const { id } = conversation
  // Names that stand on the screen are known, whatever is switched on now.
  if (change.blind) {
    see(conversation.turns.map(turn => turn.id))
    void writeSeenDown().catch(toastError)
  }
  patchQuery('chat.show', { conversation: id }, known => ({ ...known, ...change }))
  if (unsaved && unsaved.conversation !== id) void save().catch(toastError)
  unsaved = { conversation: id, change: { ...unsaved?.change, ...change } }
  clearTimeout(saving)
  saving = setTimeout(() => void save().catch(toastError), SAVE_AFTER_MS)
}

/**
 * Sends a message after `parent` (null = a beginning): in the open conversation, or in a new one with this setup.
 * @returns whether it was sent; the caller still has the message, and gives it back to whoever wrote it
 */
export async function send(prompt: string, parent: number | null, setup: ChatSetup): Promise<boolean> {
  const { conversation: opened, seed, pending } = getState()
  if (pending || typeof seed !== 'number') return false
  setState({ pending: { conversation: opened, parent, prompt }, error: null })
  let conversation = opened
  try {
    await save()
    conversation ??= (await call('chat.create', setup)).conversation
    const known = conversation
    // Only who still looks at the new one is taken to it.
    if (opened === null && getState().conversation === null)
      setState({ conversation, setup: null, pending: { conversation, parent, prompt } })
    await call('chat.send', { conversation: known, parent, prompt, seed })
    setState(now => ({ seed: now.seed === seed ? seed + 1 : now.seed }))
    await refetchQuery('chat.show', { conversation: known })
    return true
  } catch (error) {
    setState({ error: toFacts(error) })
    return false
  } finally {
    setState({ pending: null })
  }
}

/** Stops one column of a turn, or all; what was written stays. */
export async function stop(turn: number, column?: number): Promise<void> {
  if (column === undefined) setState(now => ({ stopping: new Set([...now.stopping, turn]) }))
  try {
    await call('chat.stop', column === undefined ? { turn } : { turn, column })
  } catch (error) {
    setState(now => ({ stopping: new Set([...now.stopping].filter(each => each !== turn)) }))
    throw error
  }
}

/** Another attempt, with another seed: the same one would write the same again. A second click asks for no second one. */
export async function regenerate(answer: ChatAnswer): Promise<void> {
  const { conversation, regenerating } = getState()
  if (regenerating.has(answer.id)) return
  setState({ regenerating: new Set([...regenerating, answer.id]) })
  const seed = answer.seed + answer.attempts - answer.attempt + 1
  try {
    await call('chat.regenerate', { turn: answer.turn, column: answer.column, seed })
    if (conversation !== null) await refetchQuery('chat.show', { conversation })
  } finally {
    setState(now => ({ regenerating: new Set([...now.regenerating].filter(each => each !== answer.id)) }))
  }
}

/** The turn once more in one column, by the checkpoint that it has now and with the turn's own seed: nothing else differs. */
export async function answerAgain(turn: number, column: number, seed: number): Promise<void> {
  const { conversation, answeringAgain } = getState()
  if (answeringAgain !== null || conversation === null) return
  setState({ answeringAgain: column })
  try {
    await save()
    await call('chat.regenerate', { turn, column, seed })
    await refetchQuery('chat.show', { conversation })
  } finally {
    setState({ answeringAgain: null })
  }
}

/** Stops whatever this conversation writes. @returns whether there was anything to stop */
export function stopAll(conversation: Conversation | null): boolean {
  const turns = conversation?.turns.filter(underWay) ?? []
  for (const turn of turns) void stop(turn.id).catch(toastError)
  return turns.length > 0
}

/** A vote; null takes it back. Who has seen the names does not vote blind. */
export async function vote(
  turn: number,
  outcome: Conversation['turns'][number]['vote'],
  conversation: string,
): Promise<void> {
  const before = getState().seen
  patchQuery('chat.show', { conversation }, known => ({
    ...known,
    turns: known.turns.map(each => (each.id === turn ? { ...each, vote: outcome } : each)),
  }))
  see([turn])
  try {
    await call('chat.vote', { turn, vote: outcome })
    if (!before.has(turn)) void writeSeenDown().catch(toastError)
  } catch (error) {
    setState({ seen: before })
    await refetchQuery('chat.show', { conversation })
    throw error
  }
}

export async function exportAs(conversation: string, format: 'markdown' | 'json' | 'jsonl'): Promise<void> {
  const { path, text } = await call('chat.export', { conversation, format })
  setState({ exported: { conversation, path, text } })
}
