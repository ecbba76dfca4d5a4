// A set as a file that other tools read: JSON lines of {"messages": […]}, as TRL and OpenAI take them.
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { writeExport } from '../workspace/export-file.ts'
import type { Workspace } from '../workspace/workspace.ts'

/**
 * @param name of the set; the file is called after it
 * @throws LabError `no-space` and what else the disk refuses; nothing is left then
 */
export async function exportRows(
  workspace: Workspace,
  name: string,
  rows: Iterable<{ messages: readonly ChatMessage[] }>,
): Promise<{ path: string; rows: number }> {
  let count = 0
  function* lines() {
    for (const { messages } of rows) {
      count++
      yield `${JSON.stringify({ messages })}\n`
    }
  }
  const { path } = await writeExport(workspace, name, 'jsonl', lines())
  return { path, rows: count }
}
