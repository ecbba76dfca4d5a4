// Answers of a bench: which prompts, from where, in which batches, cut off and gone on with.
import { expect, it } from 'vitest'
import { batchEnd, distinctResponses, responseSeeds } from '../../../src-main/core/rankings/sampling.ts'
import type { PreferenceResponse } from '../../../src-shared/contract/preferences-contract.ts'
import { writePreferencePrompts } from '../../../src-shared/starter-world/preferences.ts'
import { makeWorld } from '../../../src-shared/starter-world/world.ts'
import { benchRequest, type OpenBench, openBench, questions } from './open-bench.ts'
import { CONTEXT } from './writer.ts'

const allPrompts = async ({ call }: OpenBench, set: string) =>
  (await call('preferences.prompts', { set, offset: 0, limit: 1000 })).rows
const asksOf = async (bench: OpenBench, set: string) =>
  (await allPrompts(bench, set)).map(({ messages }) => messages.at(-1)!.content)

it('equal answers are one, with how often they came; cut off and ended are two', async () => {
  const bench = openBench({
    answer: (question, seed) => ({
      text: question === 'question 1?' ? 'always' : `say ${seed % 2}`,
      stopped: question === 'question 1?' || seed % 4 < 2,
    }),
  })
  const set = await bench.sampledBench({ responses: 9 })
  const prompts = await allPrompts(bench, set)
  for (const { responses } of prompts) {
    expect(responses.reduce((sum, { copies }) => sum + copies, 0)).toBe(9)
    const distinct = new Set(responses.map(({ text, stopped }) => JSON.stringify([text, stopped])))
    expect(distinct.size).toBe(responses.length)
  }
  expect(prompts[1]!.responses).toEqual([{ text: 'always', stopped: true, origin: 'model', copies: 9 }])
  // Nothing to rank there: it is sampled, and is not shown.
  const state = await bench.call('ranking.state', { set, labeler: 'me' })
  expect(state.total).toBeLessThan(13)
  expect(await bench.call('preferences.show', { set })).toMatchObject({ prompts: 12, sampled: 12 })
  await expect(bench.call('ranking.card', { set, number: 1, labeler: 'me' })).rejects.toThrow(
    'all answers to prompt 2 are the same',
  )
})

it('a sampling that is cut goes on with what is missing, and gets the answers of one that was not', async () => {
  const straight = openBench()
  const whole = await straight.sampledBench({ prompts: { from: 'text', prompts: questions(150) } })

  const bench = openBench({
    beforeBatch: async number => {
      if (number === 3) throw new Error('the power went')
    },
  })
  const { set, job } = await bench.call('ranking.create', benchRequest(questions(150)))
  await expect(bench.jobs.wait(job)).rejects.toThrow()
  // 4, 8 and 16: what was done is there, whole batches of it.
  expect(await bench.call('preferences.show', { set })).toMatchObject({ prompts: 150, sampled: 16 })
  expect((await bench.call('ranking.state', { set, labeler: 'me' })).card).toMatchObject({ number: 0 })
  bench.workspace.close()

  const again = openBench({ root: bench.root })
  await again.jobs.wait((await again.call('ranking.sample', { set })).job)
  const texts = (prompts: Awaited<ReturnType<typeof allPrompts>>) => prompts.map(({ responses }) => responses)
  expect(texts(await allPrompts(again, set))).toEqual(texts(await allPrompts(straight, whole)))
  // Nothing was sampled twice.
  expect(bench.asked.length + again.asked.length).toBe(150 * 4)
  // And a set that has all of it samples nothing.
  expect(await again.jobs.wait((await again.call('ranking.sample', { set })).job)).toMatchObject({
    prompts: 0,
  })
})

it('cancelled, what is sampled stays and can be ranked; a second start does not sample twice', async () => {
  const bench = openBench({
    beforeBatch: (number, signal) =>
      number < 2
        ? Promise.resolve()
        : new Promise((_, fail) => signal?.addEventListener('abort', () => fail(new Error('aborted')))),
  })
  const { set, job } = await bench.call('ranking.create', benchRequest(questions(40)))
  while (!bench.jobs.list().some(({ done }) => done === 32))
    await new Promise(settle => setTimeout(settle, 2))
  const waiting = await bench.call('ranking.state', { set, labeler: 'me' })
  expect(waiting).toMatchObject({ sampling: { job }, total: expect.any(Number), card: { number: 0 } })
  expect(await bench.call('ranking.sample', { set })).toEqual({ job })
  bench.jobs.cancel(job)
  await expect(bench.jobs.wait(job)).rejects.toThrow('cancelled')
  expect(await bench.call('ranking.state', { set, labeler: 'me' })).toMatchObject({ sampling: null })
  expect(await bench.call('preferences.show', { set })).toMatchObject({ prompts: 40, sampled: 8 })
})

it('answers come a few prompts at first, then in batches of equal size that depend on the number alone', () => {
  expect([0, 3, 4, 8, 16, 31, 32, 63, 64, 200, 256, 600].map(batchEnd)).toEqual([
    4, 4, 8, 16, 32, 32, 64, 64, 128, 256, 512, 768,
  ])
})

it('every answer has a seed of its own, a function of seed, prompt and place', () => {
  const seeds = questions(50).flatMap((_, number) => responseSeeds(7, number, 9))
  expect(new Set(seeds).size).toBe(450)
  expect(responseSeeds(7, 3, 4)).toEqual(responseSeeds(7, 3, 9).slice(0, 4))
  expect(responseSeeds(8, 3, 4)).not.toEqual(responseSeeds(7, 3, 4))
})

it('answers that labelers wrote stand beside the sampled ones, each once and as many as there are ranks for', () => {
  const written = (text: string): PreferenceResponse => ({
    text,
    stopped: true,
    origin: 'labeler',
    copies: 1,
  })
  const answers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(text => ({ text, stopped: true }))
  const distinct = distinctResponses(answers, [written('a'), written('x'), written('y')])
  expect(distinct.map(({ text, origin }) => `${text} ${origin}`).slice(7)).toEqual(['h model', 'x labeler'])
})

it('typed prompts are asked as they are, each once', async () => {
  const bench = openBench()
  const prompts = ['two\nlines', ' spaces ', 'two\nlines', '   ', '<b>&amp;</b>']
  const set = await bench.sampledBench({ prompts: { from: 'text', prompts } })
  expect(await asksOf(bench, set)).toEqual(['two\nlines', ' spaces ', '<b>&amp;</b>'])
  expect(await bench.call('preferences.show', { set })).toMatchObject({ prompts: 3, duplicates: 1 })
})

it('prompts that leave no room for an answer are left out with a note; where none fits, that is said with a length that would', async () => {
  const bench = openBench()
  const long = 'x'.repeat(CONTEXT - 10)
  const set = await bench.sampledBench({ prompts: { from: 'text', prompts: [long, 'short', `${long}y`] } })
  expect(await asksOf(bench, set)).toEqual(['short'])
  const { notes } = await bench.call('preferences.show', { set })
  expect(notes).toEqual([expect.stringMatching(/^2 prompts leave no room .*: the first is “x{60}…”$/)])
  const request = benchRequest(['x'.repeat(80), 'x'.repeat(90)])
  // Opening token, user's two, assistant's one: 84 of 100.
  await expect(bench.call('ranking.create', request)).rejects.toThrow('at most 16 tokens')
  expect(await bench.call('preferences.list', {})).toHaveLength(2)
})

it('demonstrations are asked their last question with what was said before, distinct, in an order drawn from the seed', async () => {
  const bench = openBench()
  const set = bench.demonstrations.create('Talks')
  const add = (...texts: string[]) =>
    bench.demonstrations.add(set, {
      messages: texts.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content })),
    })
  add('hello', 'good day', 'and?', 'bye')
  for (let i = 0; i < 20; i++) add(`ask ${i}`, 'answer')
  add('ask 3', 'another answer')
  const take = async (seed: number, count = 100) => {
    const { sampling } = benchRequest()
    return await bench.sampledBench({
      prompts: { from: 'demonstrations', sets: [set], count },
      sampling: { ...sampling, seed },
    })
  }
  const first = await take(1)
  const asked = await asksOf(bench, first)
  expect([...asked].sort()).toEqual(['and?', ...Array.from({ length: 20 }, (_, i) => `ask ${i}`)].sort())
  expect(asked).not.toEqual([...asked].sort())
  expect(await asksOf(bench, await take(1))).toEqual(asked)
  expect(await asksOf(bench, await take(2))).not.toEqual(asked)
  expect(await asksOf(bench, await take(1, 5))).toEqual(asked.slice(0, 5))
  const whole = (await allPrompts(bench, first)).find(({ messages }) => messages.length > 1)!
  expect(whole.messages.map(({ content }) => content)).toEqual(['hello', 'good day', 'and?'])
  expect((await bench.call('preferences.show', { set: first })).notes).toEqual([
    'these demonstrations ask 21 different questions, fewer than the 100 wanted',
  ])
})

it('files give a prompt a line, or rows with a prompt or a conversation; what is neither is rejected with its line', async () => {
  const bench = openBench()
  const rows = [
    { prompt: 'a text' },
    {
      prompt: [
        { role: 'system', content: 'be kind' },
        { role: 'user', content: 'a list' },
      ],
    },
    {
      messages: [
        { role: 'user', content: 'a talk' },
        { role: 'assistant', content: 'yes' },
      ],
    },
    { question: 'nobody' },
    { prompt: 7 },
    { prompt: 'a text' },
  ]
  const files = [
    bench.file('a.txt', 'first line\r\n\r\n  second — line \nfirst line'),
    bench.file('b.jsonl', `${rows.map(row => JSON.stringify(row)).join('\n')}\n{not json`),
    bench.file('c.png', 'x'),
  ]
  const set = await bench.sampledBench({ prompts: { from: 'files', files } })
  expect(await asksOf(bench, set)).toEqual(['first line', '  second — line ', 'a text', 'a list', 'a talk'])
  const summary = await bench.call('preferences.show', { set })
  expect(summary).toMatchObject({ duplicates: 2, rejected: 4 })
  expect(summary.files.map(({ file, rows }) => [file, rows])).toEqual([
    ['a.txt', 2],
    ['b.jsonl', 3],
    ['c.png', 0],
  ])
  expect(bench.preferences.rejections(set, { offset: 0, limit: 9 }).rows.map(({ line }) => line)).toEqual([
    4,
    5,
    7,
    null,
  ])
  expect((await allPrompts(bench, set))[3]).toMatchObject({
    messages: [{ role: 'system', content: 'be kind' }, { content: 'a list' }],
    source: { file: 'b.jsonl', line: 2 },
  })
})

it('files without a prompt, a set that is gone and a reward model make no bench, and say why', async () => {
  const bench = openBench()
  const from = (content: string) =>
    bench.call('ranking.create', {
      ...benchRequest(),
      prompts: { from: 'files', files: [bench.file('x.jsonl', content)] },
    })
  await expect(from('{"a":1}')).rejects.toThrow('neither "prompt" nor "messages"')
  await expect(from('')).rejects.toThrow('there is no prompt to answer')
  const gone = bench.demonstrations.create('Gone')
  bench.demonstrations.remove(gone)
  const prompts = { from: 'demonstrations' as const, sets: [gone], count: 3 }
  await expect(bench.call('ranking.create', { ...benchRequest(), prompts })).rejects.toThrow('is removed')
  bench.db.exec("UPDATE runs SET model = json_set(model, '$.head', 'score')")
  await expect(bench.call('ranking.create', benchRequest())).rejects.toThrow('scores texts and writes none')
  await expect(
    bench.call('ranking.create', { ...benchRequest(), checkpoint: 'run-none-step-1' }),
  ).rejects.toThrow('there is no checkpoint')
  expect(await bench.call('preferences.list', {})).toHaveLength(1)
})

it('the starter world gives its prompts with what their judges must know, and what labelers wrote beside', async () => {
  const bench = openBench()
  const prompts = { from: 'starter-world' as const, world: 4, count: 30 }
  // Long answers of the world fit no context of 100 characters.
  const set = await bench.sampledBench({ prompts: { ...prompts, constructed: true }, responses: 2 })
  const bare = await bench.sampledBench({ prompts: { ...prompts, constructed: false }, responses: 2 })
  const written = [...writePreferencePrompts(makeWorld(4), 30)]
  const rows = [...bench.preferences.rowsOf([set])]
  expect(rows.length).toBeGreaterThan(5)
  for (const { prompt, responses, task } of rows) {
    const of = written.find(({ task }) => task.prompt === prompt[0]!.content)!
    expect(task).toMatchObject({
      world: 4,
      kind: of.kind,
      useCase: of.task.useCase,
      answers: of.task.answers,
    })
    const labelers = responses.filter(({ origin }) => origin === 'labeler').map(({ text }) => text)
    expect(of.candidates).toEqual(expect.arrayContaining(labelers))
  }
  expect(rows.some(({ responses }) => responses.some(({ origin }) => origin === 'labeler'))).toBe(true)
  for (const { responses } of bench.preferences.rowsOf([bare]))
    expect(responses.every(({ origin }) => origin === 'model')).toBe(true)
  expect(await bench.call('preferences.show', { set })).toMatchObject({ bench: { world: 4, responses: 2 } })
})
