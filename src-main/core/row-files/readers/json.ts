// JSON: one value a line, or one list of them, told apart by the first character and, where lines are lists themselves, by
// the second line. Published data sets have either under either extension.
import { detectEncoding, type Encoding, utf8Bytes } from '../../corpora/encoding.ts'
import { preview, type RejectedRow } from '../../corpora/formats/format.ts'
import { type Line, LineSplitter, lineFault } from '../../corpora/lines.ts'
import { JsonListSplitter, type ListElement } from './json-list.ts'
import { inItsPlace, type RawRow, type RowReader } from './reader.ts'

export const json: RowReader = {
  name: 'JSON',
  extensions: ['.jsonl', '.ndjson', '.json'],
  compressible: true,
  async *read(source) {
    const detected = await detectEncoding(source, false)
    const { encoding } = detected
    let splitter: LineSplitter | JsonListSplitter | null = null
    /** White space before the first character. */
    const waiting: Buffer[] = []
    for await (const chunk of utf8Bytes(source, detected)) {
      if (splitter === null) {
        const start = chunk.findIndex(byte => !isWhite(byte))
        waiting.push(chunk)
        if (start < 0) continue
        splitter = isOneList(chunk, start) ? new JsonListSplitter() : new LineSplitter()
        for (const bytes of waiting) yield* rows(splitter.push(bytes), encoding)
      } else yield* rows(splitter.push(chunk), encoding)
    }
    if (splitter) yield* rows(splitter.end(), encoding)
  },
}

const OPEN_LIST = 0x5b
const LINE_END = 0x0a

/** Whether a list begins here that is the whole file, and not the first of many, each on its line. */
function isOneList(chunk: Buffer, start: number): boolean {
  if (chunk[start] !== OPEN_LIST) return false
  const end = chunk.indexOf(LINE_END, start)
  const next = end < 0 ? undefined : chunk.subarray(end).find(byte => !isWhite(byte))
  if (next !== OPEN_LIST) return true
  // In a list of lists the first line is not whole: its list goes on.
  try {
    JSON.parse(chunk.toString('utf8', start, end))
    return false
  } catch {
    return true
  }
}

const isWhite = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13)

function* rows(lines: readonly (Line | ListElement)[], encoding: Encoding): Generator<RawRow | RejectedRow> {
  for (const line of lines) if (!line.bytes.every(isWhite)) yield readRow(line, encoding)
}

function readRow(line: Line | ListElement, encoding: Encoding): RawRow | RejectedRow {
  const place = { row: 'row' in line ? line.row : undefined }
  const reject = (rejected: string): RejectedRow => ({
    rejected: inItsPlace(place, rejected),
    line: line.number,
    preview: preview(line.bytes),
  })
  const fault = lineFault(line, encoding)
  if (fault) return reject(fault)
  try {
    const value: unknown = JSON.parse(line.bytes.toString('utf8'))
    return { value, line: line.number, ...place, bytes: line.bytes.length }
  } catch (error) {
    // A SyntaxError, or a RangeError for rows nested too deep.
    return reject(`not JSON: ${(error as Error).message}`)
  }
}
