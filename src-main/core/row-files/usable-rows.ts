// Rows of a file as what they mean, each with its line; what means nothing is rejected where it stands.
import type { RejectedRow } from '../corpora/formats/format.ts'
import { rowPreview } from './first-rows.ts'
import { inItsPlace, type RawRow } from './readers/reader.ts'

/** @param read what a row means, or why it cannot be used */
export async function* usableRows<Row extends object>(
  rows: AsyncIterable<RawRow | RejectedRow>,
  read: (value: unknown) => Row | { readonly rejected: string },
): AsyncGenerator<(Row & { readonly line: number }) | RejectedRow> {
  for await (const row of rows) {
    if ('rejected' in row) {
      yield row
      continue
    }
    const { line, value } = row
    const found = read(value)
    yield 'rejected' in found
      ? { rejected: inItsPlace(row, found.rejected), line, preview: rowPreview(value) }
      : { ...found, line }
  }
}
