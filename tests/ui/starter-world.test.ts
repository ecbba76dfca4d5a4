import { expect, test } from 'vitest'
import { STARTER_SEED, starterSeed, starterSetOf } from '../../src-renderer/ui/starter-world.ts'
import { setOf } from './sft-shapes.ts'

const corpus = (name: string, createdAt: string, kind: 'imported' | 'starter-world' = 'starter-world') => ({
  name,
  createdAt,
  kind,
})

test('demonstrations are taken of the world that the newest corpora are of', () => {
  const older = corpus('Starter world 1: stories', '2026-01-01')
  const newer = corpus('Starter world 42: stories', '2026-02-01')
  expect(starterSeed([newer, older])).toBe(42)
  expect(starterSeed([older, corpus('Starter world 7: fan fiction', '2026-03-01', 'imported')])).toBe(1)
  expect(starterSeed([corpus('My islands', '2026-01-01')])).toBe(STARTER_SEED)
  expect(starterSeed([])).toBe(STARTER_SEED)
})

test('demonstrations that were taken are known again under any name, those of another world not', () => {
  const files = [{ file: 'Starter world 2: demonstrations', format: 'generated', rows: 9 }]
  const taken = setOf('taken', { kind: 'starter-world', name: 'islands', files })
  expect(starterSetOf([setOf('own', { files }), taken], 2)?.id).toBe('taken')
  expect(starterSetOf([taken], 3)).toBeUndefined()
  expect(starterSetOf([{ ...taken, removedAt: '2026' }], 2)).toBeUndefined()
})
