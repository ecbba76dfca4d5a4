// Prompts from files: text with a prompt a line; rows with `prompt`, a text or a list of messages; conversations, of which
// what is before the last answer is the prompt.
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import type { Reading } from '../demonstrations/conversation.ts'
import { field, kindOf } from '../demonstrations/formats/format.ts'
import { messageList } from '../demonstrations/formats/messages.ts'
import type { RowFile } from '../row-files/file-source.ts'
import { type ReadFiles, readInTurn } from '../row-files/files-in-turn.ts'
import type { RowReader } from '../row-files/readers/reader.ts'
import { textLines } from '../row-files/readers/text-lines.ts'
import { readers } from '../row-files/readers.ts'
import { usableRows } from '../row-files/usable-rows.ts'
import { checkedPrompt } from './checked-prompt.ts'

export interface FilePrompt {
  readonly messages: ChatMessage[]
  readonly line: number
}

const promptReaders: readonly RowReader[] = [textLines, ...readers]

/** What a row of a file asks. */
export function promptOfRow(row: unknown): Reading<{ readonly messages: ChatMessage[] }> {
  if (typeof row === 'string') return checkedPrompt([{ role: 'user', content: row }])
  const prompt = field(row, 'prompt')
  if (typeof prompt === 'string') return checkedPrompt([{ role: 'user', content: prompt }])
  const list = prompt ?? (Array.isArray(row) ? row : field(row, 'messages'))
  if (list === undefined) return { rejected: `this is ${kindOf(row)} with neither "prompt" nor "messages"` }
  const found = messageList(list, prompt === undefined ? '"messages"' : '"prompt"')
  if ('rejected' in found) return found
  const end = found.messages.findLastIndex(({ role }) => role !== 'assistant') + 1
  return checkedPrompt(found.messages.slice(0, end))
}

/** Reads files one after another; what cannot be used is listed as rejected. @param onPrompt takes a prompt and the index of its file */
export const readPromptFiles = (
  files: readonly RowFile[],
  onPrompt: (prompt: FilePrompt, file: number) => void,
): Promise<ReadFiles> =>
  readInTurn<RowFile, FilePrompt>(
    files,
    async (source, reader) => ({ title: reader.name, rows: usableRows(reader.read(source), promptOfRow) }),
    onPrompt,
    () => {},
    promptReaders,
  )
