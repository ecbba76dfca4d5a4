// Where phase 4's prompts come from, which of them are held out, and which leave no room for an answer.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodePrompts, findPpoPrompts, type PpoPromptRow } from '../../../src-main/core/ppo/ppo-prompts.ts'
import type { RowFile } from '../../../src-main/core/row-files/file-source.ts'
import type { PromptSource } from '../../../src-shared/contract/preferences-contract.ts'
import { evaluationSet } from '../../../src-shared/starter-world/evaluation.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'
import { renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import { openDemonstrations, turn } from '../demonstrations/open-demonstrations.ts'

const noFiles = (): RowFile[] => []
const nobody = { rows: () => [], show: () => ({ name: '', removedAt: null }) } as never
const find = (
  source: PromptSource,
  changes: Partial<{ heldOut: number; share: number; seed: number }> = {},
  demonstrations: Parameters<typeof findPpoPrompts>[2] = nobody,
) => findPpoPrompts(source, { heldOut: 1000, share: 0.3, seed: 1, ...changes }, demonstrations, noFiles)
const typed = (prompts: string[]): PromptSource => ({ from: 'text', prompts })
const lastOf = ({ messages }: PpoPromptRow) => messages.at(-1)!.content

test('a prompt stands on one side of the split, the same in whatever company, and none gets lost', async () => {
  const word = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abcdefgh') })
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(word, { minLength: 1, maxLength: 30 }), async words => {
      const { train, heldOut } = await find(typed([...words, ...words]))
      const [inTrain, held] = [train.map(lastOf), heldOut.map(lastOf)]
      expect([...inTrain, ...held].toSorted()).toEqual(words.toSorted())
      const [first] = words
      const alone = await find(typed([first!]))
      expect(alone.heldOut).toHaveLength(held.includes(first!) ? 1 : 0)
    }),
    { numRuns: 40 },
  )
})

test('no more prompts are held out than are answered, and none where none is wanted', async () => {
  const words = Array.from({ length: 200 }, (_, i) => `word ${i}`)
  const all = await find(typed(words))
  expect(all.heldOut.length).toBeGreaterThan(40)
  expect(all.heldOut.length).toBeLessThan(80)
  const few = await find(typed(words), { heldOut: 7 })
  expect(few.heldOut).toEqual(all.heldOut.slice(0, 7))
  // Those that would have been held out are not trained on instead.
  expect(few.train).toEqual(all.train)
  expect((await find(typed(words), { share: 0 })).train).toHaveLength(200)
  for (const row of all.train) expect(row).toMatchObject({ answers: [], task: null })
})

test('demonstrations are asked once each, with all the answers that they give', async () => {
  const { demonstrations, call } = openDemonstrations()
  const { set } = await call('demonstrations.create', { name: 'Small talk' })
  for (const [prompt, answer] of [
    ['who?', 'A crow.'],
    ['where?', 'On the beach.'],
    ['who?', 'A gull.'],
    ['who?', 'A crow.'],
  ] as const)
    await call('demonstrations.add', { set, messages: turn(prompt, answer) })
  const source: PromptSource = { from: 'demonstrations', sets: [set], count: 9 }
  const { train } = await find(source, { share: 0 }, demonstrations)
  expect(new Map(train.map(row => [lastOf(row), row.answers]))).toEqual(
    new Map([
      ['who?', ['A crow.', 'A gull.']],
      ['where?', ['On the beach.']],
    ]),
  )
})

test('the starter world asks what it judges, and holds out questions of its own that it never trains on', async () => {
  const source = { from: 'starter-world', world: 3, count: 90, constructed: false } as const
  const { train, heldOut } = await find(source, { heldOut: 31 })
  expect(train).toHaveLength(90)
  expect(heldOut).toHaveLength(31)
  for (const { task, answers } of [...train, ...heldOut]) {
    expect(task).not.toBeNull()
    if (task!.kind !== 'unknown') expect(answers.length).toBeGreaterThan(0)
  }
  expect(new Set(heldOut.map(({ task }) => task!.kind))).toEqual(new Set(['known', 'unknown', 'task']))
  const asked = new Set(train.map(lastOf))
  const { known, unknown } = evaluationSet(makeWorld(3), 'test')
  const reported = new Set([...known, ...unknown].map(({ prompt }) => prompt))
  for (const row of heldOut.filter(({ task }) => task!.useCase === 'open-qa')) {
    expect(asked.has(lastOf(row)), lastOf(row)).toBe(false)
    expect(reported.has(lastOf(row)), lastOf(row)).toBe(false)
  }
  expect(await find(source, { heldOut: 31, seed: 9 })).toEqual({ train, heldOut })
})

test('a prompt is encoded with the assistant’s turn opened, or refused where no answer of four tokens fits', async () => {
  const tokenizer = new CharacterTokenizer([...'abcdefgh? �'])
  const row = (text: string): PpoPromptRow => ({
    messages: [{ role: 'user', content: text }],
    answers: [],
    task: null,
  })
  const rendered = (text: string) =>
    renderChat(tokenizer, row(text).messages, { addGenerationPrompt: true }).tokens
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(30), { maxLength: 9 }), async lengths => {
      const rows = lengths.map(length => row('abcdefgh'[length % 8]!.repeat(1 + length)))
      const { prompts, refused } = await encodePrompts(rows, tokenizer, 24)
      const fitting = rows.filter(({ messages }) => rendered(messages[0]!.content).length <= 20)
      expect(prompts.map(prompt => prompt.row)).toEqual(fitting)
      expect(refused).toBe(rows.length - fitting.length)
      for (const { row: of, tokens } of prompts)
        expect([...tokens]).toEqual([...rendered(of.messages[0]!.content)])
    }),
    { numRuns: 40 },
  )
})
