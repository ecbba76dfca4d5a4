// Files of responses to be scored: rows with `prompt`, a text or a list of messages, and `response`.
import { type Reading, textFault } from '../demonstrations/conversation.ts'
import { field, isObject, kindOf } from '../demonstrations/formats/format.ts'
import { messageList } from '../demonstrations/formats/messages.ts'
import { checkedPrompt } from '../rankings/checked-prompt.ts'
import type { RowFile } from '../row-files/file-source.ts'
import { type ReadFiles, readInTurn } from '../row-files/files-in-turn.ts'
import { usableRows } from '../row-files/usable-rows.ts'
import type { ResponseToScore } from './reward-scores.ts'

export interface FileResponse extends ResponseToScore {
  readonly line: number
}

/** A prompt that is typed with one of its responses, or why they cannot be scored. */
export function typedResponse(prompt: string, text: string): Reading<ResponseToScore> {
  const fault = textFault(prompt)
  return fault === null
    ? answered([{ role: 'user', content: prompt }], text)
    : { rejected: `the prompt ${fault}` }
}

/** What a row of a file says of a response, or why it cannot be scored. */
export function responseOfRow(row: unknown): Reading<ResponseToScore> {
  if (!isObject(row))
    return { rejected: `this is ${kindOf(row)}, not an object with "prompt" and "response"` }
  const prompt = field(row, 'prompt')
  const response = field(row, 'response')
  if (prompt === undefined || prompt === null) return { rejected: 'the prompt is missing' }
  if (response === undefined || response === null) return { rejected: 'the response is missing' }
  if (typeof response !== 'string') return { rejected: `the response is ${kindOf(response)}, not a text` }
  if (typeof prompt === 'string') return typedResponse(prompt, response)
  if (!Array.isArray(prompt))
    return { rejected: `the prompt is ${kindOf(prompt)}, neither a text nor a list of messages` }
  const found = messageList(prompt, 'the prompt')
  return 'rejected' in found ? found : answered(found.messages, response)
}

function answered(given: Parameters<typeof checkedPrompt>[0], text: string): Reading<ResponseToScore> {
  const prompt = checkedPrompt(given)
  if ('rejected' in prompt) return { rejected: `the prompt cannot be answered: ${prompt.rejected}` }
  const fault = textFault(text)
  return fault === null
    ? { messages: prompt.messages, text, stopped: true }
    : { rejected: `the response ${fault}` }
}

/** Reads files one after another; what cannot be scored is listed as rejected. @param onResponse takes one after another */
export const readResponseFiles = (
  files: readonly RowFile[],
  onResponse: (response: FileResponse) => void,
): Promise<ReadFiles> =>
  readInTurn<RowFile, FileResponse>(
    files,
    async (source, reader) => ({ title: reader.name, rows: usableRows(reader.read(source), responseOfRow) }),
    onResponse,
    () => {},
  )
