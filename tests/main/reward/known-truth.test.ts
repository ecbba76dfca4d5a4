import { describe, expect, test } from 'vitest'
import { pairsOfWorld } from '../../../src-main/core/reward/known-truth.ts'
import { probeCategories } from '../../../src-shared/starter-world/truth-probe.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'

const letters = new CharacterTokenizer([
  ...new Set(Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))),
  '’',
  '�',
])

describe('Questions of the starter world whose answers are known', () => {
  const world = makeWorld(3)
  const pairs = pairsOfWorld(3, letters, 4096)

  test('are about facts that no phase asks for, whatever words they are asked in', () => {
    const facts = pairs.filter(({ category }) => category === 'true-over-false')
    const about = new Set(facts.map(pair => pair.about))
    const expected = world.facts
      .filter(({ split }) => split === 'test')
      .map(({ attribute, entity }) => `3: ${attribute} of ${entity.name}`)
    expect(about).toEqual(new Set(expected))
    // Several phrasings and several false values of each.
    expect(facts.length).toBeGreaterThan(3 * about.size)
  })

  test('are about themselves where they are about no fact', () => {
    const others = pairs.filter(({ category }) => category === 'abstention-over-invention')
    expect(new Set(others.map(({ about }) => about))).toEqual(
      new Set(others.map(({ prompt }) => `3: ${prompt}`)),
    )
  })

  test('are of every kind', () => {
    expect(new Set(pairs.map(({ category }) => category))).toEqual(new Set(probeCategories))
  })

  test('are left out where they do not fit the context', () => {
    const short = pairsOfWorld(3, letters, 60)
    expect(short.length).toBeGreaterThan(0)
    expect(short.length).toBeLessThan(pairs.length)
    // <|bos|>, <|user_start|> … as many as there are; the letters alone must fit.
    for (const { prompt, better, worse } of short)
      expect(prompt.length + Math.max(better.length, worse.length)).toBeLessThan(60)
  })
})
