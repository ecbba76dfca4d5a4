// The built command line, spawned as a person runs it, in a folder and a workspace of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect } from 'vitest'

const program = resolve(import.meta.dirname, '../../../out/main/terminal.js')

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** Called where tests are described; gone after them. */
export function openTerminal() {
  if (!existsSync(program)) throw new Error('out/main/terminal.js is missing: run `npm run build` first')
  const folder = mkdtempSync(join(tmpdir(), 'andromeda-terminal-'))
  const workspace = join(folder, 'workspace')
  const running = new Set<ChildProcess>()
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  function start(args: readonly string[], input = '') {
    const child = spawn(process.execPath, [program, ...args, '--workspace', workspace], { cwd: folder })
    running.add(child)
    let out = ''
    let err = ''
    child.stdout.on('data', part => (out += part))
    child.stderr.on('data', part => (err += part))
    child.stdin.end(input)
    const ended = new Promise<Ended>(settle =>
      child.on('close', code => {
        running.delete(child)
        settle({ code, out, err })
      }),
    )
    const says = async (pattern: RegExp) => {
      while (!pattern.test(out + err)) {
        if (child.exitCode !== null) throw new Error(`it ended without saying ${pattern}:\n${out}${err}`)
        await new Promise(settle => setTimeout(settle, 5))
      }
    }
    return { child, ended, says, out: () => out }
  }
  const run = (args: readonly string[], input?: string) => start(args, input).ended
  /** The one JSON object that a command prints; everything else about it is checked too. */
  async function json(args: readonly string[], input?: string) {
    const { code, out, err } = await run([...args, '--json'], input)
    expect(code, err).toBe(0)
    expect(out.split('\n')).toHaveLength(2)
    return JSON.parse(out)
  }
  const file = (name: string, content: string) => writeFileSync(join(folder, name), content)
  return { folder, workspace, start, run, json, file }
}
export type OpenTerminal = ReturnType<typeof openTerminal>

/** Trains a model, Crow, that writes something at once. */
export async function trainCrow({ run, file }: OpenTerminal, contextLength: number): Promise<void> {
  const lines = ['where is the boat? on the beach.', 'who are you? a small crow.']
  file('talk.txt', Array.from({ length: 300 }, (_, i) => lines[i % 2]).join('\n'))
  const model = { nLayer: 1, nHead: 2, nEmbd: 16, contextLength, batchSize: 2, evalBatches: 1, steps: 4 }
  const commands = [
    ['corpus', 'add', 'talk.txt', '--name', 'Talk'],
    ['tokenizer', 'train', '--corpus', 'Talk', '--vocabulary', '280'],
    [
      ...['pretrain', '--backend', 'wasm', '--preset', 'shakespeare-char-cpu', '--name', 'Crow'],
      ...Object.entries({ ...model, sampleTokens: 2, warmupSteps: 1 }).flatMap(([key, value]) => [
        '--set',
        `${key}=${value}`,
      ]),
    ],
  ]
  for (const args of commands) expect(await run(args), args.join(' ')).toMatchObject({ code: 0 })
}
