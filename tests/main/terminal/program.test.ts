// Arguments become the command's options, or wrong usage: nothing runs in between.
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src-main/terminal/command.ts'
import { chooseSources } from '../../../src-main/terminal/commands/pretrain.ts'
import { diff } from '../../../src-main/terminal/commands/runs.ts'
import { commands, groups } from '../../../src-main/terminal/commands.ts'
import { findNamed } from '../../../src-main/terminal/find.ts'
import { browserCommand } from '../../../src-main/terminal/open-in-browser.ts'
import { parseCommandLine } from '../../../src-main/terminal/program.ts'
import type { CorpusSummary } from '../../../src-shared/contract/lab-contract.ts'

function parse(line: string) {
  let out = ''
  let error = ''
  const argv = line.split(' ').filter(Boolean)
  try {
    const invocation = parseCommandLine(argv, { out: text => (out += text), error: text => (error += text) })
    return { invocation, out, error }
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UsageError)
    return { out, error, refused: true }
  }
}
const asked = (line: string) => {
  const { invocation } = parse(line)
  return { command: invocation?.command.name, args: invocation?.args, options: invocation?.options }
}

describe('the command line', () => {
  it('takes the global options before and after the command', () => {
    const expected = { workspace: 'W', json: true, backend: 'wasm' }
    expect(asked('runs list --workspace W --json --backend wasm').options).toEqual(expected)
    expect(asked('--workspace W --json --backend wasm runs list').options).toEqual(expected)
  })

  it('reads repeated and listed options', () => {
    expect(
      asked('pretrain --corpus a b --set steps=5 --set nLayer=2 --seed 7 --preset starter-world').options,
    ).toEqual({ corpus: ['a', 'b'], set: ['steps=5', 'nLayer=2'], seed: 7, preset: 'starter-world' })
    expect(asked('pretrain --source a=1 --source b=2').options).toEqual({ source: ['a=1', 'b=2'] })
    expect(asked('corpus add x.txt y.txt --name N')).toEqual({
      command: 'corpus add',
      args: ['x.txt', 'y.txt'],
      options: { name: 'N' },
    })
    expect(asked('bench --size small,medium --quick --compare a b').options).toEqual({
      size: ['small', 'medium'],
      quick: true,
      compare: ['a', 'b'],
    })
    expect(asked('demo --phases pretrain --seed 3').options).toEqual({ phases: ['pretrain'], seed: 3 })
  })

  it('has defaults for generating', () => {
    expect(asked('generate').options).toEqual({
      prompt: '',
      maxTokens: 200,
      temperature: 0.8,
      topK: 0,
      topP: 1,
      seed: 1,
    })
  })

  it.each([
    '',
    'corpus',
    'trane',
    'corpus add',
    'corpus show',
    'corpus show a b',
    'runs diff a',
    'runs list --verbose',
    'runs list --backend cuda',
    'generate --max-tokens many',
    'generate --max-tokens -1',
    'generate --temperature hot',
    'tokenizer train',
    'tokenizer train --corpus a --kind word',
    'evaluate --parts truth,lies',
    'evaluate --judge me',
    'demo --phases pretrain,chat',
    'serve --port 70000',
    'bench --size huge',
    'bench --size small,',
    'bench --rounds 0',
    'bench --threads many',
    'serve --engine cloud',
    'pretrain --seed 1.5',
    'pretrain --corpus a --source a=1',
    'pretrain --resume run-1 --preset starter-world',
    'pretrain --seed 1 --resume run-1',
    'tokenizer encode --text a --file b',
  ])('refuses "%s" and says why on stderr', line => {
    const { refused, out, error } = parse(line)
    expect(refused).toBe(true)
    expect(out).toBe('')
    expect(error).not.toBe('')
  })

  it('says between what a figure must be', () => {
    expect(parse('evaluate --temperature 0 -1').error).toContain('a number from 0, which is greedy, to 10.')
    expect(parse('evaluate --temperature 0 1 2 3 4').error).toContain('At most 4 temperatures')
    expect(parse('evaluate --temperature 0 0.7').invocation?.options.temperature).toEqual([0, 0.7])
    expect(parse('demo --seed 999999999999999').error).toContain('from 0 to 281,474,976,710,656')
  })

  it('suggests the command that was meant', () => {
    expect(parse('pretrian').error).toMatch(/Did you mean pretrain\?/)
  })

  it('shows help and version on stdout and runs nothing', () => {
    for (const line of ['--help', 'pretrain --help', '--version', 'help corpus']) {
      const { invocation, out, error } = parse(line)
      expect(invocation).toBeUndefined()
      expect(out).not.toBe('')
      expect(error).toBe('')
    }
  })

  it('has one row per command, each under its group, with a summary', () => {
    const names = commands.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, summary } of commands) {
      expect(summary).not.toBe('')
      const [group, second] = name.split(' ')
      if (second) expect(Object.keys(groups)).toContain(group)
      expect(parse(`${name} --help`).out, name).toContain(summary)
    }
  })
})

const corpus = (id: string, name: string, bytes: number, removedAt: string | null = null) =>
  ({ id, name, bytes, removedAt }) as CorpusSummary

describe('the corpora to train on', () => {
  const all = [
    corpus('c-1', 'Poems', 100),
    corpus('c-2', 'Letters', 300),
    corpus('c-3', 'Old', 5, '2026-01-01'),
  ]

  it('are weighed by their size unless weights are given', () => {
    expect(chooseSources(all, { corpus: ['Letters', 'c-1'] })).toEqual([
      { corpus: 'c-2', weight: 300 },
      { corpus: 'c-1', weight: 100 },
    ])
    expect(chooseSources(all, { source: ['Poems=3'] })).toEqual([{ corpus: 'c-1', weight: 3 }])
  })

  it('need no name where there is only one', () => {
    expect(chooseSources([all[0]!, all[2]!], {})).toEqual([{ corpus: 'c-1', weight: 100 }])
    expect(() => chooseSources(all, {})).toThrow(/expected --corpus with any of c-1, c-2/)
    expect(() => chooseSources([], {})).toThrow(/no corpus to train on.*corpus add/)
  })
})

describe('names', () => {
  const all = [
    { id: 'run-1', name: 'first' },
    { id: 'run-2', name: 'twin' },
    { id: 'run-3', name: 'twin' },
    { id: 'run-4', name: 'gone', removedAt: '2026-01-01' },
  ]
  it('stand for the one thing that has them', () => {
    expect(findNamed('first', all, 'run', 'runs list').id).toBe('run-1')
    expect(findNamed('run-4', all, 'run', 'runs list').id).toBe('run-4')
    expect(() => findNamed('twin', all, 'run', 'runs list')).toThrow(/run-2, run-3/)
    expect(() => findNamed('gone', all, 'run', 'runs list')).toThrow(/there is no run "gone"/)
    expect(() => findNamed('frist', all, 'run', 'runs list')).toThrow(/Did you mean "first"/)
    expect(() => findNamed('zzzzzz', all, 'run', 'runs list')).toThrow(/See andromeda runs list\./)
  })
})

it('two recipes differ in the fields that are not equal or not in both', () => {
  expect(diff({ a: 1, b: [1], c: 3 }, { a: 1, b: [2], d: 4 })).toEqual([
    { field: 'b', a: [1], b: [2] },
    { field: 'c', a: 3, b: undefined },
    { field: 'd', a: undefined, b: 4 },
  ])
})

describe('a page is opened', () => {
  const url = 'http://127.0.0.1:8080/#token=abc'
  it('in a window of its own where Chromium is named, with a sandbox unless root', () => {
    const { program, args, ownWindow } = browserCommand(url, '/w/browser', '/usr/bin/chromium', 'linux', 1000)
    expect({ program, ownWindow }).toEqual({ program: '/usr/bin/chromium', ownWindow: true })
    expect(args).toContain(`--app=${url}`)
    expect(args).toContain('--user-data-dir=/w/browser')
    expect(args).not.toContain('--no-sandbox')
    expect(browserCommand(url, '/w', '/usr/bin/chromium', 'linux', 0).args).toContain('--no-sandbox')
  })
  it("else in the system's browser, the address as one argument", () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const { args, ownWindow } = browserCommand(url, '/w', undefined, platform, 1000)
      expect(args.at(-1)).toBe(url)
      expect(ownWindow).toBe(false)
    }
  })
})
