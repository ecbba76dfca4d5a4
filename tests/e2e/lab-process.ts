// The built lab as a process of its own, as `andromeda serve` starts it, with an empty workspace in a temporary folder.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../out/main/terminal.js', import.meta.url))

export type Backend = 'webgpu' | 'wasm'

export interface LabProcess {
  /** With the token that lets a page in. */
  readonly url: string
  readonly workspace: string
  /** As a power cut would, then a new start on what lies in the workspace; `url` is another one. */
  killAndStartAgain(): Promise<void>
  /** Ends it as Ctrl+C does and takes its workspace away. @throws Error when it did not end well */
  stop(): Promise<void>
}

/**
 * @param backend what the engine in the page computes with
 * @param kept a workspace that is there already, and stays
 */
export async function startLab(backend: Backend, kept?: string): Promise<LabProcess> {
  const workspace = kept ?? mkdtempSync(join(tmpdir(), 'andromeda-e2e-'))
  let serving = await serve(workspace, backend)
  return {
    get url() {
      return serving.url
    },
    workspace,
    async killAndStartAgain() {
      await ended(serving.child, 'SIGKILL')
      serving = await serve(workspace, backend)
    },
    async stop() {
      const code = await ended(serving.child, 'SIGINT')
      if (!kept) rmSync(workspace, { recursive: true, force: true })
      if (code !== 0) throw new Error(`the lab ended with ${code}: ${serving.said()}`)
    },
  }
}

interface Serving {
  readonly child: ChildProcess
  readonly url: string
  /** Everything on stderr so far. */
  said(): string
}

async function serve(workspace: string, backend: Backend): Promise<Serving> {
  const child = spawn(
    process.execPath,
    [program, 'serve', '--json', '--backend', backend, '--workspace', workspace],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let stderr = ''
  child.stderr.on('data', text => {
    stderr += text
  })
  const said = () => stderr
  for await (const line of createInterface(child.stdout)) return { child, url: JSON.parse(line).url, said }
  throw new Error(`the lab did not start: ${stderr}`)
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal)
    await once(child, 'exit')
  }
  return child.exitCode ?? child.signalCode
}
