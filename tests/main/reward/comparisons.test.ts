import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Run } from '../../../src-main/core/database/queries/runs.ts'
import { writeSnapshot } from '../../../src-main/core/datasets/snapshot.ts'
import { encodePreferences } from '../../../src-main/core/rankings/encoded.ts'
import { readComparisons } from '../../../src-main/core/reward/comparisons.ts'
import { openWorkspace } from '../../../src-main/core/workspace/workspace.ts'
import { parseRewardConfig } from '../../../src-shared/config/reward-config.ts'
import type { PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'

const folder = mkdtempSync(join(tmpdir(), 'andromeda-comparisons-'))
const workspace = openWorkspace(join(folder, 'workspace'), 'terminal')
afterAll(() => {
  workspace.close()
  rmSync(folder, { recursive: true, force: true })
})

const letters = new CharacterTokenizer([...'abcdefghijklmnopqrstuvwxyz0123456789 ?�'])
const contextLength = 64
const config = parseRewardConfig({ validationShare: 0.25 })

const row = (content: string, changes: Partial<PreferenceRow> = {}): PreferenceRow => ({
  prompt: [{ role: 'user', content }],
  responses: [{ text: 'one' }, { text: 'never compared' }, { text: 'three', stopped: false }],
  rankings: [{ labeler: 'me', ranks: [2, null, 1] }],
  set: 'prefs-1',
  number: 5,
  ...changes,
})

async function read(rows: readonly PreferenceRow[]) {
  const encoded = await encodePreferences(rows, letters, { ...config, contextLength })
  const hash = await writeSnapshot(workspace, rows)
  const prompts = { train: encoded.train.length, validation: encoded.validation.length }
  const run = {
    id: 'run-1',
    config,
    model: { contextLength },
    data: { sources: [], preferences: { hash, prompts, sets: [...new Set(rows.map(({ set }) => set))] } },
  }
  const comparisons = await readComparisons(
    workspace,
    run as unknown as Run,
    letters,
    new AbortController().signal,
  )
  return { encoded, comparisons }
}

describe('The comparisons of a run', () => {
  test('stand on the sides that the run has them on, without what it refused or could not use', async () => {
    const rows = [
      ...Array.from({ length: 120 }, (_, i) => row(`ask ${i}`, { number: i })),
      row('too long', { responses: [{ text: 'a'.repeat(70) }, { text: 'b' }, { text: 'c' }] }),
      row('skipped', { rankings: [{ labeler: 'me', outcome: 'skipped', ranks: [1, 2, 3] }] }),
    ]
    const { encoded, comparisons } = await read(rows)
    expect(encoded.refused).toHaveLength(1)
    const asked = (of: readonly { readonly messages: readonly { readonly content: string }[] }[]) =>
      of.map(({ messages }) => messages[0]!.content)
    expect(asked(comparisons.validation)).toEqual(asked(encoded.validation))
    expect(asked(comparisons.train)).toEqual(asked(encoded.train))
    expect(comparisons.validation.length).toBeGreaterThan(10)
  })

  test('hold the responses that are compared, and whether they ended by themselves', async () => {
    const { comparisons } = await read([row('a?'), row('b?'), row('c?'), row('d?')])
    const prompts = [...comparisons.train, ...comparisons.validation]
    for (const { responses, pairs, set, number } of prompts) {
      expect(responses).toEqual([
        { text: 'one', stopped: true },
        { text: 'three', stopped: false },
      ])
      expect(pairs).toEqual([{ winner: 1, loser: 0, labeler: 'me', simulated: null }])
      expect({ set, number }).toEqual({ set: 'prefs-1', number: 5 })
    }
  })

  test('of training are at most 500 prompts, spread over all', async () => {
    const { comparisons } = await read(Array.from({ length: 1777 }, (_, i) => row(`ask ${i}`, { number: i })))
    expect(comparisons.train).toHaveLength(500)
    const quarters = [0, 0, 0, 0]
    for (const { number } of comparisons.train) quarters[Math.floor((number * 4) / 1777)]!++
    for (const n of quarters) expect(Math.abs(n - 125)).toBeLessThan(15)
    expect(comparisons.validation.length).toBeGreaterThan(350)
  })

  test('say how far their labels agree', async () => {
    const simulation = { policy: 'longer-wins', noise: 0.1, seed: 1 }
    const people = await read([
      row('a?', {
        rankings: [
          { labeler: 'me', ranks: [1, 2, 3] },
          { labeler: 'me', pass: 1, ranks: [1, 3, 2] },
        ],
      }),
    ])
    expect(people.comparisons.agreement).toMatchObject({
      self: [{ labeler: 'me', agreement: { share: 2 / 3, n: 3 } }],
      ceiling: null,
      noCeiling: { code: 'too-few' },
    })
    const simulated = await read([
      row('a?', {
        rankings: [
          {
            labeler: 's',
            ranks: [1, 2, 2],
            pairs: [
              [0, 1],
              [2, 0],
            ],
            simulation,
          },
        ],
      }),
    ])
    expect(simulated.comparisons.agreement.ceiling).toMatchObject({ source: 'simulated', share: 0.9, n: 2 })
  })

  test('count a prompt and a judgement once that stand in several sets', async () => {
    const judged = (set: string, ...labelers: string[]) =>
      row('a?', {
        set,
        rankings: labelers.flatMap(labeler => [
          { labeler, ranks: [1, 2, 3] },
          { labeler, pass: 1, ranks: [1, 3, 2] },
        ]),
      })
    const { comparisons, encoded } = await read([
      judged('one', 'me'),
      judged('two', 'me', 'you'),
      { ...judged('two', 'me'), prompt: [{ role: 'user', content: 'another?' }] },
      // Other answers to the same question are another judgement.
      { ...judged('two', 'me'), responses: ['x', 'y', 'z'].map(text => ({ text })) },
    ])
    const sides = comparisons.train.length + comparisons.validation.length
    expect(sides).toBe(4)
    expect(encoded.distinct.train + encoded.distinct.validation).toBe(2)
    expect(comparisons.distinctTrain).toBe(encoded.distinct.train)
    const { self, between } = comparisons.agreement
    expect(self.map(({ labeler, agreement }) => [labeler, agreement.n])).toEqual([
      ['me', 9],
      ['you', 3],
    ])
    expect(between).toMatchObject([{ a: 'me', b: 'you', agreement: { n: 3 } }])
  })

  test('name the starter worlds that they are about, however many a file names', async () => {
    const about = (world: unknown) =>
      row('a?', { task: { world, kind: 'known', useCase: 'open-qa', answers: [] } })
    const rows = [
      ...[7, 1, 2, 3, 4, 7, 1, 7, 2].map(about),
      about('seven'),
      about(-1),
      row('a?', { task: 7 }),
    ]
    expect((await read(rows)).comparisons.worlds).toEqual([7, 1, 2])
    expect((await read([row('a?')])).comparisons.worlds).toEqual([])
  })

  test('end when nobody waits for them any more', async () => {
    const rows = [row('a?')]
    const hash = await writeSnapshot(workspace, rows)
    const run = {
      id: 'run-1',
      config,
      model: { contextLength },
      data: { preferences: { hash, sets: [], prompts: { train: 1 } } },
    }
    await expect(
      readComparisons(workspace, run as unknown as Run, letters, AbortSignal.abort(new Error('nobody'))),
    ).rejects.toThrow('nobody')
  })
})
