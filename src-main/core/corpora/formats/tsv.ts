// TSV: as CSV with tabs. Quotes are quotes only where cells are seen to be wrapped in them: plain TSV has no quoting,
// and text that starts with a quotation mark would swallow the rows after it.
import { type Dialect, readTable } from './csv.ts'
import type { Format } from './format.ts'

export function tsvDialect(head: string): Dialect {
  const isQuoted = /(^|[\t\n])"(?:[^"]|"")*"(?=\t|\r?\n|$)/.test(head)
  return { delimiter: '\t', quote: isQuoted ? '"' : null }
}

export const tsv: Format = {
  name: 'TSV',
  extensions: ['.tsv', '.tab'],
  compressible: true,
  hasRows: true,
  countsLines: false,
  read: source => readTable(source, tsvDialect),
}
