// Demonstrations as a model reads them: rendered by the chat template, split by prompt, refused where they do not fit.

import * as v from 'valibot'
import { packedEpoch } from '../../../src-shared/batches/packing.ts'
import { exampleOf, refusalOf, type SftExample } from '../../../src-shared/batches/sft-example.ts'
import { type ChatMessage, chatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { count, id } from '../../../src-shared/contract/method.ts'
import type { RefusedRow } from '../../../src-shared/contract/sft-contract.ts'
import { truncated } from '../../../src-shared/text/truncated.ts'
import { renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { takeTurns } from '../jobs/turns.ts'
import { isValidationPrompt, promptKey } from '../rankings/prompt-key.ts'

/** A row as a run reads it; other tools read its `messages`, as TRL. */
export const demonstrationSnapshotRow = v.object({ set: id, number: count, messages: v.array(chatMessage) })
export type DemonstrationSnapshotRow = v.InferOutput<typeof demonstrationSnapshotRow>

export interface EncodedDemonstrations {
  readonly train: readonly SftExample[]
  readonly validation: readonly SftExample[]
  readonly refused: readonly RefusedRow[]
}

const EXCERPT_CHARACTERS = 120

/** @throws LabError `bad-input` for roles out of turn, `unsupported` for a tokenizer without roles */
export async function encodeDemonstrations(
  rows: Iterable<DemonstrationSnapshotRow> | AsyncIterable<DemonstrationSnapshotRow>,
  tokenizer: Tokenizer,
  { contextLength, validationShare }: { contextLength: number; validationShare: number },
): Promise<EncodedDemonstrations> {
  const train: SftExample[] = []
  const validation: SftExample[] = []
  const refused: RefusedRow[] = []
  const othersTurn = takeTurns()
  for await (const { set, number, messages } of rows) {
    const rendered = renderChat(tokenizer, messages)
    const reason = refusalOf(rendered, contextLength)
    if (reason !== null)
      refused.push({ set, number, tokens: rendered.tokens.length, reason, excerpt: excerptOf(messages) })
    else (isValidation(messages, validationShare) ? validation : train).push(exampleOf(rendered))
    await othersTurn()
  }
  return { train, validation, refused }
}

/** Places that each example takes in a row. */
export const lengthsOf = (examples: readonly SftExample[]): Int32Array =>
  Int32Array.from(examples, ({ tokens }) => tokens.length)

/** Rows of the context's length that the first epoch is packed into. */
export async function rowsInFirstEpoch(
  examples: readonly SftExample[],
  contextLength: number,
  seed: number,
): Promise<number> {
  const othersTurn = takeTurns()
  let rows = 0
  for (const _ of packedEpoch(lengthsOf(examples), contextLength, seed)) {
    rows++
    await othersTurn()
  }
  return rows
}

/** Whether a conversation is kept for validation: its prompt is all that comes before the first answer. */
export function isValidation(messages: readonly ChatMessage[], validationShare: number): boolean {
  const firstAnswer = messages.findIndex(({ role }) => role === 'assistant')
  return isValidationPrompt(promptKey(messages.slice(0, firstAnswer)), validationShare)
}

function excerptOf(messages: readonly ChatMessage[]): string {
  const text = messages.find(({ role }) => role === 'user')?.content ?? messages[0]?.content ?? ''
  return truncated(text, EXCERPT_CHARACTERS)
}
