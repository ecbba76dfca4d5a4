// Parquet: a row is a document; read row group by row group, the text column alone.
import { isUtf8 } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  snappyUncompress,
} from 'hyparquet'
import {
  type Format,
  type ImportSource,
  preview,
  Refused,
  type RejectedRow,
  type TextPiece,
} from './format.ts'
import { joinCells, textColumns } from './row-text.ts'

/** Text of one row group, unpacked: it is in memory at once. */
const MAX_GROUP_BYTES = 128 << 20
const MAX_FOOTER_BYTES = 32 << 20
const SAMPLE_ROWS = 200

/** Stands in for a cell of bytes that are not UTF-8. */
const invalid = Symbol('not UTF-8')

const checked =
  (unpack: (input: Uint8Array, length: number) => Uint8Array) => (input: Uint8Array, length: number) => {
    if (length > MAX_GROUP_BYTES) throw new Error(`a page of ${length} bytes`)
    return unpack(input, length)
  }
export const compressors: Compressors = {
  SNAPPY: checked((input, length) => {
    const output = new Uint8Array(length)
    snappyUncompress(input, output)
    return output
  }),
  GZIP: checked((input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) })),
  ZSTD: checked((input, length) => zstdDecompressSync(input, { maxOutputLength: Math.max(1, length) })),
  BROTLI: checked((input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) })),
}
export const parsers = {
  stringFromBytes: (bytes: Uint8Array) =>
    bytes &&
    (isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') : invalid),
}

async function* readParquet(
  file: AsyncBuffer,
  advance: (bytes: number) => void,
  note: (why: string) => void,
) {
  const metadata = await library('its description', () => readMetadata(file))
  const names = parquetSchema(metadata)
    .children.filter(isText)
    .map(({ element }) => element.name)
  if (names.length === 0) throw new Refused('no column holds text')
  const rows = async (columns: string[], rowStart: number, rowEnd: number) => {
    let found: unknown[][] = []
    await library(`rows ${rowStart + 1} to ${rowEnd}`, () =>
      parquetRead({
        file,
        metadata,
        columns,
        rowStart,
        rowEnd,
        compressors,
        parsers,
        onComplete: all => {
          found = all
        },
      }),
    )
    return found
  }
  refuseLargeGroups(metadata, names.length === 1 ? names : [])
  const isOnlyChoice = names.length === 1 || names.some(name => /^(text|content)$/i.test(name.trim()))
  const sample = isOnlyChoice
    ? []
    : await rows(names, 0, Math.min(SAMPLE_ROWS, Number(metadata.row_groups[0]?.num_rows ?? 0)))
  const choice =
    names.length === 1
      ? { columns: [0], why: `the text is "${names[0]}", the only column of text` }
      : textColumns(names, sample)
  if (!choice) throw new Refused(`no column holds text; the columns are ${names.join(', ')}`)
  note(choice.why)
  const columns = choice.columns.map(column => names[column]!)
  refuseLargeGroups(metadata, columns)
  let row = 0
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows)
    for (const cells of await rows(columns, row, row + count)) yield rowPiece(cells, ++row)
    advance(Number(group.total_compressed_size ?? group.total_byte_size))
  }
}

function rowPiece(cells: readonly unknown[], line: number): TextPiece | RejectedRow {
  const reject = (rejected: string): RejectedRow => ({
    rejected,
    line,
    preview: preview(cells.map(String).join(', ')),
  })
  if (cells.includes(invalid)) return reject('the text is not valid UTF-8')
  const found = joinCells(
    cells,
    cells.map((_, i) => i),
  )
  return 'rejected' in found ? reject(found.rejected) : { text: found.text, line, continues: false }
}

const isText = ({ element, children }: ReturnType<typeof parquetSchema>): boolean =>
  children.length === 0 &&
  element.type === 'BYTE_ARRAY' &&
  element.repetition_type !== 'REPEATED' &&
  (element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING')

/** The footer says itself how long it is: never believe it. */
export async function readMetadata(file: AsyncBuffer): Promise<FileMetaData> {
  const end = Buffer.from(await file.slice(Math.max(0, file.byteLength - 8), file.byteLength))
  if (end.length < 8 || end.toString('latin1', 4) !== 'PAR1') throw new Error('no PAR1 at its end')
  const length = end.readUInt32LE(0)
  if (length > MAX_FOOTER_BYTES || length + 12 > file.byteLength)
    throw new Error(`a footer of ${length} bytes`)
  return await parquetMetadataAsync(file, { initialFetchSize: length + 8, parsers })
}

/** @param columns the top-level ones that will be read  @throws Refused */
export function refuseLargeGroups(metadata: FileMetaData, columns: readonly string[]): void {
  for (const [i, group] of metadata.row_groups.entries()) {
    const bytes = group.columns
      .filter(({ meta_data }) => columns.includes(meta_data?.path_in_schema[0] ?? ''))
      .reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0)
    if (bytes > MAX_GROUP_BYTES)
      throw new Refused(
        `row group ${i + 1} holds ${bytes >> 20} MiB of text, more than ${MAX_GROUP_BYTES >> 20}; write the file again with smaller row groups`,
      )
  }
}

/** Whatever the library throws at a damaged file is the file's fault. */
export async function library<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused(`${what} cannot be read: ${(error as Error).message}`)
  }
}

/** Opens the file for as long as its rows are read. */
export async function* withParquetFile<T>(
  source: ImportSource,
  rows: (file: AsyncBuffer) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const fd = openSync(source.path, 'r')
  const file: AsyncBuffer = {
    byteLength: source.size,
    slice(start, end = source.size) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, source.size) - start))
      for (let at = 0; at < bytes.length; ) {
        const read = readSync(fd, bytes, at, bytes.length - at, start + at)
        if (read === 0) throw new Error(`it ends at byte ${start + at}`)
        at += read
      }
      return bytes.buffer
    },
  }
  try {
    yield* rows(file)
  } finally {
    closeSync(fd)
  }
}

export const parquet: Format = {
  name: 'Parquet',
  extensions: ['.parquet'],
  compressible: false,
  hasRows: true,
  countsLines: false,
  async *read(source) {
    source.encoding = 'UTF-8'
    yield* withParquetFile(source, file =>
      readParquet(file, source.advance, why => source.note(`${source.name}: ${why}`)),
    )
  },
}
