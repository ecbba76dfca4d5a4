// A terminal session on a lab of its own, for commands that compute nothing.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openLab } from '../../../src-main/core/lab.ts'
import { Progress } from '../../../src-main/terminal/progress.ts'
import { Session } from '../../../src-main/terminal/session.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'

/** @param root a folder with a workspace in it; by default a new one */
export async function openSession(root = temporaryFolder()) {
  const engineHost = {
    name: 'none',
    start: () => Promise.reject(new Error('nothing is to be computed')),
    stop: async () => {},
  }
  const lab = await openLab({ path: join(root, 'workspace'), host: 'terminal', engineHost })
  const silent = { write: () => true }
  const progress = new Progress(silent)
  const session = new Session({ lab, engineHost, json: true, progress, stdout: silent })
  onTestFinished(() => session.close())
  /** @returns where it is */
  function file(name: string, content: string): string {
    const path = join(root, name)
    writeFileSync(path, content)
    return path
  }
  return { root, session, file }
}
export type OpenSession = Awaited<ReturnType<typeof openSession>>
