// What a file looks like before it is imported: its first rows as they would become. Reads no more than its beginning.
import type {
  ColumnMapping,
  DemonstrationPreview,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import { Refused } from '../corpora/formats/format.ts'
import { type DemonstrationFile, fileFault, fileSource, headOf } from './file-source.ts'
import { type FileRow, readFile } from './read-file.ts'
import { readableExtensions, readerOf } from './readers.ts'

const SHOWN_ROWS = 20
const SHOWN_REJECTIONS = 20
const SHOWN_COLUMNS = 200
/** Rows that are looked at, so that the first bad ones among them are seen. */
const READ_ROWS = 500
const READ_BYTES = 8 << 20

/** @throws LabError `bad-input` when the mapping names a column that is not there */
export async function previewFile(
  file: DemonstrationFile,
  mapping?: ColumnMapping,
): Promise<DemonstrationPreview> {
  const shown: DemonstrationPreview = {
    file: file.name,
    format: null,
    formatTitle: 'Not recognised',
    columns: [],
    mapping: null,
    rows: [],
    rejections: [],
    problem: null,
  }
  const reject = (line: number | null, reason: string, preview: string) => {
    if (shown.rejections.length < SHOWN_REJECTIONS)
      shown.rejections.push({ file: file.name, line, reason, preview })
  }
  const take = (row: FileRow) => {
    if ('rejected' in row) reject(row.line, row.rejected, row.preview)
    else if (shown.rows.length < SHOWN_ROWS) shown.rows.push(row)
  }
  let head: ReturnType<typeof headOf> | null = null
  // What stands where the beginning was cut off says nothing about the file: one row is held back.
  let last: FileRow | null = null
  try {
    const found = readerOf(file.name)
    if (!found) throw notReadable()
    head = headOf(
      fileSource(
        file,
        found.compression,
        () => {},
        () => {},
      ),
      READ_BYTES,
    )
    const { format, columns, mapping: used, rows } = await readFile(head, found.reader, mapping)
    shown.columns = columns.slice(0, SHOWN_COLUMNS)
    shown.mapping = used
    if (format) {
      shown.format = format.name
      shown.formatTitle = format.title
    }
    let read = 0
    for await (const row of rows) {
      if (last) take(last)
      last = row
      if (++read > READ_ROWS) break
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
  shown.problem = problemOf(shown)
  return shown
}

/** Columns that are not mapped yet may still hold something; else the first rejection says what is wrong. */
function problemOf({ format, columns, rows, rejections }: DemonstrationPreview): string | null {
  if (rows.length > 0 || (format === null && columns.length > 0)) return null
  const [first] = rejections
  if (!first) return 'there is no row in it'
  return first.line === null ? first.reason : `line ${first.line}: ${first.reason}`
}

export const notReadable = (): Refused =>
  new Refused(`not a file that can be read: ${readableExtensions} (text ones also .gz, .zst)`)
