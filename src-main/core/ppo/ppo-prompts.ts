// Phase 4's prompts: where they come from, which of them are held out, and what they become as tokens.
import * as v from 'valibot'
import { chatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import type { PromptSource } from '../../../src-shared/contract/preferences-contract.ts'
import { useCaseIds } from '../../../src-shared/demonstrations/use-cases.ts'
import { promptKinds } from '../../../src-shared/starter-world/preferences.ts'
import {
  heldOutRlPrompts,
  type RlPrompt,
  writeRlPrompts,
} from '../../../src-shared/starter-world/rl-prompts.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import { renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { Demonstrations } from '../demonstrations/demonstrations.ts'
import { takeTurns } from '../jobs/turns.ts'
import { isValidationPrompt, promptKey } from '../rankings/prompt-key.ts'
import { promptsOf } from '../rankings/prompt-sources.ts'
import type { RowFile } from '../row-files/file-source.ts'

/** A prompt as a run keeps it. */
export const ppoPromptRow = v.object({
  messages: v.array(chatMessage),
  /** Right answers, where they came with the prompt. */
  answers: v.array(v.string()),
  /** What the starter world's judge has to know; null = nobody here knows what is true. */
  task: v.nullable(v.object({ kind: v.picklist(promptKinds), useCase: v.picklist(useCaseIds) })),
})
export type PpoPromptRow = v.InferOutput<typeof ppoPromptRow>

export interface FoundPrompts {
  readonly train: PpoPromptRow[]
  readonly heldOut: PpoPromptRow[]
}

/**
 * @param heldOut how many held-out prompts are wanted at most
 * @param share of prompts that are held out, where the source has none of its own
 * @throws LabError as `promptsOf` of the ranking bench
 */
export async function findPpoPrompts(
  source: PromptSource,
  { heldOut, share, seed }: { readonly heldOut: number; readonly share: number; readonly seed: number },
  demonstrations: Pick<Demonstrations, 'rows' | 'show'>,
  filesOf: (ids: readonly string[]) => readonly RowFile[],
): Promise<FoundPrompts> {
  if (source.from === 'starter-world') {
    const world = makeWorld(source.world)
    const othersTurn = takeTurns()
    // The same prompt may be drawn again: how often is the share that it has.
    const train: PpoPromptRow[] = []
    for (const prompt of writeRlPrompts(world, source.count)) {
      train.push(ofWorld(prompt))
      await othersTurn()
    }
    return { train, heldOut: heldOutRlPrompts(world, heldOut).map(ofWorld) }
  }
  const { prompts } = await promptsOf(source, seed, demonstrations, filesOf)
  const answers =
    source.from === 'demonstrations'
      ? await demonstrated(source.sets, demonstrations)
      : new Map<string, string[]>()
  const found: FoundPrompts = { train: [], heldOut: [] }
  for (const { key, messages } of prompts) {
    const row = { messages: [...messages], answers: answers.get(key) ?? [], task: null }
    if (!isValidationPrompt(key, share)) found.train.push(row)
    else if (found.heldOut.length < heldOut) found.heldOut.push(row)
  }
  return found
}

const ofWorld = ({ kind, task }: RlPrompt): PpoPromptRow => ({
  messages: [{ role: 'user', content: task.prompt }],
  answers: [...task.answers],
  task: { kind, useCase: task.useCase },
})

/** Of every last question, the answers that demonstrations give. */
async function demonstrated(
  sets: readonly string[],
  demonstrations: Pick<Demonstrations, 'rows'>,
): Promise<Map<string, string[]>> {
  const othersTurn = takeTurns()
  const answers = new Map<string, string[]>()
  for (const id of new Set(sets))
    for (const { messages } of demonstrations.rows(id)) {
      const end = messages.findLastIndex(({ role }) => role === 'user') + 1
      const answer = messages[end]?.content
      const key = promptKey(messages.slice(0, end))
      if (answer !== undefined) answers.set(key, [...new Set([...(answers.get(key) ?? []), answer])])
      await othersTurn()
    }
  return answers
}

/** Room that a prompt must leave in the context, in tokens. */
export const LEAST_ANSWER = 4

export interface EncodedPrompt {
  readonly row: PpoPromptRow
  readonly tokens: Int32Array<ArrayBuffer>
}

/** The rows that leave room for an answer, with the assistant's turn opened; and how many do not. */
export async function encodePrompts(
  rows: readonly PpoPromptRow[] | AsyncIterable<PpoPromptRow>,
  tokenizer: Tokenizer,
  contextLength: number,
): Promise<{ prompts: EncodedPrompt[]; refused: number }> {
  const othersTurn = takeTurns()
  const prompts: EncodedPrompt[] = []
  let refused = 0
  for await (const row of rows) {
    const { tokens } = renderChat(tokenizer, row.messages, { addGenerationPrompt: true })
    if (tokens.length + LEAST_ANSWER > contextLength) refused++
    else prompts.push({ row, tokens: Int32Array.from(tokens) })
    await othersTurn()
  }
  return { prompts, refused }
}
