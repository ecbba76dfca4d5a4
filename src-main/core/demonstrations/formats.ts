// The table of shapes that rows of demonstrations have, and which of them a file's rows have. Rows decide, not the
// file's name: the same shapes come as JSON, CSV and Parquet.
import type { ColumnMapping } from '../../../src-shared/contract/demonstrations-contract.ts'
import { alpaca } from './formats/alpaca.ts'
import type { DemonstrationFormat } from './formats/format.ts'
import { messages } from './formats/messages.ts'
import { selfInstruct } from './formats/self-instruct.ts'
import { sharegpt } from './formats/sharegpt.ts'
import { columnsOf, guessMapping, tableFormat } from './formats/table.ts'
import { trlPromptCompletion } from './formats/trl-prompt-completion.ts'
import { labelsOf, type RowLabels } from './row-labels.ts'

/** Where rows fit several, the first is taken. */
export const formats: readonly DemonstrationFormat[] = [
  messages,
  sharegpt,
  trlPromptCompletion,
  selfInstruct,
  alpaca,
]

/** How a file is read. */
export interface Detected {
  /** null = not recognised */
  readonly format: DemonstrationFormat | null
  readonly columns: string[]
  /** The person's, or a guess; null for formats with fixed keys, and where nothing could be guessed. */
  readonly mapping: ColumnMapping | null
  readonly readLabels: (row: unknown) => RowLabels
}

/**
 * The format that most of some rows have.
 * @param sample the first rows of a file  @param mapping the person's, which wins over everything
 */
export function detectFormat(sample: readonly unknown[], mapping?: ColumnMapping): Detected {
  const columns = columnsOf(sample)
  const table = (of: ColumnMapping): Detected => ({
    format: tableFormat(of),
    columns,
    mapping: of,
    readLabels: row => labelsOf(row, of.useCase),
  })
  if (mapping) return table(mapping)
  const share = (format: DemonstrationFormat) => sample.filter(row => format.recognises(row)).length
  const [best, count] = formats
    .map(format => [format, share(format)] as const)
    .reduce((a, b) => (b[1] > a[1] ? b : a))
  const guess = guessMapping(sample)
  if (guess && share(tableFormat(guess)) > count) return table(guess)
  return { format: count > 0 ? best : null, columns, mapping: null, readLabels: row => labelsOf(row, null) }
}
