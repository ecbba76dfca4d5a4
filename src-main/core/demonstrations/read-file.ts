// A file from its bytes to demonstrations: rows of any shape, the shape that most of the first ones have, and what
// becomes of each.
import type { ChatMessage, ColumnMapping } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { type ImportSource, preview, Refused, type RejectedRow } from '../corpora/formats/format.ts'
import { checkedConversation } from './conversation.ts'
import { type DemonstrationFormat, type Found, isObject, kindOf, shortName } from './formats/format.ts'
import { type Detected, detectFormat } from './formats.ts'
import { inItsPlace, type RawRow, type RowReader } from './readers/reader.ts'
import type { RowLabels } from './row-labels.ts'

/** Rows that the format is detected from: the first, as far as they fit in memory with ease. */
const SAMPLE_ROWS = 100
const SAMPLE_BYTES = 8 << 20

export interface FoundDemonstration extends RowLabels {
  readonly line: number
  readonly messages: ChatMessage[]
}
export type FileRow = FoundDemonstration | RejectedRow

export interface ReadFile extends Detected {
  /** From the first row on. @throws Refused when the rest of the file cannot be used */
  readonly rows: AsyncGenerator<FileRow>
}

/**
 * Reads the beginning of a file and decides how the whole is read.
 * @param mapping the person's, for rows of any shape
 * @throws LabError `bad-input` when the mapping names a column that is not there; Refused for a file that is not read
 */
export async function readFile(
  source: ImportSource,
  reader: RowReader,
  mapping?: ColumnMapping,
): Promise<ReadFile> {
  const raw = reader.read(source)[Symbol.asyncIterator]()
  const first: (RawRow | RejectedRow)[] = []
  let bytes = 0
  let sampled = 0
  let ending: unknown = null
  let isDone = false
  try {
    while (sampled < SAMPLE_ROWS && bytes < SAMPLE_BYTES && first.length < 10 * SAMPLE_ROWS) {
      const next = await raw.next()
      if (next.done) {
        isDone = true
        break
      }
      first.push(next.value)
      if ('rejected' in next.value) continue
      sampled++
      bytes += next.value.bytes
    }
  } catch (error) {
    // The rows before the damage are good.
    ending = error
  }
  const sample = first.flatMap(row => ('rejected' in row ? [] : [row.value]))
  const detected = detectFormat(sample, mapping)
  if (mapping && sample.length > 0) refuseMissingColumns(source.name, mapping, detected.columns)
  const rows = async function* (): AsyncGenerator<FileRow> {
    try {
      if (isDone && first.length === 0) throw new Refused('there are no rows in it')
      if (detected.format === null && sample.length > 0) throw unknownFormat(detected.columns)
      for (const row of first) yield fileRow(row, detected)
      first.length = 0
      if (ending !== null) throw ending
      if (isDone) return
      for (let next = await raw.next(); !next.done; next = await raw.next())
        yield fileRow(next.value, detected)
    } finally {
      await raw.return?.()
    }
  }
  return { ...detected, rows: rows() }
}

function fileRow(row: RawRow | RejectedRow, { format, readLabels }: Detected): FileRow {
  if ('rejected' in row) return row
  const { value, line } = row
  const found = readRow(value, format)
  const checked = 'rejected' in found ? found : checkedConversation(found.messages)
  return 'rejected' in checked
    ? { rejected: inItsPlace(row, checked.rejected), line, preview: valuePreview(value) }
    : { line, messages: checked.messages, ...readLabels(value) }
}

function readRow(value: unknown, format: DemonstrationFormat | null): Found {
  if (format === null) return { rejected: 'it is not known which of its fields hold prompt and response' }
  // A bare list of messages is a row too.
  if (isObject(value) || format.recognises(value)) return format.read(value)
  return { rejected: `this is ${kindOf(value)}, not an object` }
}

/** Rows may be megabytes long and hold what JSON cannot say. */
function valuePreview(value: unknown): string {
  const shown = (_: string, inner: unknown) =>
    typeof inner === 'bigint' ? Number(inner) : typeof inner === 'string' ? inner.slice(0, 200) : inner
  try {
    return preview(JSON.stringify(value, shown) ?? String(value))
  } catch (error) {
    // What is read at any depth cannot be written at any depth.
    if (error instanceof RangeError) return '(nested too deep to be shown)'
    throw error
  }
}

function refuseMissingColumns(file: string, mapping: ColumnMapping, columns: readonly string[]): void {
  for (const [part, column] of Object.entries(mapping))
    if (column !== null && !columns.includes(column))
      throw new LabError({
        code: 'bad-input',
        what: `there is no column "${shortName(column)}" for the ${part === 'useCase' ? 'use case' : part}`,
        where: file,
        expected: columns.length === 0 ? 'rows with columns' : `one of ${listed(columns)}`,
        fix: 'choose another column',
      })
}

/** Why nothing can be taken from a file whose format is not known. */
const unknownFormat = (columns: readonly string[]): Refused =>
  new Refused(
    columns.length === 0
      ? 'its rows are no objects with a prompt and a response'
      : `which of its columns hold prompt and response is not known: they are ${listed(columns)}`,
  )

/** The first names; they come from files. */
const listed = (columns: readonly string[]): string =>
  [
    ...columns.slice(0, 12).map(name => JSON.stringify(shortName(name))),
    ...(columns.length > 12 ? [`${columns.length - 12} more`] : []),
  ].join(', ')
