// A workspace with sets of demonstrations, as the lab opens it, and files to import.
import { Demonstrations } from '../../../src-main/core/demonstrations/demonstrations.ts'
import { demonstrationsHandlers } from '../../../src-main/core/demonstrations/demonstrations-handlers.ts'
import { Tokenizers } from '../../../src-main/core/tokenizers/tokenizers.ts'
import {
  type ColumnMapping,
  type DemonstrationImport,
  demonstrationMethods,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import { openContext, windowCaller } from '../workspace/open-context.ts'

/** @param given where the workspace is, to open one again */
export function openDemonstrations(given?: string) {
  const { root, workspace, jobs, statuses, changes, context, files, file } = openContext(given)
  const tokenizers = new Tokenizers(context)
  const demonstrations = new Demonstrations(context)
  const call = windowCaller(
    demonstrationMethods,
    demonstrationsHandlers(context, demonstrations, files, tokenizers),
  )

  /** Starts an import; `content` by name. */
  async function start(
    contents: Record<string, string | Uint8Array>,
    target: { name?: string; into?: string; mapping?: ColumnMapping } = {},
  ): Promise<string> {
    const { mapping, ...rest } = target
    const given = Object.entries(contents).map(([name, content]) => ({
      file: file(name, content),
      ...(mapping && { mapping }),
    }))
    return (await call('demonstrations.import', { ...rest, files: given })).job
  }
  const importFiles = async (...given: Parameters<typeof start>): Promise<DemonstrationImport> =>
    await jobs.wait<DemonstrationImport>(await start(...given))
  /** All rows of a set, by the last prompt and response. */
  const pairs = (set: string): string[] =>
    [...demonstrations.rows(set)].map(
      ({ messages }) => `${messages.at(-2)!.content} → ${messages.at(-1)!.content}`,
    )
  return {
    root,
    workspace,
    jobs,
    statuses,
    changes,
    tokenizers,
    demonstrations,
    call,
    file,
    start,
    importFiles,
    pairs,
  }
}

/** `count` rows of JSON lines, each different. */
export const manyRows = (count: number, of = 'row'): string =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({ prompt: `${of} ${i}?`, completion: `Answer ${i % 10} of ${of}.` }),
  ).join('\n')

/** A conversation of one turn. */
export const turn = (prompt: string, response: string) => [
  { role: 'user' as const, content: prompt },
  { role: 'assistant' as const, content: response },
]
