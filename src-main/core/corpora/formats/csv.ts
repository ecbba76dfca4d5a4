// CSV and TSV: a row is a document; the first row names the columns.
import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { type CsvError, type Options, parse } from 'csv-parse'
import { detectEncoding, type Encoding, utf8Bytes } from '../encoding.ts'
import { encodingFault } from '../lines.ts'
import {
  type Format,
  type ImportSource,
  MAX_ROW_BYTES,
  preview,
  Refused,
  type RejectedRow,
  type TextPiece,
} from './format.ts'
import { joinCells, textColumns } from './row-text.ts'

const SAMPLE_ROWS = 200

/** A row as the parser gives it: cells are bytes in a string (latin1), so that no invalid UTF-8 is lost. */
interface Parsed {
  record: string[]
  info: { lines: number }
}
type Row = { cells: string[]; line: number } | RejectedRow

/** What is to be known of a table before its first row is read. */
export interface Dialect {
  readonly delimiter: string
  readonly quote: '"' | null
}

/** @param dialectOf decides from the first bytes of the file */
export async function* readTable(
  source: ImportSource,
  dialectOf: (head: string) => Dialect,
): AsyncGenerator<TextPiece | RejectedRow> {
  const detected = await detectEncoding(source)
  const rows = parsedRows(utf8Bytes(source, detected), detected.encoding, dialectOf)
  let names: string[] | null = null
  let columns: number[] | null = null
  let waiting: Row[] = []
  const choose = () => {
    const sample = waiting.flatMap(row => ('cells' in row ? [row.cells] : []))
    const choice = textColumns(names ?? [], sample)
    if (!choice)
      throw new Refused(
        names
          ? `no column holds text; the columns are ${names
              .slice(0, 8)
              .map(n => JSON.stringify(n))
              .join(', ')}`
          : 'it has no row that names the columns',
      )
    source.note(`${source.name}: ${choice.why}`)
    columns = choice.columns
  }
  let ending: unknown = null
  try {
    for await (const row of rows) {
      if (names === null) {
        if ('rejected' in row)
          throw new Refused(`the first row, which names the columns, cannot be read: ${row.rejected}`)
        names = row.cells
      } else if (columns === null) {
        waiting.push(row)
        if (waiting.length < SAMPLE_ROWS) continue
        choose()
        for (const one of waiting) yield rowPiece(one, names, columns)
        waiting = []
      } else yield rowPiece(row, names, columns)
    }
  } catch (error) {
    if (names === null || columns !== null) throw error
    ending = error // the rows that wait for the choice of columns are good
  }
  if (columns === null) {
    choose()
    for (const one of waiting) yield rowPiece(one, names, columns)
  }
  if (ending !== null) throw ending
}

function rowPiece(
  row: Row,
  names: readonly string[] | null,
  columns: readonly number[] | null,
): TextPiece | RejectedRow {
  if ('rejected' in row) return row
  const reject = (rejected: string): RejectedRow => ({
    rejected,
    line: row.line,
    preview: preview(row.cells.join(',')),
  })
  if (names && row.cells.length !== names.length)
    return reject(`${row.cells.length} cells where the first row names ${names.length} columns`)
  const found = joinCells(row.cells, columns ?? [])
  return 'rejected' in found ? reject(found.rejected) : { text: found.text, line: row.line, continues: false }
}

/** Rows as cells, the first one included; what cannot be read comes in its place. */
export async function* parsedRows(
  chunks: AsyncIterable<Buffer>,
  encoding: Encoding,
  dialectOf: (head: string) => Dialect,
): AsyncGenerator<Row> {
  const iterator = chunks[Symbol.asyncIterator]()
  const first = await iterator.next()
  const head: Buffer = first.done ? Buffer.alloc(0) : first.value
  let tooLongAt = null as { line: number; cell: number } | null
  /** Where the row before the one being parsed ended. */
  let ended = { lines: 0, emptyLines: 0 }
  const skipped: { line: number; reason: string; raw: string }[] = []
  const options: Options = {
    ...dialectOf(head.subarray(0, 1 << 16).toString('latin1')),
    // Bytes 1:1 to characters: delimiters are ASCII, and the cells are decoded and checked by us.
    encoding: 'latin1',
    max_record_size: MAX_ROW_BYTES,
    relax_column_count: true,
    // A stray quote is a character of its cell. Strictly, the parser would swallow the rows after it.
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
    skip_records_with_error: true,
    on_record: (record: string[], { lines, empty_lines: emptyLines }) => {
      ended = { lines, emptyLines }
      return record
    },
    on_skip: (error: CsvError | undefined, raw) => {
      if (tooLongAt !== null) return
      const emptyLines = Number(error?.empty_lines ?? 0)
      const start = { line: ended.lines + emptyLines - ended.emptyLines + 1, cell: Number(error?.column) + 1 }
      if (error?.code === 'CSV_MAX_RECORD_SIZE') {
        tooLongAt = start
        return
      }
      const isUnclosed = error?.code === 'CSV_QUOTE_NOT_CLOSED'
      const line = isUnclosed ? start.line : Number(error?.lines ?? 0)
      const reason = isUnclosed
        ? `a quote that never closes, opened in cell ${start.cell} of the row that starts at line ${line}: everything after it belongs to it`
        : String(error?.message)
      if (skipped.at(-1)?.line !== line) skipped.push({ line, reason, raw: raw ?? '' })
    },
  }
  const whole = async function* () {
    yield head
    // After a row that is too long the parser has lost its place.
    for (let next = await iterator.next(); !next.done && tooLongAt === null; next = await iterator.next())
      yield next.value
  }
  const parser = Readable.from(whole(), { objectMode: false }).compose(
    parse(options),
  ) as AsyncIterable<Parsed>
  // The parser runs ahead of us: what it skipped comes in its place among the rows.
  const skippedBefore = function* (line: number): Generator<RejectedRow> {
    while (skipped[0] && skipped[0].line < line) {
      const { reason, raw, ...at } = skipped.shift()!
      yield { rejected: reason, line: at.line, preview: preview(raw) }
    }
  }
  for await (const { record, info } of parser) {
    const row = decodedRow(record, info.lines, encoding)
    yield* skippedBefore(row.line ?? 0)
    yield row
  }
  yield* skippedBefore(Number.POSITIVE_INFINITY)
  if (tooLongAt !== null)
    throw new Refused(
      `the row that starts at line ${tooLongAt.line} is longer than ${MAX_ROW_BYTES >> 20} MiB, most likely for a quote in cell ${tooLongAt.cell} that never closes; the rows before it were kept`,
    )
}

/** @param lastLine the line that the row ends on */
function decodedRow(record: readonly string[], lastLine: number, encoding: Encoding): Row {
  let line = lastLine
  const cells: string[] = []
  let fault: string | null = null
  for (const cell of record) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) line--
    const bytes = Buffer.from(cell, 'latin1')
    if (!isUtf8(bytes)) fault ??= encodingFault(bytes, encoding, `of cell ${cells.length + 1}`)
    else if (cell.includes('\0')) fault ??= `a NUL in cell ${cells.length + 1}`
    cells.push(bytes.toString('utf8'))
  }
  return fault ? { rejected: fault, line, preview: preview(cells.join(',')) } : { cells, line }
}

/** The delimiter that the first row uses most, outside of quotes. */
export function csvDialect(head: string): Dialect {
  const firstRow = head.replace(/"[^"]*"/g, '').split('\n', 1)[0]!
  const counts = [',', ';', '\t', '|'].map(delimiter => ({
    delimiter,
    count: firstRow.split(delimiter).length - 1,
  }))
  const most = counts.reduce((a, b) => (b.count > a.count ? b : a))
  return { delimiter: most.count > 0 ? most.delimiter : ',', quote: '"' }
}

export const csv: Format = {
  name: 'CSV',
  extensions: ['.csv'],
  compressible: true,
  hasRows: true,
  countsLines: false,
  read: source => readTable(source, csvDialect),
}
