// What the terminal shows: nothing that it would obey, columns that line up, progress in two ways.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jobLine, Progress, runLine } from '../../../src-main/terminal/progress.ts'
import {
  byteSize,
  duration,
  escapeControls,
  fields,
  jsonLine,
  shortCount,
  table,
} from '../../../src-main/terminal/text.ts'
import type { JobStatus, RunSummary } from '../../../src-shared/contract/lab-contract.ts'

describe('text from outside', () => {
  it('cannot move the cursor, set colours, ring, or turn the line around', () => {
    expect(escapeControls('a\x1b[31mb\x07\r\x9bc\u202ed\u2028e')).toBe(
      'a\\x1b[31mb\\x07\\x0d\\x9bc\\u{202e}d\\u{2028}e',
    )
  })

  it('keeps its letters, newlines and tabs', () => {
    expect(escapeControls('Zoë\t漢字\n🙂')).toBe('Zoë\t漢字\n🙂')
  })

  it('never holds a control character afterwards', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(escapeControls(text)).not.toMatch(/[^\P{Cc}\n\t]/u)
      }),
    )
  })
})

describe('tables', () => {
  it('align text to the left and numbers to the right', () => {
    expect(
      table(
        ['name', 'steps'],
        [
          ['a', 5],
          ['longer', 12345],
          [null, null],
        ],
        'nothing',
      ),
    ).toBe(['name     steps', 'a            5', 'longer  12,345', '–            –'].join('\n'))
    expect(table(['name'], [], 'nothing')).toBe('nothing')
  })

  it('keep every row on its line', () => {
    expect(table(['name'], [['a\nb\x1b[2J']], '').split('\n')).toEqual(['name', 'a b\\x1b[2J'])
    expect(
      fields([
        ['a', 1],
        ['long', 'x'],
        ['left out', undefined],
      ]),
    ).toBe('a     1\nlong  x')
  })
})

it('durations, sizes and counts read as people say them', () => {
  expect([0, 59.6, 61, 3600, 7325].map(duration)).toEqual([
    '0 s',
    '1 min 0 s',
    '1 min 1 s',
    '1 h 0 min',
    '2 h 2 min',
  ])
  expect([0, 999, 1000, 1_115_394, 2e12].map(byteSize)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.1 MB',
    '2.0 TB',
  ])
  expect([0, 950, 12_345, 4_100_000].map(shortCount)).toEqual(['0', '950', '12.3k', '4.1M'])
})

it('JSON stays on one line, typed arrays as lists', () => {
  expect(jsonLine({ ids: Int32Array.of(1, 2), text: 'a\nb' })).toBe('{"ids":[1,2],"text":"a\\nb"}')
})

const job: JobStatus = {
  id: 'job-1',
  kind: 'import',
  title: 'Importing a.txt',
  state: 'running',
  done: 3_100_000,
  total: 9_800_000,
  unit: 'bytes',
  note: null,
  etaSeconds: 12.2,
  result: null,
  error: null,
}

describe('progress', () => {
  it('says what, how far, how fast and how long', () => {
    expect(jobLine(job)).toBe('Importing a.txt · 3.1M of 9.8M bytes · 12 s left')
    expect(jobLine({ ...job, done: 0, total: null, etaSeconds: null })).toBe('Importing a.txt')
    const run = {
      step: 120,
      steps: 2000,
      latest: { loss: 2.3131, eval_loss: 2.4006 },
      tokensPerSecond: 12_345,
      etaSeconds: 185,
    } as unknown as RunSummary
    expect(runLine(run)).toBe('step 120/2000 · loss 2.313 · val 2.401 · 12.3k tokens/s · 3 min 5 s left')
  })

  it('says of phase 4 what it is after, and how far it has gone for it', () => {
    const run = {
      ...{ phase: 'ppo', step: 3, steps: 80, tokensPerSecond: null, etaSeconds: null },
      latest: {
        loss: 0.01,
        eval_loss: 0.4,
        'objective/scores': 0.3214,
        'objective/kl': 0.5,
        eval_win_rate: 0.8,
      },
    } as unknown as RunSummary
    expect(runLine(run)).toBe('step 3/80 · reward 0.321 · KL 0.500 · held-out wins 0.800')
  })

  const record = (isTTY: boolean) => {
    let now = 0
    const written: string[] = []
    const progress = new Progress({ isTTY, columns: 20, write: text => written.push(text) }, () => now)
    return { progress, written, wait: (seconds: number) => (now += seconds) }
  }

  it('redraws one line on a terminal, cut to its width, and takes it away', () => {
    const { progress, written, wait } = record(true)
    progress.update('one')
    progress.update('too soon')
    wait(0.2)
    progress.update('a line that is longer than twenty columns')
    progress.clear()
    progress.clear()
    expect(written).toEqual(['\r\x1b[Kone', '\r\x1b[Ka line that is lon…', '\r\x1b[K'])
  })

  it('writes a plain line every few seconds elsewhere, the same one only once', () => {
    const { progress, written, wait } = record(false)
    for (let step = 0; step <= 20; step++) {
      progress.update(`step ${step >= 15 ? 15 : step}`)
      wait(1)
    }
    progress.note('done')
    expect(written).toEqual(['step 0\n', 'step 5\n', 'step 10\n', 'step 15\n', 'done\n'])
  })
})
