// The beginning of a file, from which it is told what its rows are, and then all of them from the first one on.
import { type ImportSource, preview, Refused, type RejectedRow } from '../corpora/formats/format.ts'
import type { RawRow, RowReader } from './readers/reader.ts'

/** The first rows, as far as they fit in memory with ease. */
const SAMPLE_ROWS = 100
const SAMPLE_BYTES = 8 << 20

export interface BegunFile {
  /** Values of the first rows that could be read. */
  readonly sample: readonly unknown[]
  /** From the first row on, once. @throws Refused when there are none, or the rest of the file cannot be used */
  rows(): AsyncGenerator<RawRow | RejectedRow>
  /** Lets go of a file whose rows are not read. */
  close(): Promise<void>
}

/** Reads the first rows; what is wrong with them is said by `rows`. */
export async function beginFile(source: ImportSource, reader: RowReader): Promise<BegunFile> {
  const raw = reader.read(source)[Symbol.asyncIterator]()
  const first: (RawRow | RejectedRow)[] = []
  let bytes = 0
  let sampled = 0
  let ending: unknown = null
  let isDone = false
  try {
    while (sampled < SAMPLE_ROWS && bytes < SAMPLE_BYTES && first.length < 10 * SAMPLE_ROWS) {
      const next = await raw.next()
      if (next.done) {
        isDone = true
        break
      }
      first.push(next.value)
      if ('rejected' in next.value) continue
      sampled++
      bytes += next.value.bytes
    }
  } catch (error) {
    // The rows before the damage are good.
    ending = error
  }
  const close = async () => void (await raw.return?.())
  return {
    sample: first.flatMap(row => ('rejected' in row ? [] : [row.value])),
    async *rows() {
      try {
        if (isDone && first.length === 0) throw new Refused('there are no rows in it')
        yield* first
        first.length = 0
        if (ending !== null) throw ending
        if (isDone) return
        for (let next = await raw.next(); !next.done; next = await raw.next()) yield next.value
      } finally {
        await close()
      }
    },
    close,
  }
}

/** The first characters of a row. Rows may be megabytes long and hold what JSON cannot say. */
export function rowPreview(value: unknown): string {
  const shown = (_: string, inner: unknown) =>
    typeof inner === 'bigint' ? Number(inner) : typeof inner === 'string' ? inner.slice(0, 200) : inner
  try {
    return preview(JSON.stringify(value, shown) ?? String(value))
  } catch (error) {
    // What is read at any depth cannot be written at any depth.
    if (error instanceof RangeError) return '(nested too deep to be shown)'
    throw error
  }
}
