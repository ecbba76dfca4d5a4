// A set as a file that other tools read: JSON lines of {"messages": […]}, as TRL and OpenAI take them. What the set knows
// beside them stands in columns of its own, which they pass over and an import reads back.
import type {
  DemonstrationRow,
  DemonstrationSet,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import { writeExport } from '../workspace/export-file.ts'
import type { Workspace } from '../workspace/workspace.ts'

/**
 * @param set the file is called after it; `use_case` and `tags` are columns where any of its rows has one
 * @throws LabError `no-space` and what else the disk refuses; nothing is left then
 */
export async function exportRows(
  workspace: Workspace,
  { name, useCases, tags: setTags }: Pick<DemonstrationSet, 'name' | 'useCases' | 'tags'>,
  rows: Iterable<Pick<DemonstrationRow, 'messages' | 'useCase' | 'tags'>>,
): Promise<{ path: string; rows: number }> {
  const hasUseCases = Object.keys(useCases).some(useCase => useCase !== 'none')
  let count = 0
  // Readers of tables take the columns from the first rows: all rows have the same ones.
  function* lines() {
    for (const { messages, useCase, tags } of rows) {
      count++
      const row = {
        messages,
        ...(hasUseCases && { use_case: useCase }),
        ...(setTags.length > 0 && { tags }),
      }
      yield `${JSON.stringify(row)}\n`
    }
  }
  const { path } = await writeExport(workspace, name, 'jsonl', lines())
  return { path, rows: count }
}
