// UI ↔ core: demonstrations, the {prompt, response} pairs of phase 2. A row is a conversation that ends with an answer.
import * as v from 'valibot'
import { useCaseIds } from '../demonstrations/use-cases.ts'
import { count, id, method, name, nothing } from './method.ts'
import { job, ok, page, rejection, tokenPiece } from './shapes.ts'

export const chatMessage = v.object({
  role: v.picklist(['system', 'user', 'assistant']),
  content: v.pipe(v.string(), v.maxLength(200_000)),
  /** Of the assistant's messages: 0 = read, but not trained on; absent = 1. */
  weight: v.optional(v.picklist([0, 1])),
})
export type ChatMessage = v.InferOutput<typeof chatMessage>

/** null = not said. */
export const useCase = v.nullable(v.picklist(useCaseIds))
const tags = v.pipe(v.array(name), v.maxLength(20))
const messages = v.pipe(v.array(chatMessage), v.minLength(1), v.maxLength(200))

export const demonstrationSet = v.object({
  id,
  name: v.string(),
  kind: v.picklist(['imported', 'written', 'starter-world']),
  createdAt: v.string(),
  removedAt: v.nullable(v.string()),
  /** Rows that are there now, removed ones not counted. */
  rows: count,
  duplicates: count,
  rejected: count,
  /** How many rows have each use case; rows without one under `none`. */
  useCases: v.record(v.string(), count),
  /** Every tag in use. */
  tags: v.array(v.string()),
  /** What the import decided, in sentences. */
  notes: v.array(v.string()),
  files: v.array(v.object({ file: v.string(), format: v.string(), rows: count })),
})
export type DemonstrationSet = v.InferOutput<typeof demonstrationSet>

export const demonstrationRow = v.object({
  /** Stays with the row for ever. */
  number: count,
  messages: v.array(chatMessage),
  useCase,
  tags: v.array(v.string()),
  /** Where it came from; null = written by hand. */
  source: v.nullable(v.object({ file: v.string(), line: count })),
  editedAt: v.nullable(v.string()),
})
export type DemonstrationRow = v.InferOutput<typeof demonstrationRow>

/** Which column of a table holds what; `response` and `prompt` are needed. */
export const columnMapping = v.object({
  prompt: v.string(),
  response: v.string(),
  /** Put before the prompt, with an empty line between: Alpaca's `input` goes after, see `context`. */
  system: v.nullable(v.string()),
  /** Put after the prompt, with an empty line between, where it is not empty. */
  context: v.nullable(v.string()),
  useCase: v.nullable(v.string()),
})
export type ColumnMapping = v.InferOutput<typeof columnMapping>

/** What a file looks like before it is imported: its first rows as they would become. */
export const demonstrationPreview = v.object({
  file: v.string(),
  /** `trl-prompt-completion`, `messages`, `sharegpt`, `alpaca`, `table` …; null = not recognised. */
  format: v.nullable(v.string()),
  /** In words: `TRL prompt and completion`. */
  formatTitle: v.string(),
  /** Columns or keys that the first rows have, for the mapping. */
  columns: v.array(v.string()),
  /** The mapping that will be used, where the format needs one: the person's, or a guess; null = formats with fixed keys. */
  mapping: v.nullable(columnMapping),
  rows: v.array(
    v.object({ line: count, messages: v.array(chatMessage), useCase, tags: v.array(v.string()) }),
  ),
  rejections: v.array(rejection),
  /** Why nothing of this file can be used, whatever its columns are said to hold; null = something can, or may. */
  problem: v.nullable(v.string()),
})
export type DemonstrationPreview = v.InferOutput<typeof demonstrationPreview>

/** The result of the job `demonstrations.import`. accepted + rejected + duplicates = rows read. */
export const demonstrationImport = v.object({
  set: id,
  read: count,
  accepted: count,
  rejected: count,
  duplicates: count,
  rejections: v.array(rejection),
})
export type DemonstrationImport = v.InferOutput<typeof demonstrationImport>

/** A conversation as the trainer sees it. */
export const maskXray = v.object({
  /** Special tokens included, in order. */
  pieces: v.array(tokenPiece),
  /** Same length: whether the loss counts this token, as a target. */
  trained: v.array(v.boolean()),
  /** Tokens after these that are not drawn: of a very long row. */
  leftOut: count,
  contextLength: v.nullable(count),
  /** Why the row would be refused; null = it would be trained on. */
  problem: v.nullable(v.string()),
})
export type MaskXray = v.InferOutput<typeof maskXray>

const filter = {
  search: v.optional(v.pipe(v.string(), v.maxLength(1000))),
  /** `none` = rows without a use case. */
  useCase: v.optional(v.picklist([...useCaseIds, 'none'])),
  tag: v.optional(v.string()),
  /** This row alone. */
  number: v.optional(count),
}
const rowNumbers = v.pipe(v.array(count), v.minLength(1), v.maxLength(100_000))

export const demonstrationMethods = {
  'demonstrations.list': method(nothing, v.array(demonstrationSet)),
  'demonstrations.show': method(v.object({ set: id }), demonstrationSet),
  'demonstrations.preview': method(
    v.object({ file: id, mapping: v.optional(columnMapping) }),
    demonstrationPreview,
  ),
  /** Into a new set, or added to `into`. A mapping holds for the file it stands with. */
  'demonstrations.import': method(
    v.object({
      name: v.optional(name),
      into: v.optional(id),
      files: v.pipe(
        v.array(v.object({ file: id, mapping: v.optional(columnMapping) })),
        v.minLength(1),
        v.maxLength(100),
      ),
    }),
    job,
  ),
  /** An empty set, to write in. */
  'demonstrations.create': method(v.object({ name }), v.object({ set: id })),
  'demonstrations.rename': method(v.object({ set: id, name }), ok),
  'demonstrations.remove': method(v.object({ set: id }), ok),
  'demonstrations.restore': method(v.object({ set: id }), ok),
  'demonstrations.rows': method(
    v.object({ set: id, ...filter, ...page }),
    v.object({ total: count, rows: v.array(demonstrationRow) }),
  ),
  'demonstrations.add': method(
    v.object({ set: id, messages, useCase: v.optional(useCase), tags: v.optional(tags) }),
    v.object({ number: count }),
  ),
  /** What is left out stays. */
  'demonstrations.edit': method(
    v.object({
      set: id,
      number: count,
      messages: v.optional(messages),
      useCase: v.optional(useCase),
      tags: v.optional(tags),
    }),
    ok,
  ),
  /** For many rows at once: sets the use case, adds and takes away tags. */
  'demonstrations.tag': method(
    v.object({
      set: id,
      numbers: rowNumbers,
      useCase: v.optional(useCase),
      addTags: v.optional(tags),
      removeTags: v.optional(tags),
    }),
    ok,
  ),
  'demonstrations.removeRows': method(v.object({ set: id, numbers: rowNumbers }), ok),
  'demonstrations.restoreRows': method(v.object({ set: id, numbers: rowNumbers }), ok),
  'demonstrations.rejections': method(
    v.object({ set: id, ...page }),
    v.object({ total: count, rows: v.array(rejection) }),
  ),
  /** As JSON lines of messages (TRL, OpenAI) under exports/, with use cases and tags beside them. */
  'demonstrations.export': method(v.object({ set: id }), v.object({ path: v.string(), rows: count })),
  /** `checkpoint` gives tokenizer and context; `tokenizer` alone knows no context. */
  'demonstrations.xray': method(
    v.object({
      messages: v.pipe(v.array(chatMessage), v.minLength(1), v.maxLength(200)),
      checkpoint: v.optional(id),
      tokenizer: v.optional(id),
    }),
    maskXray,
  ),
  /** The starter world's demonstrations as a set. */
  'demonstrations.fromStarterWorld': method(v.object({ seed: count, rows: v.optional(count) }), job),
} as const
