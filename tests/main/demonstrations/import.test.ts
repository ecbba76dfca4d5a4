// Imports as jobs: what comes of files, and that nothing is left of an import that does not come to its end.
import { mkdirSync, rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { appendRows } from '../../../src-main/core/database/queries/demonstration-rows.ts'
import { insertSet } from '../../../src-main/core/database/queries/demonstrations.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { jsonLines } from '../row-files/made-up-rows.ts'
import { manyRows, openDemonstrations, turn } from './open-demonstrations.ts'
import { mapping } from './read-fixture.ts'

const rowCount = ({ workspace }: ReturnType<typeof openDemonstrations>) =>
  workspace.db
    .prepare('SELECT (SELECT count(*) FROM demonstrations), (SELECT count(*) FROM demonstration_messages)')
    .raw()
    .get()

describe('an import', () => {
  it('accounts for every row and lists what it did with each file', async () => {
    const lab = openDemonstrations()
    const twice = { prompt: 'same', completion: 'same' }
    const result = await lab.importFiles({
      'a.jsonl': jsonLines(twice, 'not JSON', twice, { prompt: 'other', completion: '' }),
      'b.csv': 'question,answer\nsame,same\nnew,row\n',
      'c.docx': 'PK',
    })
    expect(result).toMatchObject({ read: 7, accepted: 2, rejected: 3, duplicates: 2 })
    expect(result.rejections.map(({ file, line }) => [file, line])).toEqual([
      ['a.jsonl', 2],
      ['a.jsonl', 4],
      ['c.docx', null],
    ])
    const set = await lab.call('demonstrations.show', { set: result.set })
    expect(set).toMatchObject({
      name: 'a and 2 more',
      kind: 'imported',
      rows: 2,
      duplicates: 2,
      rejected: 3,
      useCases: { none: 2 },
      tags: [],
    })
    expect(set.files).toEqual([
      { file: 'a.jsonl', format: 'TRL prompt and completion', rows: 1 },
      { file: 'b.csv', format: 'Table: prompt from "question", response from "answer"', rows: 1 },
      { file: 'c.docx', format: '', rows: 0 },
    ])
    expect(set.notes).toEqual([expect.stringMatching(/^b\.csv: the prompt is "question"/)])
    const rejections = await lab.call('demonstrations.rejections', { set: set.id, offset: 1, limit: 1 })
    expect(rejections).toEqual({ total: 3, rows: [result.rejections[1]] })
    const { rows } = await lab.call('demonstrations.rows', { set: set.id, offset: 0, limit: 10 })
    expect(rows.map(({ number, source }) => [number, source])).toEqual([
      [0, { file: 'a.jsonl', line: 1 }],
      [1, { file: 'b.csv', line: 3 }],
    ])
    expect(lab.statuses.at(-1)).toMatchObject({ kind: 'demonstrations-import', state: 'done', unit: 'bytes' })
  })

  it('into a set adds what is new, under numbers that were never given', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.importFiles({ 'a.jsonl': manyRows(3) }, { name: 'Mine' })
    lab.demonstrations.removeRows(set, [2])
    const result = await lab.importFiles({ 'b.jsonl': manyRows(5) }, { into: set })
    expect(result).toMatchObject({ set, read: 5, accepted: 3, duplicates: 2 })
    expect([...lab.demonstrations.rows(set)].map(({ number }) => number)).toEqual([0, 1, 3, 4, 5])
    expect(lab.demonstrations.show(set)).toMatchObject({
      name: 'Mine',
      rows: 5,
      duplicates: 2,
      files: [{ rows: 3 }, { rows: 3 }],
    })
    expect(await lab.importFiles({ 'b.jsonl': manyRows(5) }, { into: set })).toMatchObject({
      accepted: 0,
      duplicates: 5,
    })
  })

  it('takes a mapping for each file, and fails whole where a column is not there', async () => {
    const lab = openDemonstrations()
    const of = mapping({ prompt: 'x', response: 'y' })
    const { set } = await lab.importFiles({ 'a.csv': 'x,y\n1,2\n' }, { mapping: of })
    expect(lab.pairs(set)).toEqual(['1 → 2'])
    await expect(lab.importFiles({ 'b.csv': 'x,z\n1,2\n' }, { mapping: of })).rejects.toThrow(
      'there is no column "y"',
    )
    expect(lab.demonstrations.list()).toHaveLength(1)
  })

  it('without anything to use is refused with the first reason, and leaves no set', async () => {
    const lab = openDemonstrations()
    await expect(
      lab.importFiles({ 'a.jsonl': jsonLines({ prompt: 'p', completion: '' }, 'x') }),
    ).rejects.toThrow(
      /there is no demonstration in this file; message 2, the assistant's, is empty; and 1 more were rejected \(a\.jsonl, line 1\)/,
    )
    expect(lab.demonstrations.list()).toEqual([])
    expect(rowCount(lab)).toEqual([0, 0])
  })

  it('says so of a file that is gone, a folder, an id that nobody gave, and a name with a set', async () => {
    const lab = openDemonstrations()
    const gone = lab.file('gone.jsonl', 'x')
    rmSync(`${lab.root}/files/gone.jsonl`)
    await expect(lab.call('demonstrations.preview', { file: gone })).rejects.toThrow(
      'this path does not exist',
    )
    mkdirSync(`${lab.root}/files/gone.jsonl`)
    await expect(lab.call('demonstrations.import', { files: [{ file: gone }] })).rejects.toThrow(
      'this is a folder',
    )
    await expect(lab.call('demonstrations.preview', { file: 'file-0' })).rejects.toThrow('not known here')
    await expect(lab.start({ 'a.jsonl': 'x' }, { name: 'a', into: 'b' })).rejects.toThrow(
      'Give one of the two',
    )
    await expect(lab.start({ 'a.jsonl': 'x' }, { into: 'demos-0' })).rejects.toThrow(
      'there is no set of demonstrations demos-0',
    )
  })

  it('is previewed by the same rules, in a worker', async () => {
    const lab = openDemonstrations()
    const preview = await lab.call('demonstrations.preview', { file: lab.file('a.jsonl', manyRows(30)) })
    expect(preview).toMatchObject({
      file: 'a.jsonl',
      format: 'trl-prompt-completion',
      formatTitle: 'TRL prompt and completion',
    })
    expect(preview.rows).toHaveLength(20)
  })
})

describe('an import that does not come to its end', () => {
  /** Cancels as soon as rows are written. */
  async function cancelMidway(lab: ReturnType<typeof openDemonstrations>, job: string, before: number) {
    await vi.waitFor(() => expect((rowCount(lab) as number[])[0]).toBeGreaterThan(before), {
      timeout: 20_000,
      interval: 1,
    })
    lab.jobs.cancel(job)
    await expect(lab.jobs.wait(job)).rejects.toThrow('cancelled')
  }

  it('leaves no set and no row when it is cancelled, and shows none of them meanwhile', async () => {
    const lab = openDemonstrations()
    const job = await lab.start({ 'a.jsonl': manyRows(60_000) })
    await vi.waitFor(() => expect((rowCount(lab) as number[])[0]).toBeGreaterThan(0), {
      timeout: 20_000,
      interval: 1,
    })
    expect(lab.demonstrations.list()).toEqual([])
    await cancelMidway(lab, job, 0)
    expect(lab.demonstrations.list()).toEqual([])
    expect(rowCount(lab)).toEqual([0, 0])
  })

  it('leaves a set as it was, which takes no rows meanwhile', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.importFiles({ 'a.jsonl': manyRows(3) })
    const before = lab.demonstrations.show(set)
    const job = await lab.start({ 'b.jsonl': manyRows(60_000, 'more') }, { into: set })
    await vi.waitFor(() => expect((rowCount(lab) as number[])[0]).toBeGreaterThan(3), {
      timeout: 20_000,
      interval: 1,
    })
    const inTheWay = `files are being imported into "a"`
    expect(() => lab.demonstrations.add(set, { messages: turn('x', 'y') })).toThrow(inTheWay)
    expect(() => lab.demonstrations.remove(set)).toThrow(inTheWay)
    await expect(lab.importFiles({ 'c.jsonl': manyRows(1) }, { into: set })).rejects.toThrow(inTheWay)
    expect((await lab.call('demonstrations.rows', { set, offset: 0, limit: 10 })).total).toBe(3)
    expect((await lab.call('demonstrations.rows', { set, search: 'more', offset: 0, limit: 10 })).total).toBe(
      0,
    )
    await expect(lab.call('demonstrations.removeRows', { set, numbers: [3] })).rejects.toThrow(
      'there is no row 4',
    )
    lab.demonstrations.edit(set, 0, { tags: ['kept'] })
    await cancelMidway(lab, job, 3)
    expect(lab.demonstrations.show(set)).toEqual({ ...before, tags: ['kept'] })
    expect(rowCount(lab)).toEqual([3, 3])
    expect(lab.demonstrations.add(set, { messages: turn('x', 'y') })).toBe(3)
  })

  it('leaves nothing when the disk is full', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.importFiles({ 'a.jsonl': manyRows(3) })
    const pages = lab.workspace.db.pragma('page_count', { simple: true }) as number
    lab.workspace.db.pragma(`max_page_count = ${pages + 40}`)
    for (const target of [{}, { into: set }])
      await expect(lab.importFiles({ 'b.jsonl': manyRows(60_000, 'more') }, target)).rejects.toMatchObject({
        facts: { code: 'no-space' },
      })
    expect(lab.demonstrations.list()).toHaveLength(1)
    expect(rowCount(lab)).toEqual([3, 3])
  })

  describe('and cannot be cleared away', () => {
    const refuse = (lab: ReturnType<typeof openDemonstrations>) =>
      lab.workspace.db.exec(
        `CREATE TRIGGER refuse BEFORE DELETE ON demonstrations BEGIN SELECT raise(ABORT, 'refused'); END`,
      )
    const allow = (lab: ReturnType<typeof openDemonstrations>) => lab.workspace.db.exec('DROP TRIGGER refuse')

    it('is not in the way of rows that are written or imported afterwards', async () => {
      const lab = openDemonstrations()
      const { set } = await lab.importFiles({ 'a.jsonl': manyRows(3) })
      refuse(lab)
      const job = await lab.start({ 'b.jsonl': manyRows(60_000, 'more') }, { into: set })
      await cancelMidway(lab, job, 3)
      expect(lab.demonstrations.show(set).rows).toBe(3)
      allow(lab)
      expect(lab.demonstrations.add(set, { messages: turn('x', 'y') })).toBe(3)
      await lab.importFiles({ 'c.jsonl': manyRows(2, 'new') }, { into: set })
      expect(lab.pairs(set).slice(3)).toEqual([
        'x → y',
        'new 0? → Answer 0 of new.',
        'new 1? → Answer 1 of new.',
      ])
      expect(rowCount(lab)).toEqual([6, 6])
    })

    it('keeps nobody out at the next start, which says so', async () => {
      const lab = openDemonstrations()
      const { set } = await lab.importFiles({ 'a.jsonl': manyRows(3) })
      lab.demonstrations.removeRows(set, [1])
      refuse(lab)
      lab.workspace.close()
      await wait(2)
      const again = openDemonstrations(lab.root)
      await again.demonstrations.cleared
      expect(again.demonstrations.show(set).rows).toBe(2)
      expect(again.workspace.notes.join()).toContain('Removed demonstrations could not be deleted yet: ')
    })
  })

  it('is cleared away by the next start when the app was killed in between', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.importFiles({ 'a.jsonl': manyRows(3) })
    const left = manyRows(10)
      .split('\n')
      .map((messages, line) => ({ messages, useCase: null, tags: [], file: 'f', line }))
    // As a kill leaves it.
    appendRows(lab.workspace.db, set, 3, left)
    insertSet(lab.workspace.db, { id: 'demos-new', name: 'n', kind: 'imported', createdAt: '2026' }, false)
    appendRows(lab.workspace.db, 'demos-new', 0, left)
    lab.workspace.close()
    await wait(2)
    const again = openDemonstrations(lab.root)
    expect(again.demonstrations.list().map(({ id, rows }) => [id, rows])).toEqual([[set, 3]])
    expect(again.demonstrations.add(set, { messages: turn('x', 'y') })).toBe(13)
    await again.demonstrations.cleared
    expect(rowCount(again)).toEqual([4, 4])
    expect(again.workspace.db.prepare('SELECT count(*) FROM demonstration_sets').pluck().get()).toBe(1)
  })
})

it("the starter world's demonstrations become a set with use cases, and tags for what is known of the answers", async () => {
  const lab = openDemonstrations()
  const { job } = await lab.call('demonstrations.fromStarterWorld', { seed: 5, rows: 800 })
  const result = await lab.jobs.wait<{ set: string; read: number; accepted: number; duplicates: number }>(job)
  expect(result.read).toBe(800)
  expect(result.accepted + result.duplicates).toBe(800)
  const set = lab.demonstrations.show(result.set)
  expect(set).toMatchObject({ kind: 'starter-world', rows: result.accepted })
  expect(Object.keys(set.useCases)).toHaveLength(10)
  expect(set.tags).toContain('invents')
  expect(lab.statuses.at(-1)).toMatchObject({ state: 'done', done: 800, total: 800 })
  await expect(lab.call('demonstrations.add', { set: set.id, messages: [] })).rejects.toBeInstanceOf(LabError)
})
