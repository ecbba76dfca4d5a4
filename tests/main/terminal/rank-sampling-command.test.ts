// The command `rank` with a model: answers sampled, cut off and gone on with, and ranked through a pipe.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { openTerminal, trainCrow } from './open-terminal.ts'

const windows = process.platform === 'win32'

describe('andromeda rank', () => {
  const terminal = openTerminal()
  const { run, start, json, file } = terminal
  beforeAll(() => trainCrow(terminal, 72), 120_000)

  const create = ['rank', 'create', '--backend', 'wasm', '--responses', '3', '--max-tokens', '9']
  const answers = async (set: string) => {
    const { path } = await json(['rank', 'export', set])
    return readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).responses)
  }

  it('samples answers, the same for the same seed, and ranks them in sittings', async () => {
    file('prompts.txt', 'who are you?\nwhere is the boat?\nwho is small?\n')
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
      file('many.txt', prompts)
      const whole = ['--prompts', 'many.txt', '--max-tokens', '50', '--seed', '7', '--name']
      await json([...create, ...whole, 'Whole'])
      const { child, ended, says } = start([...create, ...whole, 'Cut'])
      await says(/Computing on/)
      await new Promise(settle => setTimeout(settle, 100))
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
