// Files of an import, one after another: what is in them, what of it cannot be used and why, and how far it has come.
import type { Rejection } from '../../../src-shared/contract/shapes.ts'
import type { Compression } from '../corpora/byte-source.ts'
import type { ImportSource, RejectedRow } from '../corpora/formats/format.ts'
import { fileFault, fileSource, type RowFile } from './file-source.ts'
import type { RowReader } from './readers/reader.ts'
import { notReadable, readerOf } from './readers.ts'

/** What an import found besides its rows. */
export interface ReadFiles {
  rejected: number
  /** The first of them. */
  rejections: Rejection[]
  files: { file: string; format: string }[]
  notes: string[]
}

/** How a file is read. */
export interface OpenedFile<Row> {
  /** In words; null = not recognised. */
  readonly title: string | null
  /** @throws Refused when the rest of the file cannot be used */
  readonly rows: AsyncIterable<Row | RejectedRow>
}

/** ` (gzip)` after a format in words; nothing where a file is not compressed. */
const packedIn = (compression: Compression): string =>
  compression === null ? '' : compression === '.gz' ? ' (gzip)' : ' (Zstandard)'

/** Of an import, listed. */
export const MAX_REJECTIONS = 10_000
const MAX_NOTES = 200

/**
 * Reads files one after another. A row or file that cannot be used is listed as rejected; everything around it is kept.
 * @param onRow takes a row and the index of its file  @param onProgress hears bytes of the files read
 * @param readers by which files are read; absent = those of tables and JSON
 * @throws what `open` throws, other than Refused and what is the file's fault
 */
export async function readInTurn<Of extends RowFile, Row extends object>(
  files: readonly Of[],
  open: (source: ImportSource, reader: RowReader, file: Of) => Promise<OpenedFile<Row>>,
  onRow: (row: Row, file: number) => void,
  onProgress: (bytes: number, file: string) => void,
  readers?: readonly RowReader[],
): Promise<ReadFiles> {
  const result: ReadFiles = { rejected: 0, rejections: [], files: [], notes: [] }
  let before = 0
  for (const [index, file] of files.entries()) {
    const listed = { file: file.name, format: '' }
    result.files.push(listed)
    const reject = (line: number | null, reason: string, preview: string) => {
      result.rejected++
      if (result.rejections.length < MAX_REJECTIONS)
        result.rejections.push({ file: file.name, line, reason, preview })
    }
    let read = 0
    const advance = (bytes: number) => {
      // Formats that estimate, and files that grow while they are read, must not run past the end.
      read = Math.min(file.bytes, read + bytes)
      onProgress(before + read, file.name)
    }
    const note = (sentence: string) => {
      if (result.notes.length < MAX_NOTES) result.notes.push(sentence)
    }
    try {
      const found = readerOf(file.name, readers)
      if (!found) throw notReadable(readers)
      const source = fileSource(file, found.compression, advance, note)
      const { title, rows } = await open(source, found.reader, file)
      listed.format = `${title ?? found.reader.name}${packedIn(found.compression)}`
      for await (const row of rows) {
        if ('rejected' in row) reject(row.line, row.rejected, row.preview)
        else onRow(row, index)
      }
    } catch (error) {
      reject(null, fileFault(error), '')
    }
    before += file.bytes
    onProgress(before, file.name)
  }
  if (result.rejected > result.rejections.length)
    result.notes.push(`only the first ${MAX_REJECTIONS} of ${result.rejected} rejected rows are listed`)
  return result
}
