// Version 6 of the database: preferences and their rankings, beside what was there.
import { expect, test } from 'vitest'
import type { Db } from '../../../src-main/core/database/open.ts'
import { appendPrompts, readPrompts } from '../../../src-main/core/database/queries/preference-prompts.ts'
import {
  deleteSet,
  endImport,
  findSet,
  insertSet,
} from '../../../src-main/core/database/queries/preference-sets.ts'
import { saveRanking } from '../../../src-main/core/database/queries/rankings.ts'
import { allSettings, setSetting } from '../../../src-main/core/database/queries/settings.ts'
import { upgraded } from '../database/upgraded.ts'

const count = (db: Db, table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()

test('a database of version 5 takes preferences, and keeps what it had', () => {
  const db = upgraded(5, older => setSetting(older, 'kept', 1))
  expect(allSettings(db)).toEqual({ kept: 1 })

  insertSet(db, { id: 'prefs-1', name: 'One', kind: 'imported', createdAt: '2026-01-01' })
  expect(findSet(db, 'prefs-1')).toBeUndefined()
  const response = { stopped: true, origin: 'file' as const, copies: 1 }
  const prompt = {
    key: 'k',
    messages: [{ role: 'user' as const, content: 'q' }],
    responses: [
      { ...response, text: 'a' },
      { ...response, text: 'b' },
    ],
    isSampled: true,
    rankings: [],
    task: { world: 1 },
    file: 'x.jsonl',
    line: 3,
  }
  appendPrompts(db, 'prefs-1', 0, [prompt])
  expect(readPrompts(db, 'prefs-1', [0])).toEqual([])
  const simulation = { policy: 'longer-wins' as const, noise: 0.1, seed: 1 }
  const rejections = [{ file: 'x.jsonl', line: 4, reason: 'r', preview: 'p' }]
  endImport(db, 'prefs-1', { nextNumber: 1, duplicates: 0, rejected: 1, rejections, files: [], notes: [] })
  saveRanking(db, 'prefs-1', 0, {
    labeler: 'sim',
    pass: 0,
    outcome: 'ranked',
    ranks: [1, 2],
    pairs: [[1, 0]],
    seconds: null,
    createdAt: '2026-01-02',
    simulation,
  })
  const { file: _, line: __, ...rest } = prompt
  expect(readPrompts(db, 'prefs-1', [0])).toEqual([
    {
      ...rest,
      number: 0,
      source: { file: 'x.jsonl', line: 3 },
      rankings: [
        {
          labeler: 'sim',
          pass: 0,
          outcome: 'ranked',
          ranks: [1, 2],
          pairs: [[1, 0]],
          seconds: null,
          createdAt: '2026-01-02',
        },
      ],
    },
  ])
  expect(findSet(db, 'prefs-1')).toMatchObject({ nextNumber: 1, rejected: 1, bench: null })

  deleteSet(db, 'prefs-1')
  for (const table of [
    'preference_sets',
    'preference_prompts',
    'preference_texts',
    'rankings',
    'preference_labelers',
    'preference_rejections',
  ])
    expect(count(db, table)).toBe(0)
})
