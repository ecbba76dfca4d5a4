import { describe, expect, test } from 'vitest'
import { useCaseIds } from '../../../src-shared/demonstrations/use-cases.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import { attributes } from '../../../src-shared/starter-world/attributes.ts'
import { oracleScore, truthOf } from '../../../src-shared/starter-world/labeler.ts'
import {
  type PreferencePrompt,
  promptKinds,
  writePreferencePrompts,
  wrongAnswer,
} from '../../../src-shared/starter-world/preferences.ts'
import { taskMaterial, writeTask } from '../../../src-shared/starter-world/tasks.ts'
import { probeCategories, truthProbe } from '../../../src-shared/starter-world/truth-probe.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'

const world = makeWorld(1)
const prompts = [...writePreferencePrompts(world, 4000)]
const ended = (text: string) => ({ text, stopped: true })
const text = ({ task, candidates }: PreferencePrompt) => [task.prompt, ...candidates].join('\n')
const everything = prompts.map(text).join('\n')
const of = (kind: PreferencePrompt['kind']) => prompts.filter(prompt => prompt.kind === kind)

describe('prompts for the labelers', () => {
  test('are the same for the same world, and number n is the same however many are written', () => {
    expect([...writePreferencePrompts(makeWorld(1), 50)]).toEqual(prompts.slice(0, 50))
    expect([...writePreferencePrompts(makeWorld(2), 50)]).not.toEqual(prompts.slice(0, 50))
  })

  test('are of every kind and every use case', () => {
    for (const kind of promptKinds) expect(of(kind).length).toBeGreaterThan(100)
    expect(new Set(prompts.map(({ task }) => task.useCase)).size).toBe(useCaseIds.length)
    for (const { task } of of('unknown')) expect(task.answers).toEqual([])
    for (const { task } of [...of('known'), ...of('task')]) expect(task.answers.length).toBeGreaterThan(0)
  })

  test('ask for no fact and mention no name of another split', () => {
    for (const { entity, attribute } of world.facts.filter(({ split }) => split !== 'asked'))
      for (const template of [...attributes[attribute].questions, `about ${attributes[attribute].topic}.`])
        expect(everything).not.toContain(template.replace('{name}', entity.name))
    for (const split of ['development', 'test', 'sft'] as const)
      for (const name of world.unknownNames[split])
        expect(everything).not.toMatch(new RegExp(String.raw`\b${name}\b`, 'i'))
  })

  test('never use a held-out phrasing', () => {
    for (const split of ['development', 'test'] as const)
      for (const { prompt } of truthProbe(world, split))
        if (/^Do you know/.test(prompt)) expect(everything).not.toContain(prompt)
    expect(everything).not.toContain('Do you know')
  })

  test('come with answers that let truth decide: most facts with a false one', () => {
    const truths = ({ task, candidates }: PreferencePrompt) =>
      candidates.map(each => truthOf(task, ended(each)))
    const share = (kind: PreferencePrompt['kind'], truth: string) =>
      of(kind).filter(prompt => truths(prompt).includes(truth as never)).length / of(kind).length
    expect(share('known', 'wrong')).toBeGreaterThan(0.5)
    for (const kind of promptKinds) expect(share(kind, 'abstains')).toBeGreaterThan(0.3)
    for (const prompt of of('unknown')) expect(truths(prompt)).not.toContain('right')
  })

  test.each(useCaseIds)('have wrong answers to %s that are wrong', useCase => {
    const material = taskMaterial(world, 'asked', 'rl')
    const random = randomStream(1, `wrong/${useCase}`)
    for (let i = 0; i < 200; i++) {
      const task = writeTask(useCase, material, random)
      const wrong = wrongAnswer(task, material, random)
      expect(truthOf(task, ended(wrong)), `${task.prompt} ${wrong}`).toBe('wrong')
      if (useCase === 'open-qa') {
        const { shortAnswer, values } = attributes[task.attribute!]
        expect((values as readonly string[]).map(value => shortAnswer.replace('{value}', value))).toContain(
          wrong,
        )
      }
    }
  })
})

describe('what a reward model is asked', () => {
  const probe = truthProbe(world, 'development')

  test('has every reason why an answer is better, and the better answer is better to the labelers', () => {
    for (const category of probeCategories)
      expect(probe.filter(pair => pair.category === category).length).toBeGreaterThanOrEqual(80)
    const facts = new Map(
      world.facts.flatMap(({ entity, attribute, value }) =>
        attributes[attribute].heldOutQuestions.map(question => {
          const name = entity.name
          const prompt = question.replace('{name}', name)
          return [prompt, attributes[attribute].shortAnswer.replace('{value}', value)] as const
        }),
      ),
    )
    for (const { prompt, better, worse, category, attribute } of probe) {
      if (!attribute) continue
      const right = facts.get(prompt)
      const task = { useCase: 'open-qa', answers: right ? [right] : [] } as const
      expect(right === undefined).toBe(category === 'abstention-over-invention')
      expect(oracleScore(task, ended(better)), prompt).toBeGreaterThan(oracleScore(task, ended(worse)))
    }
  })

  test('is about facts and names that no phase meets, and apart for development and test', () => {
    const asked = new Set(prompts.map(({ task }) => task.prompt))
    const other = new Set(truthProbe(world, 'test').map(({ prompt }) => prompt))
    for (const { prompt, attribute } of probe) {
      if (!attribute) continue
      expect(asked.has(prompt), prompt).toBe(false)
      expect(other.has(prompt), prompt).toBe(false)
    }
  })
})
