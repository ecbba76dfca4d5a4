// What a shape of rows is to the import of comparisons. Adding one = one file in this folder and one row in formats.ts.
import type { ChatMessage } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { PreferenceResponse } from '../../../../../src-shared/contract/preferences-contract.ts'
import type { NewRanking } from '../../../database/queries/rankings.ts'
import { type Reading, textFault } from '../../../demonstrations/conversation.ts'

/** A prompt with its responses and what was said of them, as a row has it: texts of any length, ranks of any kind. */
export interface Comparison {
  /** Up to the responses; the last one is the user's. */
  readonly messages: readonly ChatMessage[]
  readonly responses: readonly PreferenceResponse[]
  /** Empty: still to be ranked. */
  readonly rankings: readonly NewRanking[]
  /** What simulated labelers must know; null = nothing is known. */
  readonly task: unknown
}

export interface PreferenceFormat {
  /** `hh-rlhf` */
  readonly name: string
  /** In words. */
  readonly title: string
  /** Whether a row has this format's keys and marks; what else stands there is looked at by `read`. */
  recognises(row: unknown): boolean
  /** @param labeler who is said to have ranked where the row does not say it */
  read(row: unknown, labeler: string): Reading<Comparison>
}

/**
 * Two conversations that differ in their last answer alone: what is before it is the prompt (as TRL's `extract_prompt`,
 * but between messages only).
 */
export function chosenAndRejected(
  chosen: readonly ChatMessage[],
  rejected: readonly ChatMessage[],
  labeler: string,
): Reading<Comparison> {
  for (const [name, messages] of [
    ['chosen', chosen],
    ['rejected', rejected],
  ] as const) {
    const last = messages.at(-1)
    if (!last) return { rejected: `"${name}" has no messages` }
    if (last.role !== 'assistant')
      return { rejected: `"${name}" ends with a message of the role ${last.role}: there is no answer` }
  }
  const at = firstDifference(chosen, rejected)
  if (at === chosen.length && at === rejected.length)
    return { rejected: '"chosen" and "rejected" are the same: there is nothing to choose between' }
  if (at !== chosen.length - 1 || at !== rejected.length - 1)
    return {
      rejected: `"chosen", of ${chosen.length} messages, and "rejected", of ${rejected.length}, differ from message ${at + 1} on: only their last answers may differ, what is before is one prompt`,
    }
  return pairOf(chosen.slice(0, -1), chosen.at(-1)!.content, rejected.at(-1)!.content, labeler)
}

/** One answer preferred to another. */
export function pairOf(
  messages: readonly ChatMessage[],
  chosen: string,
  rejected: string,
  labeler: string,
): Reading<Comparison> {
  if (chosen === rejected)
    return { rejected: '"chosen" and "rejected" are the same: there is nothing to choose between' }
  const fault = textFault(chosen) ?? textFault(rejected)
  if (fault) return { rejected: `the answer in "${textFault(chosen) ? 'chosen' : 'rejected'}" ${fault}` }
  return {
    messages,
    responses: [chosen, rejected].map(text => ({ text, stopped: true, origin: 'file', copies: 1 })),
    rankings: [{ labeler, pass: 0, outcome: 'ranked', ranks: [1, 2], pairs: null, seconds: null }],
    task: null,
  }
}

function firstDifference(a: readonly ChatMessage[], b: readonly ChatMessage[]): number {
  const at = a.findIndex((message, i) => message.role !== b[i]?.role || message.content !== b[i].content)
  return at < 0 ? a.length : at
}
