// A workspace with sets of demonstrations, as the lab opens it, and files to import.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CoreContext } from '../../../src-main/core/context.ts'
import { Demonstrations } from '../../../src-main/core/demonstrations/demonstrations.ts'
import { demonstrationsHandlers } from '../../../src-main/core/demonstrations/demonstrations-handlers.ts'
import { FileGrants } from '../../../src-main/core/files/file-grants.ts'
import { Jobs } from '../../../src-main/core/jobs/jobs.ts'
import { Tokenizers } from '../../../src-main/core/tokenizers/tokenizers.ts'
import { openWorkspace } from '../../../src-main/core/workspace/workspace.ts'
import {
  type ColumnMapping,
  type DemonstrationImport,
  demonstrationMethods,
} from '../../../src-shared/contract/demonstrations-contract.ts'
import type { JobStatus } from '../../../src-shared/contract/lab-contract.ts'
import type { InputOf, OutputOf } from '../../../src-shared/contract/method.ts'
import { checked } from '../../../src-shared/contract/peer.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'

type Methods = typeof demonstrationMethods

/** @param root where the workspace is, to open one again */
export function openDemonstrations(root = temporaryFolder()) {
  const workspace = openWorkspace(join(root, 'workspace'), 'terminal')
  onTestFinished(() => workspace.close())
  const changes: string[] = []
  const statuses: JobStatus[] = []
  const jobs = new Jobs(status => statuses.push(status))
  const publish: CoreContext['publish'] = (topic, payload) => {
    if (topic === 'changed') changes.push((payload as { what: string }).what)
  }
  const context: CoreContext = { workspace, jobs, publish }
  const tokenizers = new Tokenizers(context)
  const files = new FileGrants(workspace)
  const demonstrations = new Demonstrations(context)
  const handlers = demonstrationsHandlers(context, demonstrations, files, tokenizers)

  /** As a window calls: what goes in and comes out is checked against the contract. */
  async function call<K extends keyof Methods & string>(
    name: K,
    input: InputOf<Methods[K]>,
  ): Promise<OutputOf<Methods[K]>> {
    const handler = handlers[name] as (input: unknown) => unknown
    const answer = await handler(checked(demonstrationMethods[name].input, input, name))
    return checked(demonstrationMethods[name].output, answer, name) as OutputOf<Methods[K]>
  }
  function file(name: string, content: string | Uint8Array): string {
    const path = join(root, 'files', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return files.grant(path)
  }
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
