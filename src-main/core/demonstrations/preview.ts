// What a file looks like before it is imported: its first rows as they would become.
import type {
  ColumnMapping,
  DemonstrationPreview,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import type { RowFile } from '../row-files/file-source.ts'
import { firstUsable, problemOf } from '../row-files/first-usable.ts'
import { type FoundDemonstration, type ReadFile, readFile } from './read-file.ts'

const SHOWN_COLUMNS = 200

/** @throws LabError `bad-input` when the mapping names a column that is not there */
export async function previewFile(file: RowFile, mapping?: ColumnMapping): Promise<DemonstrationPreview> {
  let read: ReadFile | null = null
  const first = await firstUsable<FoundDemonstration>(file, async (source, reader) => {
    read = await readFile(source, reader, mapping)
    return { title: null, rows: read.rows }
  })
  // What a closure assigns, TypeScript does not see.
  const { format = null, columns = [], mapping: used = null } = (read as ReadFile | null) ?? {}
  // Columns that are not mapped yet may still hold something.
  const isUnmapped = format === null && columns.length > 0
  return {
    file: file.name,
    format: format?.name ?? null,
    formatTitle: format?.title ?? 'Not recognised',
    columns: columns.slice(0, SHOWN_COLUMNS),
    mapping: used,
    ...first,
    problem: isUnmapped ? null : problemOf(first),
  }
}
