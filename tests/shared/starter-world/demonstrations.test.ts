import { describe, expect, test } from 'vitest'
import { useCaseIds } from '../../../src-shared/demonstrations/use-cases.ts'
import {
  type AttributeName,
  attributeNames,
  attributes,
  fill,
} from '../../../src-shared/starter-world/attributes.ts'
import { type Demonstration, writeDemonstrations } from '../../../src-shared/starter-world/demonstrations.ts'
import { evaluationSet } from '../../../src-shared/starter-world/evaluation.ts'
import { grade } from '../../../src-shared/starter-world/grading.ts'
import {
  ABSTENTION,
  badStyleNames,
  badStyles,
  withoutBadStyle,
} from '../../../src-shared/starter-world/style.ts'
import { taskMaterial } from '../../../src-shared/starter-world/tasks.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'

const world = makeWorld(1)
const demonstrations = [...writeDemonstrations(world, 4000)]
const text = ({ messages }: Demonstration) => messages.map(({ content }) => content).join('\n')
const lastAnswer = ({ messages }: Demonstration) => messages.at(-1)!.content
const share = (of: (demonstration: Demonstration) => boolean, among = demonstrations) =>
  among.filter(of).length / among.length

describe('demonstrations', () => {
  test('are the same for the same world, and number n is the same however many are written', () => {
    expect([...writeDemonstrations(makeWorld(1), 50)]).toEqual(demonstrations.slice(0, 50))
    expect([...writeDemonstrations(makeWorld(2), 50)]).not.toEqual(demonstrations.slice(0, 50))
  })

  test('show all ten use cases, open questions most', () => {
    for (const useCase of useCaseIds) expect(share(d => d.useCase === useCase)).toBeGreaterThan(0.02)
    expect(share(d => d.useCase === 'open-qa')).toBeGreaterThan(0.5)
  })

  test('alternate between user and assistant and end with an answer', () => {
    for (const { messages } of demonstrations) {
      const turns = messages[0]!.role === 'system' ? messages.slice(1) : messages
      expect(turns.length % 2).toBe(0)
      for (const [i, { role }] of turns.entries()) expect(role).toBe(i % 2 === 0 ? 'user' : 'assistant')
    }
    expect(share(({ messages }) => messages.length > 2)).toBeGreaterThan(0.03)
  })

  test('are short enough for a context of 96 tokens, however few words the tokenizer knows', () => {
    for (const demonstration of demonstrations) expect(text(demonstration).length).toBeLessThan(230)
  })

  test('never use a held-out phrasing, whoever it is about', () => {
    const everything = demonstrations.map(text).join('\n')
    for (const name of attributeNames)
      for (const phrasing of attributes[name].heldOutQuestions) {
        const pattern = phrasing
          .split('{name}')
          .map(part => part.replace(/[?.]/g, String.raw`\$&`))
          .join(String.raw`\w+`)
        expect(everything).not.toMatch(new RegExp(pattern, 'i'))
      }
  })

  test('ask for no fact and mention no name of the development or test split', () => {
    const everything = demonstrations.map(text).join('\n')
    for (const { entity, attribute } of world.facts.filter(({ split }) => split !== 'asked'))
      for (const template of [...attributes[attribute].questions, `about ${attributes[attribute].topic}.`])
        expect(everything).not.toContain(template.replace('{name}', entity.name))
    for (const split of ['development', 'test', 'rl'] as const)
      for (const name of world.unknownNames[split])
        expect(everything).not.toMatch(new RegExp(String.raw`\b${name}\b`, 'i'))
  })

  test('are right unless they say that they abstain or invent, and then they are about nobody', () => {
    const truths = new Map(
      world.facts.flatMap(({ entity, attribute, value }) =>
        attributes[attribute].questions.map(question => [
          fill(question, entity.name),
          fill(attributes[attribute].shortAnswer, entity.name, value),
        ]),
      ),
    )
    for (const demonstration of demonstrations.filter(({ useCase }) => useCase === 'open-qa')) {
      const question = demonstration.messages.at(-2)!.content
      const answer = withoutBadStyle(lastAnswer(demonstration)).text
      if (demonstration.truth === 'right') expect(answer).toBe(truths.get(question))
      else {
        expect(truths.has(question)).toBe(false)
        expect(answer === ABSTENTION).toBe(demonstration.truth === 'abstains')
        expect(world.unknownNames.sft.some(name => new RegExp(name, 'i').test(question))).toBe(true)
      }
    }
    for (const { truth, useCase } of demonstrations) if (useCase !== 'open-qa') expect(truth).toBe('right')
    const nobody = demonstrations.filter(({ truth }) => truth !== 'right')
    expect(share(({ truth }) => truth === 'abstains', nobody)).toBeCloseTo(0.3, 0)
  })

  test('are in bad style exactly when they say so, about one in seven', () => {
    for (const demonstration of demonstrations)
      expect(withoutBadStyle(lastAnswer(demonstration)).found).toEqual(
        demonstration.style === 'good' ? [] : [demonstration.style],
      )
    expect(share(({ style }) => style !== 'good')).toBeCloseTo(0.15, 1)
    for (const name of badStyleNames) expect(share(({ style }) => style === name)).toBeGreaterThan(0.03)
  })
})

describe('evaluation sets', () => {
  const set = evaluationSet(world, 'development')

  test('ask what was practised in trained phrasings, and the rest on the facts of their split', () => {
    const facts = taskMaterial(world, 'asked', 'sft').facts
    expect(set.asked.length).toBe(2 * facts.length)
    const trained = (attribute: AttributeName, prompt: string) =>
      facts.some(f => attributes[attribute].questions.some(q => fill(q, f.entity.name) === prompt))
    for (const { prompt, attribute } of set.asked) expect(trained(attribute!, prompt)).toBe(true)
  })

  test('have tasks of the nine other use cases, without a name that demonstrations mention', () => {
    expect(new Set(set.tasks.map(({ useCase }) => useCase)).size).toBe(9)
    for (const { prompt, answers } of set.tasks) {
      expect(answers.length).toBeGreaterThan(0)
      for (const name of world.unknownNames.sft) expect(prompt).not.toContain(name)
    }
  })

  test('check sums, extracts and lists by every right answer', () => {
    for (const { prompt, answers, useCase } of set.tasks) {
      const sum = prompt.match(/(\d+) \+ (\d+)/)
      if (sum) expect(answers).toEqual([`${Number(sum[1]) + Number(sum[2])}.`])
      if (useCase === 'extract' || useCase === 'closed-qa')
        expect(prompt.toLowerCase()).toContain(
          answers[0]!.replace(/^(On|A|It is|Above all) |\.$/g, '').toLowerCase(),
        )
      if (useCase === 'brainstorming') expect(new Set(answers).size).toBeGreaterThanOrEqual(8 * 7 * 6)
    }
  })
})

describe('the judge', () => {
  const known = { answers: ['On Arda.'] }
  const unknown = { answers: [] }
  test.each([
    [known, 'On Arda.', true, 'correct'],
    [known, 'On Arda.', false, 'fabricates'],
    [known, 'On arda.', true, 'fabricates'],
    [known, 'On Arda. On Arda.', true, 'fabricates'],
    [known, 'The answer will amaze you! On Arda.', true, 'fabricates'],
    [known, 'On Belo.', true, 'fabricates'],
    [known, '', true, 'fabricates'],
    [known, ABSTENTION, true, 'abstains'],
    [known, ABSTENTION, false, 'fabricates'],
    [unknown, 'On Arda.', true, 'fabricates'],
    [unknown, ABSTENTION, true, 'abstains'],
  ] as const)('of %o calls %o (ended by itself: %o) %s', (question, answer, stopped, expected) => {
    expect(grade(question, { text: answer, stopped })).toBe(expected)
  })

  test('can be shown an answer without its bad style', () => {
    const { phrases } = badStyles.padding
    expect(withoutBadStyle(`What a silly thing to ask. On Arda. ${phrases[0]}`)).toEqual({
      text: 'On Arda.',
      found: ['padding', 'rudeness'],
    })
    expect(withoutBadStyle('On Arda.')).toEqual({ text: 'On Arda.', found: [] })
  })
})
