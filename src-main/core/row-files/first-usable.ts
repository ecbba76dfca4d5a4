// What a file looks like before it is imported: its first rows as they would become. Reads no more than its beginning.
import { PREVIEWED_ROWS, type Rejection } from '../../../src-shared/contract/shapes.ts'
import type { ImportSource, RejectedRow } from '../corpora/formats/format.ts'
import { fileFault, fileSource, headOf, type RowFile } from './file-source.ts'
import type { OpenedFile } from './files-in-turn.ts'
import type { RowReader } from './readers/reader.ts'
import { notReadable, readerOf } from './readers.ts'

const SHOWN_ROWS = 20
const SHOWN_REJECTIONS = 20
const READ_BYTES = 8 << 20

export interface FirstRows<Row> {
  readonly rows: Row[]
  readonly rejections: Rejection[]
}

/** @throws what `open` throws, other than Refused and what is the file's fault */
export async function firstUsable<Row extends object>(
  file: RowFile,
  open: (source: ImportSource, reader: RowReader) => Promise<OpenedFile<Row>>,
): Promise<FirstRows<Row>> {
  const shown: FirstRows<Row> = { rows: [], rejections: [] }
  const reject = (line: number | null, reason: string, preview: string) => {
    if (shown.rejections.length < SHOWN_REJECTIONS)
      shown.rejections.push({ file: file.name, line, reason, preview })
  }
  const take = (row: Row | RejectedRow) => {
    if ('rejected' in row) reject(row.line, row.rejected, row.preview)
    else if (shown.rows.length < SHOWN_ROWS) shown.rows.push(row)
  }
  let head: ReturnType<typeof headOf> | null = null
  // What stands where the beginning was cut off says nothing about the file: one row is held back.
  let last: Row | RejectedRow | null = null
  try {
    const found = readerOf(file.name)
    if (!found) throw notReadable()
    const source = fileSource(
      file,
      found.compression,
      () => {},
      () => {},
    )
    head = headOf(source, READ_BYTES)
    const { rows } = await open(head, found.reader)
    let read = 0
    for await (const row of rows) {
      if (last) take(last)
      last = row
      if (++read > PREVIEWED_ROWS) break
    }
    if (last && !head.isCut) take(last)
  } catch (error) {
    const reason = fileFault(error)
    if (!head?.isCut) {
      if (last) take(last)
      reject(null, reason, '')
    } else if (shown.rows.length + shown.rejections.length === 0)
      reject(null, `its first ${READ_BYTES >> 20} MiB hold no whole row`, '')
  }
  return shown
}

/** Why nothing of a file can be used, where that is known; null = something can. */
export function problemOf({ rows, rejections: [first] }: FirstRows<unknown>): string | null {
  if (rows.length > 0) return null
  if (!first) return 'there is no row in it'
  return first.line === null ? first.reason : `line ${first.line}: ${first.reason}`
}
