// Plain text: a row a line, empty ones passed over.
import { detectEncoding, utf8Bytes } from '../../corpora/encoding.ts'
import { preview, type RejectedRow } from '../../corpora/formats/format.ts'
import { LineSplitter, lineFault } from '../../corpora/lines.ts'
import type { RawRow, RowReader } from './reader.ts'

export const textLines: RowReader = {
  name: 'Text',
  extensions: ['.txt', '.text'],
  compressible: true,
  async *read(source) {
    const detected = await detectEncoding(source)
    const splitter = new LineSplitter()
    function* rows(lines: ReturnType<LineSplitter['push']>): Generator<RawRow | RejectedRow> {
      for (const line of lines) {
        const fault = lineFault(line, detected.encoding)
        if (fault) {
          yield { rejected: fault, line: line.number, preview: preview(line.bytes) }
          continue
        }
        const value = line.bytes.toString('utf8')
        if (value.trim() !== '') yield { value, line: line.number, bytes: line.bytes.length }
      }
    }
    for await (const chunk of utf8Bytes(source, detected)) yield* rows(splitter.push(chunk))
    yield* rows(splitter.end())
  },
}
