// JSON lines: a row is a document, {"text": …} or a bare string.
import { detectEncoding, type Encoding, utf8Bytes } from '../encoding.ts'
import { type Line, LineSplitter, lineFault } from '../lines.ts'
import { type Format, preview, type RejectedRow, type TextPiece } from './format.ts'
import { rowText } from './row-text.ts'

function readRow(line: Line, encoding: Encoding, joined: (fields: string) => void): TextPiece | RejectedRow {
  const reject = (rejected: string): RejectedRow => ({
    rejected,
    line: line.number,
    preview: preview(line.bytes),
  })
  const fault = lineFault(line, encoding)
  if (fault) return reject(fault)
  let row: unknown
  try {
    row = JSON.parse(line.bytes.toString('utf8'))
  } catch (error) {
    // A SyntaxError, or a RangeError for rows nested too deep.
    return reject(`not JSON: ${(error as Error).message}`)
  }
  const found = rowText(row)
  if ('rejected' in found) return reject(found.rejected)
  if (found.joined) joined(found.joined)
  return { text: found.text, line: line.number, continues: false }
}

const isBlank = (bytes: Buffer): boolean =>
  bytes.length === 0 || (bytes.length < 1000 && /^\s*$/.test(bytes.toString('latin1')))

export const jsonl: Format = {
  name: 'JSON lines',
  extensions: ['.jsonl', '.ndjson'],
  compressible: true,
  hasRows: true,
  countsLines: false,
  async *read(source) {
    const detected = await detectEncoding(source, false)
    const joined = new Map<string, number>()
    const splitter = new LineSplitter()
    const rows = function* (lines: Line[]) {
      for (const line of lines)
        if (!isBlank(line.bytes))
          yield readRow(line, detected.encoding, fields => joined.set(fields, (joined.get(fields) ?? 0) + 1))
    }
    for await (const chunk of utf8Bytes(source, detected)) yield* rows(splitter.push(chunk))
    yield* rows(splitter.end())
    for (const [fields, count] of joined)
      source.note(
        `${source.name}: ${count} rows have no "text"; their ${fields} were joined with a line end between`,
      )
  },
}
