// A run that nobody named can still be told from the others.
import { expect, test } from 'vitest'
import { defaultRunName } from '../../../src-renderer/ui/features/pretrain/train/run-name.ts'

const corpora = [
  { id: 'f', name: 'forest', kind: 'imported' },
  { id: 'b', name: 'bard', kind: 'imported' },
  { id: 's', name: 'Starter world 1: sums', kind: 'starter-world' },
  { id: 't', name: 'Starter world 1: tales', kind: 'starter-world' },
] as const
const model = { nLayer: 2, nEmbd: 64 }
const named = (shares: Record<string, number>, ...taken: string[]) =>
  defaultRunName(
    { sources: Object.entries(shares).map(([corpus, share]) => ({ corpus, share })), model },
    corpora,
    taken.map(name => ({ name })),
  )

test('a run is named after its text and its shape, and no name is given twice', () => {
  expect(named({ f: 1 })).toBe('forest 2x64')
  expect(named({ f: 1 }, 'forest 2x64')).toBe('forest 2x64 2')
  expect(named({ f: 1 }, 'forest 2x64', 'forest 2x64 2')).toBe('forest 2x64 3')
})

test('a mixture names the text read most and counts the others; those with no share are not read', () => {
  expect(named({ f: 0.25, b: 0.75 })).toBe('bard and 1 more 2x64')
  expect(named({ f: 1, b: 0 })).toBe('forest 2x64')
})

test('the starter world is named as a whole', () => {
  expect(named({ s: 0.5, t: 0.5 })).toBe('Starter world 1 2x64')
  expect(named({ s: 0.5, t: 0.5 }, 'Starter world 1 2x64')).toBe('Starter world 1 2x64 2')
  expect(named({ s: 1 })).toBe('Starter world 1: sums 2x64')
  expect(named({ s: 0.6, f: 0.4 })).toBe('Starter world 1: sums and 1 more 2x64')
})

test('a long name leaves room for what tells it apart', () => {
  const long = [{ id: 'l', name: 'x'.repeat(120), kind: 'imported' }] as const
  const name = defaultRunName({ sources: [{ corpus: 'l', share: 1 }], model }, long, [])
  expect(name).toHaveLength(120)
  expect(name.endsWith('x 2x64')).toBe(true)
})
