// A demonstration while it is written: turns of prompt and response under an optional system message, as the editor shows
// them, and the messages that they become.
import type {
  ChatMessage,
  DemonstrationRow,
} from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { formatCount } from '../../../format.ts'

export interface Turn {
  readonly prompt: string
  readonly response: string
  /** 0 = the response is read, but not trained on. */
  readonly weight?: ChatMessage['weight']
}
export interface RowDraft {
  readonly set: string
  /** null = a row that is not there yet. */
  readonly number: number | null
  /** null = none. */
  readonly system: string | null
  readonly turns: readonly Turn[]
  readonly useCase: DemonstrationRow['useCase']
  readonly tags: readonly string[]
}

export const emptyTurn: Turn = { prompt: '', response: '' }

export const newDraft = (set: string): RowDraft => ({
  set,
  number: null,
  system: null,
  turns: [emptyTurn],
  useCase: null,
  tags: [],
})

/** Turns of messages in the order system (optional), user, assistant, user, assistant …; a last prompt may be unanswered. */
export function turnsOf(messages: readonly ChatMessage[]): { system: string | null; turns: Turn[] } {
  const system = messages[0]?.role === 'system' ? messages[0].content : null
  const said = messages.slice(system === null ? 0 : 1)
  const turns: Turn[] = []
  for (let i = 0; i < said.length; i += 2)
    turns.push({
      prompt: said[i]!.content,
      response: said[i + 1]?.content ?? '',
      ...(said[i + 1]?.weight === 0 && { weight: 0 }),
    })
  return { system, turns: turns.length > 0 ? turns : [emptyTurn] }
}

export const draftOf = (set: string, { number, messages, useCase, tags }: DemonstrationRow): RowDraft => ({
  set,
  number,
  ...turnsOf(messages),
  useCase,
  tags,
})

export const messagesOf = ({ system, turns }: Pick<RowDraft, 'system' | 'turns'>): ChatMessage[] => [
  ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
  ...turns.flatMap(({ prompt, response, weight }) => [
    { role: 'user' as const, content: prompt },
    { role: 'assistant' as const, content: response, ...(weight === 0 && { weight }) },
  ]),
]

/** A row's number as people count: from 1. */
export const rowName = (number: number): string => formatCount(number + 1)

/** Characters of one message, as the contract takes them. */
const LONGEST = 200_000
const MOST_TURNS = 99

/** What is still wrong with a draft, and where. */
export interface DraftProblem {
  readonly field: 'system' | 'prompt' | 'response'
  /** 0-based. */
  readonly turn: number
  readonly sentence: string
}

/** The first thing that keeps a draft from being saved; null = nothing. */
export function draftProblem({ system, turns }: Pick<RowDraft, 'system' | 'turns'>): DraftProblem | null {
  const place = (turn: number) => (turns.length > 1 ? ` ${turn + 1}` : '')
  if (system !== null && system.trim() === '')
    return { field: 'system', turn: 0, sentence: 'The system message is empty: write it, or take it out.' }
  if (turns.length > MOST_TURNS)
    return {
      field: 'prompt',
      turn: MOST_TURNS,
      sentence: `A conversation has at most ${MOST_TURNS} turns: take some out.`,
    }
  for (const [turn, { prompt, response }] of turns.entries()) {
    if (prompt.trim() === '')
      return {
        field: 'prompt',
        turn,
        sentence: `Prompt${place(turn)} is empty: write what a person would ask.`,
      }
    if (response.trim() === '')
      return {
        field: 'response',
        turn,
        sentence: `Response${place(turn)} is empty: write what the model is to answer.`,
      }
  }
  const texts = [system ?? '', ...turns.flatMap(t => [t.prompt, t.response])]
  const long = texts.findIndex(text => text.length > LONGEST)
  if (long === -1) return null
  return {
    field: long === 0 ? 'system' : long % 2 === 1 ? 'prompt' : 'response',
    turn: Math.max(0, Math.floor((long - 1) / 2)),
    sentence: `A message holds at most ${formatCount(LONGEST)} characters; this one has ${formatCount(texts[long]!.length)}.`,
  }
}

/** Whether two drafts would be stored as the same row. */
export const sameDraft = (a: RowDraft, b: RowDraft): boolean =>
  JSON.stringify([messagesOf(a), a.useCase, a.tags]) === JSON.stringify([messagesOf(b), b.useCase, b.tags])
