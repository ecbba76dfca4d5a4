// What the parts of a lab stand on, as the lab opens it, with files to import and handlers to call.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CoreContext } from '../../../src-main/core/context.ts'
import { FileGrants } from '../../../src-main/core/files/file-grants.ts'
import { Jobs } from '../../../src-main/core/jobs/jobs.ts'
import { openWorkspace } from '../../../src-main/core/workspace/workspace.ts'
import type { JobStatus } from '../../../src-shared/contract/lab-contract.ts'
import type { Caller, Handlers, Methods } from '../../../src-shared/contract/method.ts'
import { checked } from '../../../src-shared/contract/peer.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** @param root where the workspace is, to open one again */
export function openContext(root = temporaryFolder()) {
  const workspace = openWorkspace(join(root, 'workspace'), 'terminal')
  onTestFinished(() => workspace.close())
  const changes: string[] = []
  const statuses: JobStatus[] = []
  const jobs = new Jobs(status => statuses.push(status))
  const publish: CoreContext['publish'] = (topic, payload) => {
    if (topic === 'changed') changes.push((payload as { what: string }).what)
  }
  const context: CoreContext = { workspace, jobs, publish }
  const files = new FileGrants(workspace)
  /** @returns the grant of a file with this content */
  function file(name: string, content: string | Uint8Array): string {
    const path = join(root, 'files', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return files.grant(path)
  }
  return { root, workspace, jobs, statuses, changes, context, files, file }
}

/** Calls as a window does: what goes in and comes out is checked against the contract. */
export const windowCaller =
  <T extends Methods>(methods: NoInfer<T>, handlers: Handlers<T>): Caller<T> =>
  async (name, input) => {
    const { input: given, output } = methods[name]!
    return checked(output, await handlers[name](checked(given, input, name)), name)
  }
