// Parquet: the columns with text in them, lists of messages included, row group by row group.
import { type FileMetaData, parquetReadObjects, parquetSchema } from 'hyparquet'
import { Refused, type RejectedRow } from '../../corpora/formats/format.ts'
import {
  compressors,
  library,
  parsers,
  readMetadata,
  refuseLargeGroups,
  withParquetFile,
} from '../../corpora/formats/parquet.ts'
import type { RawRow, RowReader } from './reader.ts'

type Column = ReturnType<typeof parquetSchema>

export const parquet: RowReader = {
  name: 'Parquet',
  extensions: ['.parquet'],
  compressible: false,
  async *read(source): AsyncGenerator<RawRow | RejectedRow> {
    source.encoding = 'UTF-8'
    yield* withParquetFile(source, async function* (file) {
      const metadata = await library('its description', () => readMetadata(file))
      const columns = readableColumns(metadata)
      if (columns.length === 0) throw new Refused('no column holds text')
      refuseLargeGroups(metadata, columns)
      let rowStart = 0
      for (const group of metadata.row_groups) {
        const rowEnd = rowStart + Number(group.num_rows)
        const found = await library(`rows ${rowStart + 1} to ${rowEnd}`, () =>
          parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors, parsers }),
        )
        const bytes = Number(group.total_byte_size) / Math.max(1, found.length)
        for (const [i, value] of found.entries()) yield { value, line: rowStart + i + 1, bytes }
        rowStart = rowEnd
        source.advance(Number(group.total_compressed_size ?? group.total_byte_size))
      }
    })
  },
}

/** Columns with text at any depth, and the one yes-or-no that means something here. */
function readableColumns(metadata: FileMetaData): string[] {
  const holdsText = ({ element, children }: Column): boolean =>
    children.length > 0
      ? children.some(holdsText)
      : element.type === 'BYTE_ARRAY' &&
        (element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING')
  return parquetSchema(metadata)
    .children.filter(column => holdsText(column) || column.element.name === 'is_classification')
    .map(({ element }) => element.name)
}
