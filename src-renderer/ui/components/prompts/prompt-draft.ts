// Prompts in the making, wherever a model is to answer some: typed, of demonstrations, from files, or of the starter world.
// Pure: what is wrong with them, and what the core is asked for.
import type { DemonstrationSet } from '../../../../src-shared/contract/demonstrations-contract.ts'
import type { PromptSource } from '../../../../src-shared/contract/preferences-contract.ts'
import { formatCount } from '../../format.ts'

export interface GrantedFile {
  readonly file: string
  readonly name: string
}

export interface PromptDraft {
  readonly from: PromptSource['from']
  /** A prompt a line. */
  readonly text: string
  /** null = all of them. */
  readonly sets: readonly string[] | null
  readonly files: readonly GrantedFile[]
  /** Of demonstrations or of the starter world. */
  readonly count: number | string
  /** Whether labelers put answers of their own beside the model’s, where answers are ranked. */
  readonly constructed: boolean
}

export const newPrompts = (from: PromptDraft['from'], count = 100): PromptDraft => ({
  from,
  text: '',
  sets: null,
  files: [],
  count,
  constructed: true,
})

/** What prompts are judged by that is not in their draft. */
export interface PromptSurroundings {
  readonly demonstrations: readonly DemonstrationSet[]
  /** Of the starter world that the checkpoint was made from; null = other texts. */
  readonly world: number | null
}

/** The prompts that a person typed; empty lines are none. */
export const typedPrompts = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

const MOST_TYPED = 10_000
const LONGEST_PROMPT = 20_000
const MOST_DRAWN = 100_000

/** Sets that prompts are drawn from. */
export const chosenSets = (
  { sets }: Pick<PromptDraft, 'sets'>,
  demonstrations: readonly DemonstrationSet[],
): DemonstrationSet[] =>
  demonstrations.filter(
    set => set.removedAt === null && set.rows > 0 && (sets === null || sets.includes(set.id)),
  )

/** The first thing that keeps the prompts from being used, as a sentence; null = nothing. */
export function promptsProblem(
  draft: PromptDraft,
  { demonstrations, world }: PromptSurroundings,
): string | null {
  const { count } = draft
  if (draft.from === 'text') {
    const prompts = typedPrompts(draft.text)
    if (prompts.length === 0) return 'Write what the model is to be asked, a prompt a line'
    if (prompts.length > MOST_TYPED)
      return `At most ${formatCount(MOST_TYPED)} prompts can be typed; put more into a file`
    const long = prompts.findIndex(prompt => prompt.length > LONGEST_PROMPT)
    if (long !== -1) return `Prompt ${long + 1} is longer than ${formatCount(LONGEST_PROMPT)} characters`
  }
  if (draft.from === 'files' && draft.files.length === 0) return 'Add a file with a prompt a line'
  if (draft.from === 'demonstrations' && chosenSets(draft, demonstrations).length === 0)
    return 'Choose a set of demonstrations'
  if (draft.from === 'starter-world' && world === null)
    return 'This model was not made from the starter world'
  if (draft.from === 'demonstrations' || draft.from === 'starter-world')
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > MOST_DRAWN)
      return `The number of prompts must be a whole number from 1 to ${formatCount(MOST_DRAWN)}`
  return null
}

/** What the core is asked for. The draft has no problem. */
export function promptsOf(draft: PromptDraft, { demonstrations, world }: PromptSurroundings): PromptSource {
  const { from } = draft
  const count = Number(draft.count)
  return from === 'text'
    ? { from, prompts: typedPrompts(draft.text) }
    : from === 'demonstrations'
      ? { from, sets: chosenSets(draft, demonstrations).map(set => set.id), count }
      : from === 'files'
        ? { from, files: draft.files.map(({ file }) => file) }
        : { from, world: world!, count, constructed: draft.constructed }
}

/** Prompts that there will be; null = the core counts them, in files. */
export function promptCount(draft: PromptDraft, demonstrations: readonly DemonstrationSet[]): number | null {
  if (draft.from === 'text') return new Set(typedPrompts(draft.text)).size
  if (draft.from === 'files') return null
  const wanted = Number(draft.count) || 0
  const there = chosenSets(draft, demonstrations).reduce((sum, set) => sum + set.rows, 0)
  return draft.from === 'demonstrations' ? Math.min(wanted, there) : wanted
}
