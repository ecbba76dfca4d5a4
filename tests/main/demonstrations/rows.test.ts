// Rows of a set as a table shows and changes them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendRows } from '../../../src-main/core/database/queries/demonstration-rows.ts'
import { endImport } from '../../../src-main/core/database/queries/demonstrations.ts'
import { manyRows, openDemonstrations, turn } from './open-demonstrations.ts'

async function written(contents: string[], lab = openDemonstrations()) {
  const { set } = await lab.call('demonstrations.create', { name: 'By hand' })
  for (const content of contents)
    await lab.call('demonstrations.add', { set, messages: turn(content, `About ${content}`) })
  const search = async (text: string, more: { useCase?: 'none' | 'chat'; tag?: string } = {}) => {
    const page = await lab.call('demonstrations.rows', { set, search: text, ...more, offset: 0, limit: 1000 })
    expect(page.total).toBe(page.rows.length)
    return page.rows.map(({ number }) => number)
  }
  return { lab, set, search }
}

describe('a row', () => {
  it('is written, edited and keeps its number, byte by byte', async () => {
    const { lab, set } = await written([])
    const messages = [{ role: 'system' as const, content: 'Ünï\r\n' }, ...turn(' a ', '\tb\u0301 ')]
    const { number } = await lab.call('demonstrations.add', {
      set,
      messages,
      useCase: 'chat',
      tags: ['draft', 'draft'],
    })
    const row = async () => (await lab.call('demonstrations.rows', { set, offset: 0, limit: 9 })).rows
    expect(await row()).toEqual([
      { number: 0, messages, useCase: 'chat', tags: ['draft'], source: null, editedAt: null },
    ])
    await lab.call('demonstrations.edit', { set, number, tags: ['a, "b"', '%'] })
    expect(await row()).toMatchObject([{ messages, useCase: 'chat', tags: ['a, "b"', '%'], editedAt: null }])
    await lab.call('demonstrations.edit', { set, number, messages: turn('x', 'y'), useCase: null })
    const [edited] = await row()
    expect(edited).toMatchObject({
      number: 0,
      messages: turn('x', 'y'),
      useCase: null,
      tags: ['a, "b"', '%'],
    })
    expect(Date.parse(edited!.editedAt!)).toBeGreaterThan(Date.now() - 60_000)
    expect(new Set(lab.changes)).toEqual(new Set(['demonstrations']))
  })

  it('is refused, with nothing lost, when it could not be learnt from or is not there', async () => {
    const { lab, set } = await written(['one'])
    const unanswered = [{ role: 'user' as const, content: 'x' }]
    await expect(lab.call('demonstrations.add', { set, messages: unanswered })).rejects.toThrow(
      'no response to learn from',
    )
    await expect(lab.call('demonstrations.edit', { set, number: 0, messages: unanswered })).rejects.toThrow(
      'unchanged',
    )
    await expect(lab.call('demonstrations.edit', { set, number: 1, tags: [] })).rejects.toThrow(
      'there is no row 2 in "By hand"',
    )
    await expect(lab.call('demonstrations.tag', { set, numbers: [0, 7], addTags: ['t'] })).rejects.toThrow(
      'there is no row 8',
    )
    await expect(lab.call('demonstrations.show', { set: 'demos-x' })).rejects.toThrow(
      'there is no set of demonstrations demos-x',
    )
    expect(lab.pairs(set)).toEqual(['one → About one'])
    expect(lab.demonstrations.show(set).tags).toEqual([])
  })

  it('is found by its number, among whatever else is asked', async () => {
    const { lab, set } = await written(['a', 'b', 'c'])
    await lab.call('demonstrations.removeRows', { set, numbers: [0] })
    const found = async (of: object) =>
      (await lab.call('demonstrations.rows', { set, ...of, offset: 0, limit: 9 })).rows.map(
        ({ number }) => number,
      )
    expect(await found({ number: 2 })).toEqual([2])
    expect(await found({ number: 0 })).toEqual([])
    expect(await found({ search: 'about' })).toEqual([1, 2])
    expect(await found({ search: 'about', number: 1 })).toEqual([1])
    expect(await found({ search: 'about c', number: 1 })).toEqual([])
  })

  it('comes back when its removal is undone, and no other takes its number', async () => {
    const { lab, set } = await written(['a', 'b', 'c'])
    await lab.call('demonstrations.removeRows', { set, numbers: [0, 2] })
    expect(lab.pairs(set)).toEqual(['b → About b'])
    expect(lab.demonstrations.show(set).rows).toBe(1)
    await lab.call('demonstrations.add', { set, messages: turn('d', 'e') })
    await lab.call('demonstrations.restoreRows', { set, numbers: [2, 1] })
    expect([...lab.demonstrations.rows(set)].map(({ number }) => number)).toEqual([1, 2, 3])
  })

  it('is gone for good with the next start, and its number with it', async () => {
    const { lab, set } = await written(['a', 'b'])
    await lab.call('demonstrations.removeRows', { set, numbers: [1] })
    lab.workspace.close()
    const again = openDemonstrations(lab.root)
    await again.demonstrations.cleared
    expect(again.workspace.db.prepare('SELECT count(*) FROM demonstration_messages').pluck().get()).toBe(1)
    await expect(again.call('demonstrations.restoreRows', { set, numbers: [1] })).rejects.toThrow(
      'there is no row 2',
    )
    expect((await again.call('demonstrations.add', { set, messages: turn('c', 'd') })).number).toBe(2)
  })
})

describe('a weight', () => {
  it('stays with its answer through edits of anything else, and 1 is as good as none', async () => {
    const { lab, set } = await written([])
    const [asked, answered] = turn('a', 'b')
    const messages = [asked!, { ...answered!, weight: 0 as const }, ...turn('c', 'd')]
    await lab.call('demonstrations.add', { set, messages })
    await lab.call('demonstrations.edit', { set, number: 0, tags: ['t'] })
    const stored = async () =>
      (await lab.call('demonstrations.rows', { set, offset: 0, limit: 1 })).rows[0]!.messages
    expect(await stored()).toEqual(messages)
    const ones = messages.map(message => ({ ...message, weight: 1 as const }))
    await lab.call('demonstrations.edit', { set, number: 0, messages: ones })
    expect(await stored()).toEqual([...turn('a', 'b'), ...turn('c', 'd')])
    const zeros = messages.map(message => ({ ...message, weight: 0 as const }))
    await expect(lab.call('demonstrations.edit', { set, number: 0, messages: zeros })).rejects.toThrow(
      'no token would be trained on',
    )
  })
})

describe('tags and use cases', () => {
  it('are set for many rows at once, counted, and filter exactly', async () => {
    const { lab, set } = await written(['a', 'b', 'c', 'd'])
    const tag = (numbers: number[], change: object) =>
      lab.call('demonstrations.tag', { set, numbers, ...change })
    await tag([0, 1, 2], { addTags: ['b', 'say "b'], useCase: 'chat' })
    await tag([1, 2], { removeTags: ['b'], addTags: ['bb'] })
    await tag([2], { useCase: null })
    const numbers = async (filter: object) =>
      (await lab.call('demonstrations.rows', { set, ...filter, offset: 0, limit: 9 })).rows.map(
        ({ number }) => number,
      )
    expect(await numbers({ tag: 'b' })).toEqual([0])
    expect(await numbers({ tag: 'bb' })).toEqual([1, 2])
    expect(await numbers({ tag: 'say "b' })).toEqual([0, 1, 2])
    expect(await numbers({ useCase: 'chat' })).toEqual([0, 1])
    expect(await numbers({ useCase: 'none' })).toEqual([2, 3])
    expect(await numbers({ useCase: 'none', tag: 'bb' })).toEqual([2])
    expect(lab.demonstrations.show(set)).toMatchObject({
      useCases: { chat: 2, none: 2 },
      tags: ['b', 'bb', 'say "b'],
    })
    await lab.call('demonstrations.removeRows', { set, numbers: [0] })
    expect(lab.demonstrations.show(set)).toMatchObject({
      useCases: { chat: 1, none: 2 },
      tags: ['bb', 'say "b'],
    })
  })

  it('stay as they are where a row would have more than twenty', async () => {
    const { lab, set } = await written(['a', 'b'])
    const many = Array.from({ length: 20 }, (_, i) => `t${i}`)
    await lab.call('demonstrations.edit', { set, number: 1, tags: many })
    await expect(
      lab.call('demonstrations.tag', { set, numbers: [0, 1], addTags: ['more'], useCase: 'chat' }),
    ).rejects.toThrow('row 2 would have more than 20 tags')
    expect(lab.demonstrations.show(set)).toMatchObject({ useCases: { none: 2 }, tags: many.sort() })
    await lab.call('demonstrations.tag', { set, numbers: [0, 1], addTags: ['t3'] })
  })
})

describe('a search', () => {
  it('finds a text in any message, letter case aside, and nothing of how rows are kept', async () => {
    const { search } = await written([
      'École de plage',
      'say "hi"\\n',
      'two\nlines',
      '100%_!',
      'Straße',
      'plain',
    ])
    expect(await search('ÉCOLE')).toEqual([0])
    expect(await search('PLAGE')).toEqual([0])
    expect(await search('"hi"\\')).toEqual([1])
    expect(await search('two\nLINES')).toEqual([2])
    expect(await search('0%_!')).toEqual([3])
    expect(await search('%')).toEqual([3])
    expect(await search('about ')).toEqual([0, 1, 2, 3, 4, 5])
    for (const kept of ['role', 'content', 'assistant', '"role"', '},{', ':', '[{'])
      expect(await search(kept)).toEqual([])
    expect(await search('(.*')).toEqual([])
  })

  it('finds no weight', async () => {
    const { lab, set, search } = await written(['plain', '0 weights'])
    const messages = turn('a', 'b').map(message => ({ ...message, weight: 0 as const }))
    await lab.call('demonstrations.add', { set, messages: [...messages, ...turn('c', 'd')] })
    for (const kept of [':0},{', ':0', '"weight"']) expect(await search(kept)).toEqual([])
    expect(await search('weight')).toEqual([1])
    expect(await search('0')).toEqual([1])
  })

  it('goes together with filters and notices every change', async () => {
    const { lab, set, search } = await written(['apple', 'apple pie', 'pear'])
    expect(await search('apple')).toEqual([0, 1])
    await lab.call('demonstrations.tag', { set, numbers: [1, 2], addTags: ['x'] })
    expect(await search('apple', { tag: 'x' })).toEqual([1])
    await lab.call('demonstrations.edit', { set, number: 2, messages: turn('Apple', 'y') })
    expect(await search('apple')).toEqual([0, 1, 2])
    await lab.call('demonstrations.removeRows', { set, numbers: [0] })
    expect(await search('apple')).toEqual([1, 2])
    const rest = await lab.call('demonstrations.rows', { set, search: 'apple', offset: 1, limit: 1 })
    expect([rest.total, rest.rows[0]!.number]).toEqual([2, 2])
  })

  it('finds what a plain comparison finds, whatever is looked for', async () => {
    const alphabet = fc.constantFrom(
      'a',
      'A',
      'é',
      '"',
      '\\',
      '%',
      '_',
      '!',
      '\n',
      ':',
      'r',
      'o',
      'l',
      'e',
      '🌍',
      '{',
      '^',
      '.',
    )
    const text = fc.array(alphabet, { minLength: 1, maxLength: 6 }).map(parts => `.${parts.join('')}`)
    const lab = openDemonstrations()
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 6 }),
        fc.array(alphabet, { minLength: 1, maxLength: 3 }),
        async (contents, wanted) => {
          const { search } = await written(contents, lab)
          const found = (content: string) => content.toLowerCase().includes(wanted.join('').toLowerCase())
          expect(await search(wanted.join(''))).toEqual(
            contents.flatMap((content, i) => (found(content) || found(`About ${content}`) ? [i] : [])),
          )
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a set of a hundred thousand rows', () => {
  it('is paged from the first to the last, whole, filtered and searched', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.call('demonstrations.create', { name: 'Large' })
    const total = 100_000
    for (let first = 0; first < total; first += 10_000)
      appendRows(
        lab.workspace.db,
        set,
        first,
        Array.from({ length: 10_000 }, (_, i) => ({
          messages: JSON.stringify(
            turn(`Question ${first + i}`, `The answer to ${first + i} is ${(first + i) % 97}.`),
          ),
          useCase: i % 4 === 0 ? 'chat' : null,
          tags: i % 1000 === 999 ? ['rare'] : [],
          file: 'large.jsonl',
          line: first + i + 1,
        })),
      )
    endImport(lab.workspace.db, set, {
      nextNumber: total,
      duplicates: 0,
      rejected: 0,
      rejections: [],
      files: [],
      notes: [],
    })
    const page = async (of: object) => {
      const { total: all, rows } = await lab.call('demonstrations.rows', {
        set,
        offset: 0,
        limit: 100,
        ...of,
      })
      return [all, rows.length, rows[0]?.number, rows.at(-1)?.number]
    }
    expect(await page({})).toEqual([total, 100, 0, 99])
    expect(await page({ offset: 99_950 })).toEqual([total, 50, 99_950, 99_999])
    expect(await page({ offset: total })).toEqual([total, 0, undefined, undefined])
    expect(await page({ useCase: 'chat', offset: 24_900 })).toEqual([25_000, 100, 99_600, 99_996])
    expect(await page({ tag: 'rare', offset: 90 })).toEqual([100, 10, 90_999, 99_999])
    expect(await page({ search: 'IS 96.', offset: 1000 })).toEqual([1030, 30, 97_096, 99_909])
    expect(await page({ search: 'is 96.', offset: 1029 })).toEqual([1030, 1, 99_909, 99_909])
    const all = Array.from({ length: total }, (_, i) => i)
    await lab.call('demonstrations.tag', { set, numbers: all, addTags: ['all'] })
    await lab.call('demonstrations.removeRows', { set, numbers: all.slice(0, -1) })
    expect(await page({ tag: 'all' })).toEqual([1, 1, 99_999, 99_999])
    await lab.call('demonstrations.restoreRows', { set, numbers: all })
    expect(lab.demonstrations.show(set)).toMatchObject({
      rows: total,
      useCases: { chat: 25_000, none: 75_000 },
      tags: ['all', 'rare'],
    })
    let read = 0
    for (const { number } of lab.demonstrations.rows(set)) expect(number).toBe(read++)
    expect(read).toBe(total)
  })

  it('ends a search that a newer one takes the place of, but not one for more of the same', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.importFiles({ 'a.jsonl': manyRows(30_000) })
    const page = (search: string, offset = 0) =>
      lab.call('demonstrations.rows', { set, search, offset, limit: 10 })
    const first = page('row')
    const same = page('row', 29_995)
    expect((await Promise.all([first, same])).map(({ rows }) => rows[0]!.number)).toEqual([0, 29_995])
    const older = page('é')
    const newer = page('row 7?')
    const [old, fresh] = await Promise.allSettled([older, newer])
    // The older one may have been quick enough.
    if (old.status === 'rejected')
      expect(String(old.reason)).toContain('a newer search took the place of this one')
    expect(fresh).toMatchObject({ status: 'fulfilled', value: { total: 1 } })
  })
})

describe('a set', () => {
  it('is renamed, removed, brought back, and gone for good with the next start', async () => {
    const { lab, set } = await written(['a'])
    await lab.call('demonstrations.rename', { set, name: 'New name' })
    await lab.call('demonstrations.remove', { set })
    expect(lab.demonstrations.list()).toMatchObject([{ name: 'New name', removedAt: expect.any(String) }])
    await expect(lab.call('demonstrations.add', { set, messages: turn('x', 'y') })).rejects.toThrow(
      'the set "New name" is removed',
    )
    await lab.call('demonstrations.restore', { set })
    expect(lab.demonstrations.show(set)).toMatchObject({ removedAt: null, rows: 1 })
    await lab.call('demonstrations.remove', { set })
    lab.workspace.close()
    const again = openDemonstrations(lab.root)
    await again.demonstrations.cleared
    expect(again.demonstrations.list()).toEqual([])
    expect(again.workspace.db.prepare('SELECT count(*) FROM demonstrations').pluck().get()).toBe(0)
  })

  it('cannot come back in part while the next start deletes it', async () => {
    const lab = openDemonstrations()
    const { set } = await lab.importFiles({ 'a.jsonl': manyRows(5000) })
    await lab.call('demonstrations.remove', { set })
    lab.workspace.close()
    const again = openDemonstrations(lab.root)
    await expect(again.call('demonstrations.restore', { set })).rejects.toThrow('there is no set')
    await again.demonstrations.cleared
    expect(again.demonstrations.list()).toEqual([])
  })

  it('lists the newest first', async () => {
    const lab = openDemonstrations()
    for (const name of ['one', 'two', 'three']) await lab.call('demonstrations.create', { name })
    expect((await lab.call('demonstrations.list', {})).map(({ name }) => name)).toEqual([
      'three',
      'two',
      'one',
    ])
  })
})
