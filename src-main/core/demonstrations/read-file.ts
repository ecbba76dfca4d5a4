// A file from its bytes to demonstrations: rows of any shape, the shape that most of the first ones have, and what
// becomes of each.
import type { ChatMessage, ColumnMapping } from '../../../src-shared/contract/demonstrations-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { type ImportSource, Refused, type RejectedRow } from '../corpora/formats/format.ts'
import { beginFile } from '../row-files/first-rows.ts'
import type { RowReader } from '../row-files/readers/reader.ts'
import { usableRows } from '../row-files/usable-rows.ts'
import { checkedConversation, type Reading } from './conversation.ts'
import { type DemonstrationFormat, type Found, isObject, kindOf, shortName } from './formats/format.ts'
import { type Detected, detectFormat } from './formats.ts'
import type { RowLabels } from './row-labels.ts'

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
  const begun = await beginFile(source, reader)
  const { sample } = begun
  const detected = detectFormat(sample, mapping)
  if (mapping && sample.length > 0) refuseMissingColumns(source.name, mapping, detected.columns)
  const rows = async function* (): AsyncGenerator<FileRow> {
    if (detected.format === null && sample.length > 0) {
      await begun.close()
      throw unknownFormat(detected.columns)
    }
    yield* usableRows(begun.rows(), value => readRow(value, detected))
  }
  return { ...detected, rows: rows() }
}

function readRow(
  value: unknown,
  { format, readLabels }: Detected,
): Reading<Omit<FoundDemonstration, 'line'>> {
  const found = messagesOf(value, format)
  const checked = 'rejected' in found ? found : checkedConversation(found.messages)
  return 'rejected' in checked ? checked : { messages: checked.messages, ...readLabels(value) }
}

function messagesOf(value: unknown, format: DemonstrationFormat | null): Found {
  if (format === null) return { rejected: 'it is not known which of its fields hold prompt and response' }
  // A bare list of messages is a row too.
  if (isObject(value) || format.recognises(value)) return format.read(value)
  return { rejected: `this is ${kindOf(value)}, not an object` }
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
