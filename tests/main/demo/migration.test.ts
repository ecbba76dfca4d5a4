// Version 10 of the database: builds, beside what was there.
import { expect, test } from 'vitest'
import {
  allBuilds,
  type Build,
  getBuild,
  newestBuild,
  pauseLeftBuilds,
  saveBuild,
} from '../../../src-main/core/database/queries/builds.ts'
import { allSettings, setSetting } from '../../../src-main/core/database/queries/settings.ts'
import { upgraded } from '../database/upgraded.ts'

test('a database of version 9 takes builds, keeps what it had, and what was cut off can be gone on with', () => {
  const db = upgraded(9, older => setSetting(older, 'kept', 1))
  expect(allSettings(db)).toEqual({ kept: 1 })
  expect(newestBuild(db)).toBeNull()
  const build: Build = {
    id: 'build-1',
    createdAt: '2026-01-01',
    seed: 2 ** 40,
    size: 'smallest',
    phases: ['pretrain', 'sft', 'evaluate'],
    state: 'running',
    made: { done: ['world'], corpora: [{ corpus: 'corpus-1', weight: 7 }] },
    seconds: { world: 0.5 },
    error: null,
  }
  saveBuild(db, build)
  expect(getBuild(db, build.id)).toEqual(build)
  pauseLeftBuilds(db)
  expect(getBuild(db, build.id).state).toBe('paused')

  const error = { code: 'no-space', what: 'the disk is full', fix: 'make room' } as const
  const failed: Build = { ...build, state: 'failed', seconds: { world: 0.5, tokenizer: 3 }, error }
  saveBuild(db, failed)
  pauseLeftBuilds(db)
  expect(getBuild(db, build.id)).toEqual(failed)
  saveBuild(db, { ...build, id: 'build-2' })
  expect(newestBuild(db)?.id, 'of the same moment the one that came last').toBe('build-2')
  expect(allBuilds(db).map(({ id }) => id)).toEqual(['build-2', 'build-1'])
  expect(() => getBuild(db, 'build-3')).toThrow('there is no build build-3')
})
