// What turns the bytes of a file into rows of any shape. Adding one = one file in this folder and one row in readers.ts.
import type { ImportSource, RejectedRow } from '../../corpora/formats/format.ts'

export interface RawRow {
  /** As JSON.parse gives it, or a table's row by the names of its columns. */
  readonly value: unknown
  /** Line (or row) of the file at which it starts, from 1. */
  readonly line: number
  /** Place in a list, from 1, of which several may stand on one line. */
  readonly row?: number | undefined
  /** About what it takes in memory. */
  readonly bytes: number
}

/** A reason with the place in a list that a line does not tell: `row 3: not JSON`. */
export const inItsPlace = ({ row }: Pick<RawRow, 'row'>, reason: string): string =>
  row === undefined ? reason : `row ${row.toLocaleString('en-US')}: ${reason}`

export interface RowReader {
  readonly name: string
  readonly extensions: readonly string[]
  /** Whether .gz and .zst of it are read. */
  readonly compressible: boolean
  /** @throws Refused when the file, or the rest of it, cannot be used */
  read(source: ImportSource): AsyncIterable<RawRow | RejectedRow>
}
