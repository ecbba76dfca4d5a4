// CSV and TSV: the first row names the columns.
import { detectEncoding, utf8Bytes } from '../../corpora/encoding.ts'
import { csvDialect, type Dialect, parsedRows } from '../../corpora/formats/csv.ts'
import { type ImportSource, preview, Refused, type RejectedRow } from '../../corpora/formats/format.ts'
import { tsvDialect } from '../../corpora/formats/tsv.ts'
import type { RawRow, RowReader } from './reader.ts'

/** What an empty cell takes in memory. */
const CELL_BYTES = 64

async function* readRows(
  source: ImportSource,
  dialectOf: (head: string) => Dialect,
): AsyncGenerator<RawRow | RejectedRow> {
  const detected = await detectEncoding(source)
  let names: readonly string[] | null = null
  for await (const row of parsedRows(utf8Bytes(source, detected), detected.encoding, dialectOf)) {
    if (names === null) {
      if ('rejected' in row)
        throw new Refused(`the first row, which names the columns, cannot be read: ${row.rejected}`)
      names = distinct(row.cells)
    } else if ('rejected' in row) yield row
    else yield namedCells(row, names)
  }
  if (names === null) throw new Refused('it has no row that names the columns')
}

/** `prompt`, `prompt (2)`: of columns with one name, none takes the place of another. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map(name => {
    let own = name
    for (let n = 2; taken.has(own); n++) own = `${name} (${n})`
    taken.add(own)
    return own
  })
}

function namedCells(
  { cells, line }: { cells: string[]; line: number },
  names: readonly string[],
): RawRow | RejectedRow {
  if (cells.length !== names.length)
    return {
      rejected: `${cells.length === 1 ? '1 cell' : `${cells.length} cells`} where the first row names ${names.length} columns`,
      line,
      preview: preview(cells.join(',')),
    }
  const value = Object.fromEntries(names.map((name, i) => [name, cells[i]]))
  return { value, line, bytes: cells.reduce((sum, cell) => sum + cell.length + CELL_BYTES, 0) }
}

export const csv: RowReader = {
  name: 'CSV',
  extensions: ['.csv'],
  compressible: true,
  read: source => readRows(source, csvDialect),
}

export const tsv: RowReader = {
  name: 'TSV',
  extensions: ['.tsv', '.tab'],
  compressible: true,
  read: source => readRows(source, tsvDialect),
}
