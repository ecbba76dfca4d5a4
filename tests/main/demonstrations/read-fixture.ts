// Reads made-up files in this thread, and gives back what a person would find.
import { importFiles, type ReadDemonstrations } from '../../../src-main/core/demonstrations/import-files.ts'
import { previewFile } from '../../../src-main/core/demonstrations/preview.ts'
import type {
  ChatMessage,
  ColumnMapping,
  DemonstrationPreview,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import { onDisk } from '../row-files/made-up-rows.ts'

export interface ReadContent extends ReadDemonstrations {
  rows: { line: number; useCase: string | null; tags: readonly string[]; messages: ChatMessage[] }[]
  /** `role: content`, for short expectations. */
  chats: string[][]
}

/** Imports one file, without a database. */
export async function readContent(
  name: string,
  content: string | Uint8Array,
  mapping?: ColumnMapping,
): Promise<ReadContent> {
  const rows: ReadContent['rows'] = []
  const take = (batch: Parameters<Parameters<typeof importFiles>[1]>[0]) => {
    for (const { file: _, messages, ...row } of batch)
      rows.push({ ...row, messages: JSON.parse(messages) as ChatMessage[] })
  }
  const read = await importFiles([{ ...onDisk(name, content), mapping }], take, () => {})
  const chats = rows.map(({ messages }) => messages.map(({ role, content }) => `${role}: ${content}`))
  return { ...read, rows, chats }
}

export const previewContent = (
  name: string,
  content: string | Uint8Array,
  mapping?: ColumnMapping,
): Promise<DemonstrationPreview> => previewFile(onDisk(name, content), mapping)

/** A column mapping with what matters. */
export const mapping = (of: Partial<ColumnMapping>): ColumnMapping => ({
  prompt: 'prompt',
  response: 'response',
  system: null,
  context: null,
  useCase: null,
  ...of,
})
