// Where the prompts of a bench come from: typed, from demonstrations, from files, or of the starter world.
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { PreferenceResponse, PromptSource } from '../../../src-shared/contract/preferences-contract.ts'
import type { Rejection } from '../../../src-shared/contract/shapes.ts'
import { storedTaskOf } from '../../../src-shared/preferences/stored-task.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import { writePreferencePrompts } from '../../../src-shared/starter-world/preferences.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import type { NewPrompt } from '../database/queries/preference-prompts.ts'
import type { Demonstrations } from '../demonstrations/demonstrations.ts'
import { takeTurns } from '../jobs/turns.ts'
import type { RowFile } from '../row-files/file-source.ts'
import { checkedPrompt } from './checked-prompt.ts'
import { readPromptFiles } from './prompt-files.ts'
import { promptKey } from './prompt-key.ts'

export interface FoundPrompts {
  readonly prompts: NewPrompt[]
  /** Prompts that were there before. */
  readonly duplicates: number
  readonly rejected: number
  readonly rejections: readonly Rejection[]
  readonly files: readonly { file: string; format: string; rows: number }[]
  readonly notes: readonly string[]
}

/** More are not taken from files. */
const MAX_PROMPTS = 100_000

const nothingElse = { duplicates: 0, rejected: 0, rejections: [], files: [], notes: [] }

/**
 * The prompts of a source in the order in which they are shown, each once but for those of the starter world, whose
 * labelers write other answers every time.
 * @param seed decides which demonstrations are taken, and their order
 * @param filesOf behind the ids of a source
 * @throws LabError `bad-input` when there is none; `not-found` for sets and files
 */
export async function promptsOf(
  source: PromptSource,
  seed: number,
  demonstrations: Pick<Demonstrations, 'rows' | 'show'>,
  filesOf: (ids: readonly string[]) => readonly RowFile[],
): Promise<FoundPrompts> {
  switch (source.from) {
    case 'text':
      return typed(source.prompts)
    case 'demonstrations':
      return await ofDemonstrations(source.sets, source.count, seed, demonstrations)
    case 'files':
      return await ofFiles(filesOf(source.files))
    case 'starter-world':
      return await ofStarterWorld(source)
  }
}

/** A prompt that waits for its responses. */
const toSample = (
  messages: readonly ChatMessage[],
  more: Partial<Pick<NewPrompt, 'file' | 'line' | 'task' | 'responses'>> = {},
): NewPrompt => ({
  key: promptKey(messages),
  messages,
  responses: [],
  isSampled: false,
  rankings: [],
  task: null,
  file: null,
  line: null,
  ...more,
})

function typed(texts: readonly string[]): FoundPrompts {
  const prompts = texts.flatMap((text, i) => {
    if (text.trim() === '') return []
    const checked = checkedPrompt([{ role: 'user', content: text }])
    if ('rejected' in checked)
      throw new LabError({
        code: 'bad-input',
        what: `prompt ${i + 1} cannot be asked: ${checked.rejected}`,
        where: 'prompts',
        fix: 'change it, or leave it out',
      })
    return [toSample(checked.messages)]
  })
  return { ...nothingElse, ...once(prompts) }
}

function once(prompts: readonly NewPrompt[]): Pick<FoundPrompts, 'prompts' | 'duplicates'> {
  const distinct = [...new Map(prompts.map(prompt => [prompt.key, prompt])).values()]
  return { prompts: distinct, duplicates: prompts.length - distinct.length }
}

/** The last question of each demonstration, with what was said before it. */
async function ofDemonstrations(
  sets: readonly string[],
  count: number,
  seed: number,
  demonstrations: Pick<Demonstrations, 'rows' | 'show'>,
): Promise<FoundPrompts> {
  const othersTurn = takeTurns()
  const found = new Map<string, NewPrompt>()
  for (const id of new Set(sets)) {
    const { name, removedAt } = demonstrations.show(id)
    if (removedAt !== null)
      throw new LabError({ code: 'not-found', what: `the set "${name}" is removed`, fix: 'restore it first' })
    for (const { messages, number } of demonstrations.rows(id)) {
      const end = messages.findLastIndex(({ role }) => role === 'user') + 1
      const prompt = messages.slice(0, end).map(({ role, content }) => ({ role, content }))
      const made = toSample(prompt, { file: name, line: number + 1 })
      if (!found.has(made.key)) found.set(made.key, made)
      await othersTurn()
    }
  }
  const prompts = randomStream(seed, 'ranking/demonstrations')
    .shuffle([...found.values()])
    .slice(0, count)
  const notes =
    prompts.length < count
      ? [`these demonstrations ask ${prompts.length} different questions, fewer than the ${count} wanted`]
      : []
  return { ...nothingElse, prompts, notes }
}

async function ofFiles(files: readonly RowFile[]): Promise<FoundPrompts> {
  const found = new Map<string, NewPrompt>()
  const rows = files.map(() => 0)
  let duplicates = 0
  let leftOut = 0
  const read = await readPromptFiles(files, ({ messages, line }, file) => {
    const made = toSample(messages, { file: files[file]!.name, line })
    if (found.has(made.key)) duplicates++
    else if (found.size >= MAX_PROMPTS) leftOut++
    else {
      found.set(made.key, made)
      rows[file]!++
    }
  })
  return {
    prompts: [...found.values()],
    duplicates,
    rejected: read.rejected,
    rejections: read.rejections,
    files: read.files.map((file, i) => ({ ...file, rows: rows[i]! })),
    notes: [
      ...read.notes,
      ...(leftOut > 0 ? [`only the first ${MAX_PROMPTS} prompts were taken; ${leftOut} were left out`] : []),
    ],
  }
}

async function ofStarterWorld({
  world: seed,
  count,
  constructed,
}: Extract<PromptSource, { from: 'starter-world' }>): Promise<FoundPrompts> {
  const othersTurn = takeTurns()
  const prompts: NewPrompt[] = []
  for (const written of writePreferencePrompts(makeWorld(seed), count)) {
    const candidates = constructed ? written.candidates : []
    const responses = candidates.map(
      (text): PreferenceResponse => ({
        text,
        stopped: true,
        origin: 'labeler',
        copies: 1,
      }),
    )
    const messages: ChatMessage[] = [{ role: 'user', content: written.task.prompt }]
    prompts.push(toSample(messages, { responses, task: storedTaskOf(seed, written) }))
    await othersTurn()
  }
  return { ...nothingElse, prompts }
}
