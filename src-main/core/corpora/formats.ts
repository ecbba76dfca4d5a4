// The table of file formats that an import reads.
import type { Compression } from './byte-source.ts'
import { csv } from './formats/csv.ts'
import { epub } from './formats/epub.ts'
import type { Format } from './formats/format.ts'
import { html } from './formats/html.ts'
import { jsonl } from './formats/jsonl.ts'
import { md } from './formats/md.ts'
import { parquet } from './formats/parquet.ts'
import { pdf } from './formats/pdf.ts'
import { tsv } from './formats/tsv.ts'
import { txt } from './formats/txt.ts'

export const formats: readonly Format[] = [txt, md, html, epub, pdf, jsonl, csv, tsv, parquet]

/** `.txt .md …`, as a person is told. */
export const readableExtensions = formats.flatMap(format => format.extensions).join(' ')

/** The format for a file by its name; null when it is none of ours. */
export function formatOf(name: string): { format: Format; compression: Compression } | null {
  const lower = name.toLowerCase()
  const compression = lower.endsWith('.gz') ? '.gz' : lower.endsWith('.zst') ? '.zst' : null
  const bare = compression ? lower.slice(0, -compression.length) : lower
  const extension = /\.[a-z0-9]+$/.exec(bare)?.[0] ?? ''
  const format = formats.find(one => one.extensions.includes(extension))
  if (!format || (compression && !format.compressible)) return null
  return { format, compression }
}
