import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DigestMap } from '../../../src-main/core/rankings/import/digest-map.ts'

const digest = (of: unknown): string => hash('sha256', String(of))

it('holds what a Map would, however often values change', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(300), fc.nat(0xfffffffe)), { maxLength: 600 }), changes => {
      const map = new DigestMap()
      const expected = new Map<number, number>()
      for (const [key, value] of changes) {
        map.set(digest(key), value)
        expected.set(key, value)
      }
      for (let key = 0; key <= 300; key++) expect(map.get(digest(key))).toBe(expected.get(key))
    }),
    { numRuns: 50 },
  )
})

it('grows, and tells digests of a word of zeros from no digest', () => {
  const map = new DigestMap()
  const zeros = '0'.repeat(32)
  expect(map.get(zeros)).toBeUndefined()
  map.set(zeros, 0)
  for (let i = 0; i < 50_000; i++) map.set(digest(i), i)
  expect(map.get(zeros)).toBe(0)
  expect([0, 1, 49_999].map(i => map.get(digest(i)))).toEqual([0, 1, 49_999])
  expect(map.get(digest('other'))).toBeUndefined()
})
