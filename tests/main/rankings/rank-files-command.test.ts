// The command `rank` without a model: files in, files out, who agrees with whom.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import {
  rankExport,
  rankImport,
  rankList,
  rankPreview,
  rankRemove,
  rankShow,
} from '../../../src-main/terminal/commands/rank.ts'
import { rankCreate } from '../../../src-main/terminal/commands/rank-create.ts'
import { rankAgreement, rankSimulate } from '../../../src-main/terminal/commands/rank-labelers.ts'
import type { Session } from '../../../src-main/terminal/session.ts'
import { jsonLines } from '../row-files/made-up-rows.ts'
import { type OpenSession, openSession } from '../terminal/open-session.ts'
import { user } from './import-fixture.ts'

let root: string
let session: Session
let file: OpenSession['file']
beforeEach(async () => {
  ;({ root, session, file } = await openSession())
})

const row = (labeler: string, ranks: (number | null)[], of: object = {}) => ({
  prompt: [user('q\u001b[31m')],
  responses: [
    { text: 'a', stopped: true, origin: 'model', copies: 1 },
    { text: 'b', stopped: false, origin: 'model', copies: 2 },
    { text: 'cc', stopped: true, origin: 'labeler', copies: 1 },
  ],
  rankings: [{ labeler, pass: 0, outcome: 'ranked', ranks, ...of }],
})

it('imports, previews, shows, exports and removes a set, as text and as JSON', async () => {
  const given = file('pairs.jsonl', jsonLines({ prompt: 'p', chosen: 'c', rejected: 'r' }, 'bad'))
  expect((await rankPreview.run(session, [given], {})).text).toMatch(/1 +1 +p +c +r/)
  const { json, text } = await rankImport.run(session, [given], { name: 'Pairs' })
  expect(json).toEqual({
    set: expect.stringMatching(/^prefs-/),
    ...{ read: 2, accepted: 1, rejected: 1, duplicates: 0, contradictions: 0, rejectionsLeftOut: 0 },
    rejections: [{ file: 'pairs.jsonl', line: 2, reason: expect.stringMatching(/^not JSON/) }],
    files: [{ file: 'pairs.jsonl', format: 'TRL preference: prompt, chosen and rejected', rows: 1 }],
    notes: [],
  })
  expect(text).toContain('pairs.jsonl:2: not JSON')
  const into = await rankImport.run(session, [given], { into: 'Pairs' })
  expect(into.json).toMatchObject({ accepted: 0, duplicates: 1 })
  expect((await rankList.run(session, [], {})).text).toMatch(/Pairs +1 +1 +1 +1 +1/)
  const shown = await rankShow.run(session, ['Pairs'], {})
  expect(shown.text).toMatch(/file: pairs.jsonl +1 +–/)
  expect(shown.text).toMatch(/1 +p +2 +1 > 2/)
  const whole = await rankExport.run(session, ['Pairs'], { format: 'rankings' })
  expect((whole.json as { path: string }).path).toMatch(/exports.Pairs-rankings\.jsonl$/)
  const trl = await rankExport.run(session, ['Pairs'], { format: 'trl' })
  expect(trl.json).toMatchObject({
    format: 'trl',
    lines: 1,
    path: expect.stringMatching(/Pairs-trl\.jsonl$/),
  })
  expect(JSON.parse(readFileSync((trl.json as { path: string }).path, 'utf8'))).toEqual({
    prompt: [user('p')],
    chosen: [{ role: 'assistant', content: 'c' }],
    rejected: [{ role: 'assistant', content: 'r' }],
  })
  const out = join(root, 'mine.jsonl')
  expect((await rankExport.run(session, ['Pairs'], { format: 'trl', out })).json).toMatchObject({ path: out })
  expect(readFileSync(out, 'utf8')).toBe(readFileSync((trl.json as { path: string }).path, 'utf8'))
  expect(readdirSync(join(root, 'workspace', 'exports')).sort()).toEqual([
    'Pairs-rankings.jsonl',
    'Pairs-trl.jsonl',
  ])
  const nowhere = { format: 'trl' as const, out: join(root, 'none', 'a.jsonl') }
  await expect(rankExport.run(session, ['Pairs'], nowhere)).rejects.toThrow('this path does not exist')
  await rankRemove.run(session, ['Pairs'], {})
  expect((await rankList.run(session, [], {})).text).toContain('No set yet.')
  await expect(rankImport.run(session, [given], { name: 'a', into: 'b' })).rejects.toThrow('not both')
})

it('what is exported is imported as the same, with every labeler, tie, skip and pair', async () => {
  const rows = [
    row('Ann', [1, 2, 2], { seconds: 2.5, createdAt: '2026-01-02T03:04:05.006Z' }),
    row('Ann', [2, 1, 3], { pass: 1 }),
    row('Bob', [null, null, null], { outcome: 'skipped' }),
    row('simulated: longer wins, 10 % noise, seed 3', [2, 2, 1], {
      pairs: [
        [0, 2],
        [2, 1],
      ],
      simulation: { policy: 'longer-wins', noise: 0.1, seed: 3 },
    }),
    { ...row('Ann', [1, 2, 3]), prompt: [user('other')], task: { useCase: 'chat', answers: ['a'] } },
    { ...row('Ann', [1, 2, 3]), prompt: [user('not ranked')], rankings: [] },
  ]
  const lines = async (set: string) => {
    const { json } = await rankExport.run(session, [set], { format: 'rankings' })
    return readFileSync((json as { path: string }).path, 'utf8')
  }
  await rankImport.run(session, [file('a.jsonl', jsonLines(...rows))], { name: 'First' })
  const first = await lines('First')
  expect(first.trim().split('\n')).toHaveLength(3)
  const second = await rankImport.run(session, [file('b.jsonl', first)], { name: 'Second' })
  expect(second.json).toMatchObject({ read: 3, accepted: 3, rejected: 0 })
  expect(await lines('Second')).toBe(first)
  const [{ rankings }] = first.split('\n').map(line => JSON.parse(line || '{}'))
  expect(rankings).toMatchObject([
    { labeler: 'Ann', ranks: [1, 2, 2], seconds: 2.5, createdAt: '2026-01-02T03:04:05.006Z' },
    { labeler: 'Ann', pass: 1, ranks: [2, 1, 3] },
    { labeler: 'Bob', outcome: 'skipped' },
    {
      pairs: [
        [0, 2],
        [2, 1],
      ],
      simulation: { policy: 'longer-wins', noise: 0.1, seed: 3 },
    },
  ])
  // And merging it with itself changes nothing; what ranks nothing is no duplicate.
  expect((await rankImport.run(session, [file('c.jsonl', first)], { into: 'First' })).json).toMatchObject({
    ...{ read: 3, accepted: 0, duplicates: 2, rejected: 1 },
    rejections: [{ line: 3, reason: expect.stringMatching(/^without a ranking/) }],
  })
})

it('says of a file of which no row can be used why, and fails', async () => {
  const given = file('pairs.jsonl', jsonLines({ prompt: 'p', chosen: 'c', rejected: 'c' }, 'bad'))
  const { json, failure } = await rankPreview.run(session, [given], {})
  expect(failure).toMatch(/^nothing of pairs\.jsonl could be used: line 1: .*nothing to choose between$/)
  expect(json).toMatchObject({ rows: [], rejections: [{ line: 1 }, { line: 2 }] })
  const good = file('good.jsonl', jsonLines({ prompt: 'p', chosen: 'c', rejected: 'd' }, 'bad'))
  expect(await rankPreview.run(session, [good], {})).not.toHaveProperty('failure')
  const empty = await rankPreview.run(session, [file('empty.jsonl', '')], {})
  expect(empty.failure).toBe('nothing of empty.jsonl could be used: the file is empty')
})

it('takes no name of a simulated labeler for a person', async () => {
  const value = 'simulated me'
  await expect(session.call('settings.set', { key: 'labeler', value })).rejects.toThrow(
    '"simulated me" would be taken for a simulated labeler (labeler): expected a name that does not begin with "simulated". Rank under a name of your own.',
  )
  await session.call('settings.set', { key: 'labeler', value: 'Ann' })
  expect(await session.call('settings.all', {})).toMatchObject({ labeler: 'Ann' })
})

it('tells how far labelers agree, and lets a simulated one rank', async () => {
  const files = (prompts: number) =>
    ['Ann', 'Bob'].map((who, i) =>
      file(
        `${who}.jsonl`,
        jsonLines(
          ...Array.from({ length: prompts }, (_, n) => ({
            ...row(who, i === 0 ? [1, 2, 3] : [1, 3, 2]),
            prompt: [user(`question ${n}`)],
          })),
        ),
      ),
    )
  await rankImport.run(session, files(1), { name: 'Few' })
  const few = await rankAgreement.run(session, ['Few'], {})
  expect(few.json).toMatchObject({ between: [{ agreement: { n: 3 } }], ceiling: null })
  expect(few.text).toContain('No ceiling for a reward model. Only 3 pairs were judged twice: too few to say.')
  await rankImport.run(session, files(8), { name: 'Both' })
  const { json, text } = await rankAgreement.run(session, ['Both'], {})
  expect(json).toMatchObject({
    self: [],
    between: [{ a: 'Ann', b: 'Bob', agreement: { n: 24 } }],
    ceiling: { source: 'between', n: 24 },
  })
  expect(text).toMatch(/Ann and Bob +66\.7 % +\d+\.\d % – \d+\.\d % +24/)
  expect(text).toContain(
    'Ceiling for a reward model: 66.7 %, by agreement between labelers; up to 78.9 % where labelers err by chance',
  )
  const bare = { ...row('', [1, 2, 3]), rankings: [] }
  await rankImport.run(session, [file('bare.jsonl', jsonLines(bare))], { name: 'Bare' })
  const simulated = await rankSimulate.run(session, ['Bare'], { policy: 'longer-wins', noise: 0.1, seed: 2 })
  expect(simulated.json).toMatchObject({ policy: 'longer-wins', rankings: 1, overruled: 0, pairs: 2 })
  const idle = await rankSimulate.run(session, ['Few'], { policy: 'longer-wins', noise: 0.1, seed: 2 })
  expect(idle.text).toContain(
    'ranked 1 prompt; of 1 prompt what a person said counts instead; the set holds 6 pairs',
  )
  const known = await rankAgreement.run(session, ['Bare'], {})
  expect(known.json).toMatchObject({ ceiling: { source: 'simulated', share: 0.9 } })
  expect(known.text).toMatch(/by the noise of the simulated labelers$/)
  await expect(
    rankSimulate.run(session, ['Both'], { policy: 'truth-then-style', noise: 0, seed: 1 }),
  ).rejects.toMatchObject({ facts: { code: 'bad-input' } })
  expect((await rankAgreement.run(session, ['chat'], {})).text).toContain('Agreement is not measured yet')
})

it('says which source of prompts is missing, or too much', async () => {
  const defaults = { responses: 4, maxTokens: 9, temperature: 1, topK: 0, topP: 1, seed: 1 }
  const create = (of: object) => rankCreate.run(session, [], { ...defaults, ...of })
  await expect(create({})).rejects.toThrow('give one source of prompts: --prompts FILE…')
  await expect(create({ prompt: ['a'], starterWorld: 1, count: 3 })).rejects.toThrow('give one source')
  await expect(create({ prompt: ['a'], count: 3 })).rejects.toThrow('--count is for')
  await expect(create({ starterWorld: 1 })).rejects.toThrow('how many prompts?')
  await expect(create({ prompt: ['a'], constructed: true })).rejects.toThrow('--constructed is for')
  await expect(create({ demonstrations: ['none'], count: 2 })).rejects.toThrow(
    'there is no set of demonstrations',
  )
  await expect(create({ prompt: ['a'] })).rejects.toThrow('there is no')
  await expect(
    session.call('ranking.create', {
      ...{ checkpoint: 'run-1', responses: 2, prompts: { from: 'text', prompts: [] } },
      sampling: { maxTokens: 9, temperature: 1, topK: 0, topP: 1, seed: 1 },
    }),
  ).rejects.toThrow('prompts: at least one is needed')
  await expect(create({ prompt: [' '] })).rejects.toThrow(
    '--prompt is empty: give a text that can be answered',
  )
  await expect(create({ prompt: ['a', ''] })).rejects.toThrow('--prompt 2 is empty')
})
