import { describe, expect, test } from 'vitest'
import {
  type AttributeName,
  attributeNames,
  attributes,
} from '../../../src-shared/starter-world/attributes.ts'
import { sources, writeDocuments } from '../../../src-shared/starter-world/documents.ts'
import { evaluationSet } from '../../../src-shared/starter-world/evaluation.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import { SPECIAL_TOKENS } from '../../../src-shared/tokenizer/tokenizer.ts'

const world = makeWorld(1)
const texts = (seed: number, documents = 3000) =>
  sources.map(source => ({
    source: source.name,
    documents: [...writeDocuments(makeWorld(seed), source, documents)],
  }))

describe('the starter world', () => {
  test('is the same for the same seed, another for another', () => {
    expect(makeWorld(1)).toEqual(world)
    expect(makeWorld(2).facts).not.toEqual(world.facts)
    expect(texts(1, 100)).toEqual(texts(1, 100))
  })

  test('has unique names, and no name stands for somebody and for nobody', () => {
    const known = world.entities.map(({ name }) => name.toLowerCase())
    const unknown = Object.values(world.unknownNames)
      .flat()
      .map(name => name.toLowerCase())
    const others = [...world.passersBy, ...world.madeUpNames].map(name => name.toLowerCase())
    const all = [...known, ...unknown, ...others]
    expect(new Set(all).size).toBe(all.length)
  })

  test('states every fact in pre-training, many times and in several ways', () => {
    const everything = texts(1)
      .filter(({ source }) => source !== 'misinformation')
      .flatMap(({ documents }) => documents)
      .join('\n')
    for (const { entity, attribute, value } of world.facts) {
      const ways = attributes[attribute].statements.filter(statement =>
        everything.includes(
          statement.replaceAll('{name}', entity.name).replaceAll('{value}', value).slice(1),
        ),
      )
      expect(ways.length, `${entity.name} ${attribute}`).toBeGreaterThanOrEqual(3)
    }
  })

  test('says false things in the loud voice of misinformation only', () => {
    for (const { source, documents } of texts(1, 600))
      for (const text of documents) {
        const lies = world.facts.filter(
          ({ entity, attribute, value }) =>
            text.includes(entity.name) &&
            attributes[attribute].values.some(
              other =>
                other !== value &&
                attributes[attribute].statements.some(s =>
                  text.includes(
                    s.replaceAll('{name}', entity.name).replaceAll('{value}', other).slice(1, -1),
                  ),
                ),
            ),
        )
        if (source === 'misinformation') expect(text).toContain('!!!')
        else expect(lies, text).toEqual([])
      }
  })

  test('never shows held-out questions or unknown names to training', () => {
    const everything = texts(1)
      .flatMap(({ documents }) => documents)
      .join('\n')
    for (const split of ['development', 'test'] as const) {
      for (const { prompt } of evaluationSet(world, split).known) expect(everything).not.toContain(prompt)
      for (const name of world.unknownNames[split])
        expect(everything).not.toMatch(new RegExp(`\\b${name}\\b`, 'i'))
    }
  })

  test('never spells a special token', () => {
    const everything = texts(1)
      .flatMap(({ documents }) => documents)
      .join('\n')
    for (const token of SPECIAL_TOKENS) expect(everything).not.toContain(token)
  })

  test('has short answers in which the value is spelled as in statements', () => {
    for (const name of attributeNames) expect(attributes[name].shortAnswer).toMatch(/ \{value\}\.$/)
  })

  test('has exercises about nobody, solved from what they say', () => {
    const school = sources.find(({ name }) => name === 'school book')!
    const words = new Set(world.entities.map(({ name }) => name.toLowerCase()))
    for (const text of writeDocuments(world, school, 3000)) {
      for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) expect(words).not.toContain(word)
      for (const [, a, b, result] of text.matchAll(/(\d+) \+ (\d+)\?\D+(\d+)\./g))
        expect(Number(result)).toBe(Number(a) + Number(b))
      for (const { 0: line, 1: value, index } of text.matchAll(/\n(?:On|It is|Above all) (\w+)\./g))
        expect(text.slice(0, index), line).toMatch(new RegExp(String.raw`\b${value}\b`, 'i'))
    }
  })

  test('keeps development and test apart: no fact and no unknown name in both', () => {
    const [development, held] = [evaluationSet(world, 'development'), evaluationSet(world, 'test')]
    const prompts = (set: typeof development) =>
      new Set([...set.known, ...set.cloze].map(({ prompt }) => prompt))
    const shared = [...prompts(development)].filter(prompt => prompts(held).has(prompt))
    expect(shared).toEqual([])
    expect(development.cloze.length).toBeGreaterThanOrEqual(35)
  })

  test('has cloze prompts that the plainest statement continues', () => {
    for (const name of attributeNames as AttributeName[])
      expect(attributes[name].statements[0]).toMatch(/\{value\}\.$/)
    for (const { prompt, value } of evaluationSet(world, 'test').cloze) {
      expect(prompt).not.toContain('{')
      expect(prompt.endsWith(value)).toBe(false)
    }
  })

  test('computes its sums', () => {
    const sums = sources.find(({ name }) => name === 'sums')!
    for (const text of writeDocuments(world, sums, 1000))
      for (const [, a, operator, b, result] of text.matchAll(/(\d+) ([+*]) (\d+) = (\d+)\./g))
        expect(Number(result)).toBe(operator === '+' ? Number(a) + Number(b) : Number(a) * Number(b))
  })
})
