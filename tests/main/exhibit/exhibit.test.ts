// The exhibit as a job: the same questions to several checkpoints, sorted, kept, and cancelled without a trace.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { QuestionExhibit } from '../../../src-shared/contract/sft-contract.ts'
import { answerKind } from '../../../src-shared/demonstrations/answer-kinds.ts'
import { attributes } from '../../../src-shared/starter-world/attributes.ts'
import { evaluationSet } from '../../../src-shared/starter-world/evaluation.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'

const seed = 3
let lab: ChatLab
let checkpoints: readonly string[]
beforeAll(async () => {
  lab = await openChatLab(2, seed)
  checkpoints = lab.checkpoints
})
afterAll(() => lab.close())

const run = (changes: object = {}) =>
  lab.call('exhibit.run', {
    models: [
      { checkpoint: checkpoints[0]!, mode: 'raw' },
      { checkpoint: checkpoints[1]!, mode: 'template' },
      { checkpoint: checkpoints[0]!, mode: 'raw' },
    ],
    questions: ['Which is the nearest star?', 'Who are you?'],
    repeats: 5,
    temperature: 1,
    maxTokens: 9,
    seed: 11,
    ...changes,
  })
const models = (...models: { checkpoint: string; mode: 'raw' | 'template' }[]) => ({ models })

it('before the first there is none', async () => {
  expect(await lab.call('exhibit.latest', {})).toBeNull()
})

it('asks every question as often of every model, with the same seeds, sorts the answers and keeps them', async () => {
  const { job } = await run()
  const exhibit = await lab.lab.waitForJob<QuestionExhibit>(job)
  expect(exhibit.models.map(({ name, phase, mode }) => [name, phase, mode])).toEqual([
    ['Base 1', 'pretrain', 'raw'],
    ['Base 2', 'pretrain', 'template'],
    ['Base 1', 'pretrain', 'raw'],
  ])
  for (const { answers, counts } of exhibit.models) {
    expect(answers.map(({ question }) => question)).toEqual([
      ...Array(5).fill('Which is the nearest star?'),
      ...Array(5).fill('Who are you?'),
    ])
    for (const { question, text, kind } of answers) expect(kind).toBe(answerKind(question, text))
    expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(10)
  }
  expect(exhibit.models[2]!.answers).toEqual(exhibit.models[0]!.answers)
  expect(new Set(exhibit.models[0]!.answers.map(({ text }) => text)).size).toBeGreaterThan(5)
  const status = (await lab.call('jobs.list', {})).find(({ id }) => id === job)
  expect(status).toMatchObject({ state: 'done', done: 30, total: 30, unit: 'answers', result: exhibit })
  expect(await lab.call('exhibit.latest', {})).toEqual(exhibit)
  await lab.reopen()
  expect(await lab.call('exhibit.latest', {})).toEqual(exhibit)
})

it('of the starter world it asks what fine-tuning practises, and knows what could be an answer', async () => {
  const { questions } = await lab.call('exhibit.questions', { checkpoint: checkpoints[0]! })
  expect(new Set(questions).size).toBe(8)
  const world = makeWorld(seed)
  for (const split of ['development', 'test'] as const)
    for (const { prompt } of evaluationSet(world, split).known) expect(questions).not.toContain(prompt)
  const { job } = await run({
    ...models({ checkpoint: checkpoints[0]!, mode: 'raw' }),
    questions: questions.slice(0, 3),
    temperature: 3,
  })
  const exhibit = await lab.lab.waitForJob<QuestionExhibit>(job)
  const values = Object.values(attributes).flatMap(({ values }) => values as readonly string[])
  for (const { text, kind } of exhibit.models[0]!.answers)
    if (kind === 'answers')
      expect(values.some(value => text.toLowerCase().includes(value.toLowerCase()))).toBe(true)
})

it('of any other text it asks general questions, the article’s first', async () => {
  const other = await openChatLab(1)
  try {
    const { questions } = await other.call('exhibit.questions', { checkpoint: other.checkpoints[0]! })
    expect(questions).toHaveLength(6)
    expect(questions[0]).toBe('Which is the nearest star?')
  } finally {
    await other.close()
  }
})

it('is cancelled at once, and keeps nothing of what was cancelled', async () => {
  const before = await lab.call('exhibit.latest', {})
  const { job } = await run({ repeats: 100, maxTokens: 500 })
  await expect
    .poll(async () => (await lab.call('jobs.list', {})).find(({ id }) => id === job)!.done)
    .toBeGreaterThan(0)
  await lab.call('jobs.cancel', { job })
  await expect(lab.lab.waitForJob(job)).rejects.toMatchObject({ facts: { code: 'cancelled' } })
  expect(await lab.call('exhibit.latest', {})).toEqual(before)
})

it('questions that are no longer wanted end as cancelled, whoever asked them', async () => {
  const abort = new AbortController()
  const asked = lab.lab.questions.ask(
    checkpoints[0]!,
    Array.from({ length: 200 }, (_, seed) => ({ prompt: 'who?', seed })),
    {
      mode: 'raw',
      sampling: { temperature: 1, topK: 0, topP: 1, maxTokens: 400 },
      signal: abort.signal,
      onProgress: () => abort.abort(),
    },
  )
  await expect(asked).rejects.toMatchObject({ facts: { code: 'cancelled' } })
})

it('a checkpoint that is not there is refused before anything is asked', async () => {
  await expect(run(models({ checkpoint: 'gone', mode: 'raw' }))).rejects.toThrow(
    'there is no checkpoint gone',
  )
  await expect(lab.call('exhibit.questions', { checkpoint: 'gone' })).rejects.toThrow(
    'there is no checkpoint',
  )
})
