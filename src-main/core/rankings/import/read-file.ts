// A file from its bytes to comparisons: rows of any shape, the shape that most of the first ones have, and what becomes
// of each.
import { type ImportSource, Refused, type RejectedRow } from '../../corpora/formats/format.ts'
import type { Reading } from '../../demonstrations/conversation.ts'
import { isObject, kindOf, shortName } from '../../demonstrations/formats/format.ts'
import { columnsOf } from '../../demonstrations/formats/table.ts'
import { detectFormat as detectDemonstrations } from '../../demonstrations/formats.ts'
import { beginFile } from '../../row-files/first-rows.ts'
import type { RowReader } from '../../row-files/readers/reader.ts'
import { usableRows } from '../../row-files/usable-rows.ts'
import { checkedComparison } from './comparison.ts'
import type { Comparison, PreferenceFormat } from './formats/format.ts'
import { detectFormat } from './formats.ts'

export interface FoundComparison extends Comparison {
  readonly line: number
}

export interface ReadFile {
  /** null = not recognised */
  readonly format: PreferenceFormat | null
  readonly title: string | null
  /** From the first row on. @throws Refused when the rest of the file cannot be used */
  readonly rows: AsyncGenerator<FoundComparison | RejectedRow>
}

const NAME_CHARACTERS = 120
const SHOWN_COLUMNS = 12

/**
 * Reads the beginning of a file and decides how the whole is read.
 * @param fault why a comparison cannot stand in the set beside what is there; null = it can
 * @throws Refused for a file that is not read
 */
export async function readFile(
  source: ImportSource,
  reader: RowReader,
  fault: (comparison: Comparison) => string | null = () => null,
): Promise<ReadFile> {
  const begun = await beginFile(source, reader)
  const { sample } = begun
  const format = detectFormat(sample)
  const labeler = labelerOf(source.name)
  const rows = async function* (): AsyncGenerator<FoundComparison | RejectedRow> {
    if (format === null && sample.length > 0) {
      await begun.close()
      throw unknownFormat(sample)
    }
    yield* usableRows(begun.rows(), value => readRow(value, format, labeler, fault))
  }
  return { format, title: format?.title ?? null, rows: rows() }
}

function readRow(
  value: unknown,
  format: PreferenceFormat | null,
  labeler: string,
  fault: (comparison: Comparison) => string | null,
): Reading<Comparison> {
  // Only rows that could not be read have no format.
  if (!isObject(value) || format === null) return { rejected: `this is ${kindOf(value)}, not an object` }
  const found = format.read(value, labeler)
  const checked = 'rejected' in found ? found : checkedComparison(found)
  if ('rejected' in checked) return checked
  const standing = fault(checked)
  return standing === null ? checked : { rejected: standing }
}

/** Who is said to have ranked where a file does not say it. */
export const labelerOf = (file: string): string =>
  `file: ${file
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ')
    .toWellFormed()
    .trim()}`
    .slice(0, NAME_CHARACTERS)
    .trim()

/** Why nothing can be taken from a file whose format is not known. */
function unknownFormat(sample: readonly unknown[]): Refused {
  const columns = columnsOf(sample)
  if (columns.length === 0) return new Refused('its rows are no objects with "chosen" and "rejected"')
  const { format } = detectDemonstrations(sample)
  const names = columns.slice(0, SHOWN_COLUMNS).map(name => JSON.stringify(shortName(name)))
  const rest = columns.length > SHOWN_COLUMNS ? ` and ${columns.length - SHOWN_COLUMNS} more` : ''
  return new Refused(
    `its rows have neither "chosen" and "rejected" nor "responses" and "rankings"${
      format ? `; they look like demonstrations (${format.title}), which fine-tuning takes` : ''
    }: they have ${names.join(', ')}${rest}`,
  )
}
