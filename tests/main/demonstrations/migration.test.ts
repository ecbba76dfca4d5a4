// Version 3 of the database: sets of demonstrations, beside what was there.
import { expect, test } from 'vitest'
import type { Db } from '../../../src-main/core/database/open.ts'
import { addRow, readRows } from '../../../src-main/core/database/queries/demonstration-rows.ts'
import { deleteSet, findSet, insertSet } from '../../../src-main/core/database/queries/demonstrations.ts'
import { allSettings, setSetting } from '../../../src-main/core/database/queries/settings.ts'
import { upgraded } from '../database/upgraded.ts'

const count = (db: Db, table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()

test('a database of version 2 takes demonstrations, and keeps what it had', () => {
  const db = upgraded(2, older => setSetting(older, 'kept', 1))
  expect(allSettings(db)).toEqual({ kept: 1 })

  insertSet(db, { id: 'demos-1', name: 'One', kind: 'written', createdAt: '2026-01-01' }, true)
  const row = {
    messages: '[{"role":"user","content":"q"}]',
    useCase: null,
    tags: ['t'],
    file: null,
    line: null,
  }
  expect(addRow(db, 'demos-1', row)).toBe(0)
  expect(readRows(db, 'demos-1', [0])).toEqual([
    {
      number: 0,
      messages: JSON.parse(row.messages),
      useCase: null,
      tags: ['t'],
      source: null,
      editedAt: null,
    },
  ])
  expect(findSet(db, 'demos-1')).toMatchObject({ nextNumber: 1, files: [], notes: [] })

  deleteSet(db, 'demos-1')
  for (const table of [
    'demonstration_sets',
    'demonstrations',
    'demonstration_messages',
    'demonstration_rejections',
  ])
    expect(count(db, table)).toBe(0)
})
