// The table of readers: a file's name only says how its bytes become rows, its rows say what they are.
import type { Compression } from '../corpora/byte-source.ts'
import { Refused } from '../corpora/formats/format.ts'
import { csv, tsv } from './readers/delimited.ts'
import { json } from './readers/json.ts'
import { parquet } from './readers/parquet.ts'
import type { RowReader } from './readers/reader.ts'

export const readers: readonly RowReader[] = [json, csv, tsv, parquet]

/** The reader for a file by its name; null when it is none of `among`. */
export function readerOf(
  name: string,
  among = readers,
): { reader: RowReader; compression: Compression } | null {
  const lower = name.toLowerCase()
  const compression = lower.endsWith('.gz') ? '.gz' : lower.endsWith('.zst') ? '.zst' : null
  const bare = compression ? lower.slice(0, -compression.length) : lower
  const extension = /\.[a-z0-9]+$/.exec(bare)?.[0] ?? ''
  const reader = among.find(({ extensions }) => extensions.includes(extension))
  return reader && (!compression || reader.compressible) ? { reader, compression } : null
}

export const notReadable = (among = readers): Refused =>
  new Refused(
    `not a file that can be read: ${among.flatMap(({ extensions }) => extensions).join(' ')} (text ones also .gz, .zst)`,
  )
