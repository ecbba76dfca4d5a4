// The command `rank` with a model: answers sampled, cut off and gone on with, and ranked through a pipe.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const terminal = resolve(import.meta.dirname, '../../../out/main/terminal.js')
const windows = process.platform === 'win32'

describe('andromeda rank', () => {
  let folder: string
  const running = new Set<ChildProcess>()
  beforeAll(async () => {
    if (!existsSync(terminal)) throw new Error('out/main/terminal.js is missing: run `npm run build` first')
    folder = mkdtempSync(join(tmpdir(), 'andromeda-rank-command-'))
    const lines = ['where is the boat? on the beach.', 'who are you? a small crow.']
    writeFileSync(join(folder, 'talk.txt'), Array.from({ length: 300 }, (_, i) => lines[i % 2]).join('\n'))
    const model = {
      nLayer: 1,
      nHead: 2,
      nEmbd: 16,
      contextLength: 72,
      batchSize: 2,
      evalBatches: 1,
      steps: 4,
    }
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
  }, 120_000)
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  function start(args: readonly string[], input = '') {
    const child = spawn(process.execPath, [terminal, ...args, '--workspace', join(folder, 'workspace')], {
      cwd: folder,
    })
    running.add(child)
    let out = ''
    let err = ''
    child.stdout.on('data', part => (out += part))
    child.stderr.on('data', part => (err += part))
    child.stdin.end(input)
    const ended = new Promise<{ code: number | null; out: string; err: string }>(settle =>
      child.on('close', code => {
        running.delete(child)
        settle({ code, out, err })
      }),
    )
    return { child, ended, err: () => err }
  }
  const run = (args: readonly string[], input?: string) => start(args, input).ended
  const json = async (args: readonly string[], input?: string) => {
    const { code, out, err } = await run([...args, '--json'], input)
    expect(code, err).toBe(0)
    return JSON.parse(out)
  }
  const create = ['rank', 'create', '--backend', 'wasm', '--responses', '3', '--max-tokens', '9']
  const answers = async (set: string) => {
    const { path } = await json(['rank', 'export', set])
    return readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).responses)
  }

  it('samples answers, the same for the same seed, and ranks them in sittings', async () => {
    writeFileSync(join(folder, 'prompts.txt'), 'who are you?\nwhere is the boat?\nwho is small?\n')
    const made = await json([...create, '--prompts', 'prompts.txt', '--name', 'Bench', '--seed', '5'])
    expect(made).toMatchObject({ name: 'Bench', prompts: 3, sampled: 3, alike: 0 })
    const again = [...create, '--prompts', 'prompts.txt', '--name', 'Again', '--seed', '5']
    const text = await run(again)
    expect(text.out).toMatch(/^Rank 3 prompts with: andromeda rank start prefs-/m)
    expect(await answers('Again')).toEqual(await answers('Bench'))

    const first = await run(['rank', 'start', 'Bench', '--labeler', 'Ann'], '213\ns')
    expect(first).toMatchObject({ code: 0 })
    expect(first.err).toContain('User: who are you?')
    expect(first.err).toContain('2 > 1 > 3')
    expect(first.out).toMatch(
      /^Ranked 1, skipped 1, all bad 0\.\n\d of \d are left: go on with andromeda rank start/,
    )
    const second = await json(['rank', 'start', 'Bench', '--labeler', 'Ann'], 'u12\n1=23\nq')
    expect(second).toMatchObject({ labeler: 'Ann', ranked: 2, undone: 1 })
    const shown = await json(['rank', 'show', 'Bench'])
    expect(shown).toMatchObject({ ranked: 3, skipped: 0, labelers: [{ labeler: 'Ann' }] })
    expect(shown.pairs).toBe(3 + 3 + 2)
    const others = await json(['rank', 'start', 'Bench'], '')
    expect(others).toMatchObject({ labeler: 'me', ranked: 0, done: 0 })
  })

  it.skipIf(windows)(
    'keeps what is sampled when it is cut off, and goes on with the same bits',
    async () => {
      const prompts = Array.from({ length: 700 }, (_, i) => `who is crow ${i}?`).join('\n')
      writeFileSync(join(folder, 'many.txt'), prompts)
      const whole = ['--prompts', 'many.txt', '--max-tokens', '50', '--seed', '7', '--name']
      await json([...create, ...whole, 'Whole'])
      const { child, ended, err } = start([...create, ...whole, 'Cut'])
      const pause = (ms: number) => new Promise(settle => setTimeout(settle, ms))
      while (!err().includes('Computing on')) await pause(5)
      await pause(100)
      child.kill('SIGINT')
      const cut = await ended
      expect(cut.code).toBe(1)
      expect(cut.err).toContain('cancelled')
      const before = await json(['rank', 'show', 'Cut'])
      expect(before.sampled).toBeLessThan(before.prompts)
      const half = await run(['rank', 'start', 'Cut'], 'q')
      expect(half.err).toMatch(/prompts? of Cut have no answers yet: sample them with andromeda rank sample/)
      expect(await json(['rank', 'sample', 'Cut', '--backend', 'wasm'])).toMatchObject({
        prompts: 700,
        sampled: 700,
      })
      expect(await answers('Cut')).toEqual(await answers('Whole'))
    },
    120_000,
  )
})
