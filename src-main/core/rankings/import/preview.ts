// What a file of comparisons looks like before it is imported: its first rows as they would become.
import type { PreferencePreview } from '../../../../src-shared/contract/preferences-contract.ts'
import type { RowFile } from '../../row-files/file-source.ts'
import { firstUsable, problemOf } from '../../row-files/first-usable.ts'
import type { PreferenceFormat } from './formats/format.ts'
import { type FoundComparison, readFile } from './read-file.ts'

export async function previewFile(file: RowFile): Promise<PreferencePreview> {
  const found: { format: PreferenceFormat | null } = { format: null }
  const first = await firstUsable<FoundComparison>(file, async (source, reader) => {
    const read = await readFile(source, reader)
    found.format = read.format
    return read
  })
  return {
    file: file.name,
    format: found.format?.name ?? null,
    formatTitle: found.format?.title ?? 'Not recognised',
    rows: first.rows.map(({ line, messages, responses, rankings: [ranking] }) => ({
      line,
      messages: [...messages],
      responses: responses.map(({ text }, i) => ({ text, rank: ranking?.ranks[i] ?? null })),
    })),
    rejections: first.rejections,
    problem: problemOf(first),
  }
}
