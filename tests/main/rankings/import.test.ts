// Imports as jobs: what comes of files, what joins what is there, and that nothing is left of one that does not end.
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { appendPrompts } from '../../../src-main/core/database/queries/preference-prompts.ts'
import { insertSet } from '../../../src-main/core/database/queries/preference-sets.ts'
import { saveRanking } from '../../../src-main/core/database/queries/rankings.ts'
import { jsonLines } from '../row-files/made-up-rows.ts'
import { hhRow } from './hh-transcripts.ts'
import { openPreferences, user } from './import-fixture.ts'

type Lab = ReturnType<typeof openPreferences>

const pair = (chosen: string, rejected: string, prompt = 'q') => ({ prompt, chosen, rejected })
const ranked = (labeler: string, texts: string[], ranks: (number | null)[], of: object = {}) => ({
  prompt: [user('q')],
  responses: texts.map(text => ({ text })),
  rankings: [{ labeler, ranks, ...of }],
})
const manyPairs = (count: number, of = 'q'): string =>
  jsonLines(...Array.from({ length: count }, (_, i) => pair(`good ${i}`, `bad ${i}`, `${of} ${i}?`)))

const rowCount = ({ workspace }: Lab) =>
  workspace.db
    .prepare(
      'SELECT (SELECT count(*) FROM preference_prompts), (SELECT count(*) FROM preference_texts), (SELECT count(*) FROM rankings)',
    )
    .raw()
    .get()

describe('an import', () => {
  it('of HH-RLHF as it is published accounts for every row', async () => {
    const lab = openPreferences()
    const rows = Array.from({ length: 50 }, (_, i) => hhRow(i))
    const result = await lab.importAll({
      'train.jsonl.gz': gzipSync(
        jsonLines(
          ...rows,
          rows[3],
          'not JSON',
          { chosen: rows[1]!.chosen, rejected: rows[2]!.rejected },
          { chosen: rows[4]!.rejected, rejected: rows[4]!.chosen },
        ),
      ),
    })
    expect(result).toMatchObject({ read: 54, accepted: 51, rejected: 2, duplicates: 1, contradictions: 1 })
    expect(result.rejections.map(({ line }) => line)).toEqual([52, 53])
    const set = await lab.preferences.show(result.set)
    expect(set).toMatchObject({
      name: 'train',
      kind: 'imported',
      prompts: 51,
      sampled: 51,
      ranked: 51,
      pairs: 51,
      contradictions: 1,
      duplicates: 1,
      rejected: 2,
      labelers: [{ labeler: 'file: train.jsonl.gz', rankings: 51, simulation: null }],
      files: [
        { file: 'train.jsonl.gz', format: 'HH-RLHF transcripts, chosen and rejected (gzip)', rows: 51 },
      ],
    })
    const listed = await lab.call('preferences.rejections', { set: set.id, offset: 1, limit: 1 })
    expect(listed).toEqual({ total: 2, rows: [result.rejections[1]] })
    const [first] = lab.preferences.prompts(set.id)
    expect(first).toMatchObject({ number: 0, source: { file: 'train.jsonl.gz', line: 1 } })
    expect(lab.changes).toContain('preferences')
    expect(lab.statuses.at(-1)).toMatchObject({ kind: 'preferences-import', state: 'done', unit: 'bytes' })
  })

  it('of several rankings of the same responses makes one prompt with all of them', async () => {
    const lab = openPreferences()
    const result = await lab.importAll({
      'a.jsonl': jsonLines(
        ranked('Ann', ['x', 'y', 'z'], [1, 2, 3]),
        ranked('Bob', ['z', 'x', 'y'], [1, 2, 2]),
        ranked('Ann', ['y', 'z', 'x'], [4, 5, 1]),
        ranked('Ann', ['x', 'y', 'z'], [2, 1, null], { pass: 1 }),
        ranked('Cy', ['z', 'y', 'x'], [1, 3, 2], { pairs: [[2, 1]] }),
        ranked('Dee', ['x', 'y'], [1, 2]),
      ),
    })
    expect(result).toMatchObject({ read: 6, accepted: 5, duplicates: 1 })
    expect(lab.told(result.set)).toEqual([
      'user: q | x > y > z | z > x = y | y > x (z) | z > x > y',
      'user: q | x > y',
    ])
    const [first] = lab.preferences.prompts(result.set)
    expect(first!.rankings.map(({ labeler, pass, pairs }) => [labeler, pass, pairs])).toEqual([
      ['Ann', 0, null],
      ['Bob', 0, null],
      ['Ann', 1, null],
      ['Cy', 0, [[0, 1]]],
    ])
    expect((await lab.preferences.show(result.set)).prompts).toBe(2)
  })

  it('keeps what one labeler says both ways, as a contradiction, once each', async () => {
    const lab = openPreferences()
    const result = await lab.importAll({
      'a.jsonl': jsonLines(
        pair('x', 'y'),
        pair('y', 'x'),
        pair('x', 'y'),
        pair('y', 'x'),
        ranked('file: a.jsonl', ['x', 'y'], [1, 1]),
        ranked('Ann', ['x', 'y'], [2, 1]),
      ),
    })
    // The format is what most rows have: the last two are none of it.
    expect(result).toMatchObject({ accepted: 2, duplicates: 2, rejected: 2, contradictions: 1 })
    expect(lab.told(result.set)).toEqual(['user: q | x > y', 'user: q | y > x'])
    const more = await lab.importAll(
      {
        'a.jsonl': jsonLines(
          ranked('file: a.jsonl', ['x', 'y'], [1, 1]),
          ranked('file: a.jsonl', ['x', 'y'], [2, 1]),
          ranked('Ann', ['x', 'y'], [2, 1]),
        ),
      },
      { into: result.set },
    )
    expect(more).toMatchObject({ accepted: 2, duplicates: 1, contradictions: 1 })
    expect(lab.told(result.set)).toEqual(['user: q | x > y | y > x', 'user: q | y > x', 'user: q | x = y'])
  })

  it('into a set joins the rankings of others to its prompts, which measures agreement', async () => {
    const lab = openPreferences()
    const { set } = await lab.importAll({
      'ann.jsonl': jsonLines(ranked('Ann', ['x', 'y', 'z'], [1, 2, 3]), {
        ...ranked('Ann', ['x', 'y'], [1, 2]),
        prompt: [user('r')],
      }),
    })
    const result = await lab.importAll(
      {
        'bob.jsonl': jsonLines(
          ranked('Bob', ['z', 'y', 'x'], [1, 2, 3]),
          { ...ranked('Bob', ['y', 'x'], [2, 1]), prompt: [user('r')] },
          { ...ranked('Bob', ['y', 'x'], [2, 1]), prompt: [user('new')] },
          { ...ranked('Ann', ['y', 'x'], [2, 1]), prompt: [user('r')] },
        ),
      },
      { into: set },
    )
    expect(result).toMatchObject({ set, accepted: 3, duplicates: 1 })
    expect(lab.told(set)).toEqual([
      'user: q | x > y > z | z > y > x',
      'user: r | x > y | x > y',
      'user: new | x > y',
    ])
    const { between } = await lab.preferences.agreement([set])
    expect(between).toMatchObject([{ a: 'Ann', b: 'Bob', agreement: { share: 0.25, n: 4 } }])
    expect(await lab.preferences.show(set)).toMatchObject({
      contradictions: 3,
      files: [{ rows: 2 }, { rows: 3 }],
    })
  })

  it('takes prompts that nobody has ranked yet, and lets rankings come later', async () => {
    const lab = openPreferences()
    const bare = { ...ranked('', ['x', 'y'], [1, 2]), rankings: [] }
    const first = await lab.importAll({ 'a.jsonl': jsonLines(bare, 'no row', bare) })
    const { set } = first
    expect(first).toMatchObject({ read: 3, accepted: 1, duplicates: 0, rejected: 2 })
    expect(first.rejections.map(({ line, reason }) => [line, reason.slice(0, 17)])).toEqual([
      [2, expect.any(String)],
      [3, 'without a ranking'],
    ])
    expect(lab.told(set)).toEqual(['user: q'])
    const result = await lab.importAll({ 'b.jsonl': jsonLines(pair('y', 'x')) }, { into: set })
    expect(result).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(lab.told(set)).toEqual(['user: q | y > x'])
  })

  it('under a number that was never given, where a prompt was removed', async () => {
    const lab = openPreferences()
    const { set } = await lab.importAll({ 'a.jsonl': manyPairs(3) }, { name: 'Mine' })
    lab.preferences.removePrompts(set, [1])
    expect(await lab.importAll({ 'a.jsonl': manyPairs(4) }, { into: set })).toMatchObject({
      accepted: 2,
      duplicates: 2,
    })
    expect([...lab.preferences.prompts(set)].map(({ number }) => number)).toEqual([0, 2, 3, 4])
  })

  it('without anything to use is refused with the first reason, and leaves no set', async () => {
    const lab = openPreferences()
    await expect(lab.importAll({ 'a.jsonl': jsonLines(pair('x', 'x'), 'y') })).rejects.toThrow(
      /there is no comparison in this file; .*nothing to choose between; and 1 more were rejected \(a\.jsonl, line 1\)/,
    )
    expect((await lab.preferences.list()).filter(({ kind }) => kind !== 'chat')).toEqual([])
    expect(rowCount(lab)).toEqual([0, 0, 0])
  })

  it('says so of a name with a set, of a set that is not there, and of the votes of the chat', async () => {
    const lab = openPreferences()
    await expect(lab.start({ 'a.jsonl': 'x' }, { name: 'a', into: 'b' })).rejects.toThrow(
      'Give one of the two',
    )
    await expect(lab.start({ 'a.jsonl': 'x' }, { into: 'prefs-0' })).rejects.toThrow('there is no set')
    await expect(lab.start({ 'a.jsonl': 'x' }, { into: 'chat' })).rejects.toMatchObject({
      facts: { code: 'unsupported' },
    })
  })

  it('is previewed by the same rules, in a worker', async () => {
    const lab = openPreferences()
    const preview = await lab.call('preferences.preview', { file: lab.file('a.jsonl', manyPairs(30)) })
    expect(preview).toMatchObject({ file: 'a.jsonl', format: 'trl', problem: null })
    expect(preview.rows).toHaveLength(20)
  })

  it('whatever is in the rows, read = accepted + rejected + duplicates, and again all are duplicates but those that rank nothing', async () => {
    const texts = fc.constantFrom('x', 'y', 'z')
    const row = fc.oneof(
      fc.record({
        prompt: fc.constantFrom([user('q')], [user('r')]),
        responses: fc.array(fc.record({ text: texts, stopped: fc.boolean() }), {
          minLength: 1,
          maxLength: 4,
        }),
        rankings: fc.array(
          fc.record({
            labeler: fc.constantFrom('Ann', 'Bob'),
            pass: fc.constantFrom(0, 1),
            ranks: fc.array(fc.option(fc.integer({ min: 1, max: 3 })), { minLength: 2, maxLength: 4 }),
          }),
          { maxLength: 3 },
        ),
      }),
      fc.constantFrom('x', 3),
    )
    const lab = openPreferences()
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async rows => {
        const lines = jsonLines(ranked('Ann', ['x', 'y'], [1, 2]), ...rows)
        const result = await lab.importHere(lines)
        expect(result.read).toBe(rows.length + 1)
        expect(result.accepted + result.rejected + result.duplicates).toBe(result.read)
        const again = await lab.importHere(lines, result.set)
        expect(again).toMatchObject({ accepted: 0, read: result.read })
        expect(again.rejected).toBeGreaterThanOrEqual(result.rejected)
        const unranked = again.rejections.filter(({ reason }) => reason.startsWith('without a ranking'))
        const before = result.rejections.filter(({ reason }) => reason.startsWith('without a ranking'))
        expect(again.rejected - unranked.length).toBe(result.rejected - before.length)
        const said = [...lab.preferences.prompts(result.set)]
        for (const { responses, rankings } of said)
          for (const { ranks } of rankings) expect(ranks).toHaveLength(responses.length)
      }),
      { numRuns: 60 },
    )
  })
})

describe('an import that does not come to its end', () => {
  /** Cancels as soon as rows are written. */
  async function cancelMidway(lab: Lab, job: string, before: number) {
    await vi.waitFor(() => expect((rowCount(lab) as number[])[0]).toBeGreaterThan(before), {
      timeout: 20_000,
      interval: 1,
    })
    lab.jobs.cancel(job)
    await expect(lab.jobs.wait(job)).rejects.toThrow('cancelled')
  }
  const own = async (lab: Lab) => (await lab.preferences.list()).filter(({ kind }) => kind !== 'chat')

  it('leaves no set and no row when it is cancelled, and shows none of them meanwhile', async () => {
    const lab = openPreferences()
    const job = await lab.start({ 'a.jsonl': manyPairs(40_000) })
    await vi.waitFor(() => expect((rowCount(lab) as number[])[0]).toBeGreaterThan(0), {
      timeout: 20_000,
      interval: 1,
    })
    expect(await own(lab)).toEqual([])
    await cancelMidway(lab, job, 0)
    expect(await own(lab)).toEqual([])
    expect(rowCount(lab)).toEqual([0, 0, 0])
  })

  it('leaves a set as it was, the rankings of its prompts too', async () => {
    const lab = openPreferences()
    const { set } = await lab.importAll({ 'a.jsonl': manyPairs(3) })
    const before = await lab.preferences.show(set)
    const told = lab.told(set)
    const joining = jsonLines(...[0, 1, 2].map(i => pair(`bad ${i}`, `good ${i}`, `q ${i}?`)))
    const job = await lab.start({ 'b.jsonl': joining + manyPairs(40_000, 'more') }, { into: set })
    await vi.waitFor(() => expect((rowCount(lab) as number[])[0]).toBeGreaterThan(3), {
      timeout: 20_000,
      interval: 1,
    })
    expect(() => lab.preferences.remove(set)).toThrow('files are being imported into "a"')
    await expect(lab.importAll({ 'c.jsonl': manyPairs(1) }, { into: set })).rejects.toThrow('being imported')
    expect(lab.told(set)).toEqual(told)
    await cancelMidway(lab, job, 3)
    expect(await lab.preferences.show(set)).toEqual(before)
    expect(lab.told(set)).toEqual(told)
    expect(rowCount(lab)).toEqual([3, 3, 3])
    // And the next one begins where this one would have.
    await lab.importAll({ 'b.jsonl': joining }, { into: set })
    expect(lab.told(set)[0]).toBe('user: q 0? | good 0 > bad 0 | bad 0 > good 0')
  })

  it('leaves a ranking alone that somebody gives meanwhile', async () => {
    const lab = openPreferences()
    const { set } = await lab.importAll({ 'a.jsonl': manyPairs(1) })
    const joining = {
      prompt: [user('q 0?')],
      responses: [{ text: 'good 0' }, { text: 'bad 0' }],
      rankings: [{ labeler: 'me', ranks: [2, 1] }],
    }
    const rest = Array.from({ length: 30_000 }, (_, i) => ranked('me', [`x ${i}`, 'y'], [1, 2]))
    const job = await lab.start({ 'b.jsonl': jsonLines(joining, ...rest) }, { into: set })
    await vi.waitFor(() => expect((rowCount(lab) as number[])[0]).toBeGreaterThan(1), {
      timeout: 20_000,
      interval: 1,
    })
    const mine = {
      labeler: 'me',
      pass: 0,
      outcome: 'ranked' as const,
      ranks: [1, 2],
      pairs: null,
      seconds: 1,
    }
    saveRanking(lab.workspace.db, set, 0, mine)
    await lab.jobs.wait(job)
    expect(lab.told(set)[0]).toBe('user: q 0? | good 0 > bad 0 | good 0 > bad 0')
  })

  it('leaves nothing when the disk is full', async () => {
    const lab = openPreferences()
    const { set } = await lab.importAll({ 'a.jsonl': manyPairs(3) })
    const pages = lab.workspace.db.pragma('page_count', { simple: true }) as number
    lab.workspace.db.pragma(`max_page_count = ${pages + 40}`)
    for (const target of [{}, { into: set }])
      await expect(lab.importAll({ 'b.jsonl': manyPairs(40_000, 'more') }, target)).rejects.toMatchObject({
        facts: { code: 'no-space' },
      })
    expect(await own(lab)).toHaveLength(1)
    expect(rowCount(lab)).toEqual([3, 3, 3])
  })

  it('is cleared away by the next start when the app was killed in between', async () => {
    const lab = openPreferences()
    const { set } = await lab.importAll({ 'a.jsonl': manyPairs(3) })
    const left = Array.from({ length: 10 }, (_, line) => ({
      ...{ key: 'k', messages: [user('q')], responses: [], isSampled: true, rankings: [], task: null },
      ...{ file: 'f', line },
    }))
    // As a kill leaves it.
    appendPrompts(lab.workspace.db, set, 3, left)
    insertSet(lab.workspace.db, { id: 'prefs-new', name: 'n', kind: 'imported', createdAt: '2026' })
    appendPrompts(lab.workspace.db, 'prefs-new', 0, left)
    lab.workspace.close()
    await wait(2)
    const again = openPreferences(lab.root)
    expect((await own(again)).map(({ id, prompts }) => [id, prompts])).toEqual([[set, 3]])
    await again.preferences.cleared
    expect(rowCount(again)).toEqual([3, 3, 3])
    await again.importAll({ 'b.jsonl': manyPairs(4) }, { into: set })
    expect(again.told(set)).toHaveLength(4)
    expect((await again.preferences.show(set)).labelers.map(({ rankings }) => rankings)).toEqual([3, 4])
  })
})
