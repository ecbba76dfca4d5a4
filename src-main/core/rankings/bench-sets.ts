// A new bench: prompts that a checkpoint can answer, in the database before the first answer is sampled.
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { ParsedInputOf } from '../../../src-shared/contract/method.ts'
import type { PreferenceSet, preferenceMethods } from '../../../src-shared/contract/preferences-contract.ts'
import { renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { CoreContext } from '../context.ts'
import { appendPrompts, type NewPrompt } from '../database/queries/preference-prompts.ts'
import { endImport, insertSet } from '../database/queries/preference-sets.ts'
import { transaction } from '../database/statement.ts'
import { newSet } from '../datasets/row-sets.ts'
import type { Demonstrations } from '../demonstrations/demonstrations.ts'
import { checkpointModel } from '../generation/checkpoint-model.ts'
import { takeTurns } from '../jobs/turns.ts'
import type { RowFile } from '../row-files/file-source.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'
import { promptsOf } from './prompt-sources.ts'

type BenchRequest = ParsedInputOf<(typeof preferenceMethods)['ranking.create']>

export interface BenchParts {
  readonly context: CoreContext
  readonly tokenizers: Pick<Tokenizers, 'get'>
  readonly demonstrations: Demonstrations
  /** Behind the ids that a screen gives. */
  readonly filesOf: (ids: readonly string[]) => readonly RowFile[]
}

/** Characters of a prompt in a note. */
const NAMED = 60

/**
 * Writes a set with its prompts, none of them sampled. Prompts that leave no room in the context for an answer of the
 * length asked for are left out with a note.
 * @returns the set's id
 * @throws LabError `bad-input` when no prompt is left, or the model cannot answer; `not-found`, `damaged`, `no-space`;
 *   nothing is written then
 */
export async function createBench(
  { context, tokenizers, demonstrations, filesOf }: BenchParts,
  { name, checkpoint, prompts: source, responses, sampling, repeatShare }: BenchRequest,
): Promise<string> {
  const { db } = context.workspace
  const { run, tokenizer } = await checkpointModel(context, tokenizers, checkpoint)
  const found = await promptsOf(source, sampling.seed, demonstrations, filesOf)
  if (found.prompts.length === 0) throw noPrompt(found.rejections[0]?.reason)
  const room = run.model.contextLength - sampling.maxTokens
  const { fitting, tooLong, shortest } = await fittingPrompts(tokenizer, found.prompts, room)
  if (fitting.length === 0) throw noRoom(run.model.contextLength, sampling.maxTokens, shortest)
  const set = newSet('prefs', name ?? nameOf(run.name, fitting.length), 'bench')
  const bench: PreferenceSet['bench'] = {
    checkpoint,
    checkpointName: run.name,
    responses,
    sampling,
    repeatShare,
    world: source.from === 'starter-world' ? source.world : null,
  }
  transaction(db, () => {
    insertSet(db, { ...set, bench })
    appendPrompts(db, set.id, 0, fitting)
    endImport(db, set.id, {
      ...found,
      nextNumber: fitting.length,
      files: [...found.files],
      notes: [...found.notes, ...tooLongNote(tooLong)],
    })
  })
  return set.id
}

const nameOf = (run: string, prompts: number): string =>
  `${run.slice(0, 80)}: ${prompts === 1 ? '1 prompt' : `${prompts} prompts`}`

/** @param room for a prompt's tokens */
async function fittingPrompts(
  tokenizer: Tokenizer,
  prompts: readonly NewPrompt[],
  room: number,
): Promise<{ fitting: NewPrompt[]; tooLong: NewPrompt[]; shortest: number }> {
  const othersTurn = takeTurns()
  const fitting: NewPrompt[] = []
  const tooLong: NewPrompt[] = []
  let shortest = Number.POSITIVE_INFINITY
  for (const prompt of prompts) {
    const { length } = renderChat(tokenizer, prompt.messages, { addGenerationPrompt: true }).tokens
    shortest = Math.min(shortest, length)
    ;(length <= room ? fitting : tooLong).push(prompt)
    await othersTurn()
  }
  return { fitting, tooLong, shortest }
}

function tooLongNote(tooLong: readonly NewPrompt[]): string[] {
  const [first] = tooLong
  if (!first) return []
  const left =
    tooLong.length === 1
      ? '1 prompt leaves no room in the context for an answer of this length and was left out'
      : `${tooLong.length} prompts leave no room in the context for answers of this length and were left out`
  return [`${left}: ${tooLong.length === 1 ? '' : 'the first is '}${shown(first.messages)}`]
}

const shown = (messages: readonly ChatMessage[]): string => {
  const text = messages.at(-1)!.content.replace(/\s+/g, ' ')
  return `“${text.length > NAMED ? `${text.slice(0, NAMED).toWellFormed()}…` : text}”`
}

const noPrompt = (reason: string | undefined): LabError =>
  new LabError({
    code: 'bad-input',
    what: reason === undefined ? 'there is no prompt to answer' : `there is no prompt to answer: ${reason}`,
    where: 'prompts',
    expected: 'a prompt a line, or rows with "prompt" or "messages"',
    fix: 'give at least one prompt',
  })

const noRoom = (contextLength: number, maxTokens: number, shortest: number): LabError =>
  new LabError({
    code: 'bad-input',
    what: 'no prompt leaves room in the context for an answer of this length',
    where: 'prompts',
    expected: `prompt and answer within ${contextLength} tokens`,
    got: `a prompt of ${shortest} tokens and an answer of up to ${maxTokens}`,
    fix:
      shortest < contextLength
        ? `let answers have at most ${contextLength - shortest} tokens, or give shorter prompts`
        : 'give shorter prompts, or choose a model with a longer context',
  })
