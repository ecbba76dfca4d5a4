// Phase 2 as a window asks for it, on the real engine and a base that was trained for a moment.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChatMessage } from '../../../src-shared/contract/demonstrations-contract.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'
import { manyRows } from '../demonstrations/open-demonstrations.ts'

let lab: ChatLab
let base: string
beforeAll(async () => {
  lab = await openChatLab(1)
  base = lab.checkpoints[0]!
}, 60_000)
afterAll(() => lab.close())

const pair = (prompt: string, response: string): ChatMessage[] => [
  { role: 'user', content: prompt },
  { role: 'assistant', content: response },
]
const questions = ['who', 'where', 'what', 'when', 'why', 'how']

async function setOf(rows: readonly ChatMessage[][]): Promise<string> {
  const { set } = await lab.call('demonstrations.create', { name: 'Small talk' })
  for (const messages of rows) await lab.call('demonstrations.add', { set, messages })
  return set
}
/** Thirty rows, five answers to each of six questions. */
const talk = () =>
  setOf(Array.from({ length: 30 }, (_, i) => pair(`${questions[i % 6]}?`, `a ${Math.floor(i / 6)}.`)))
const config = {
  steps: 4,
  batchSize: 2,
  evalInterval: 2,
  warmupSteps: 1,
  validationShare: 0.3,
  sampleTokens: 4,
  samplePrompts: ['who?', 'what?'],
}
const started = async (request: { sets: string[]; config?: Record<string, unknown> }) => {
  const { run } = await lab.call('sft.start', { checkpoint: base, config, ...request })
  return lab.lab.waitForRun(run)
}

describe('a run of phase 2', () => {
  test('starts from its base, is measured before its first step, and makes a checkpoint that knows its parent', async () => {
    const run = await started({ sets: [await talk()] })
    expect(run).toMatchObject({ status: 'finished', phase: 'sft', step: 4, parentCheckpoint: base })
    const series = await lab.call('runs.series', {
      run: run.id,
      names: ['eval_loss', 'loss', 'mean_token_accuracy', 'entropy', 'epoch'],
      points: 100,
    })
    expect([...series.eval_loss!.steps]).toEqual([0, 2, 4])
    expect([...series.loss!.steps]).toEqual([1, 2, 3, 4])
    for (const name of ['mean_token_accuracy', 'entropy', 'epoch'])
      expect(series[name]!.values).toHaveLength(4)
    const samples = await lab.call('runs.samples', { run: run.id })
    expect(samples.filter(({ step }) => step === 0).map(({ promptText }) => promptText)).toEqual([
      'who?',
      'what?',
    ])
    const [checkpoint] = await lab.call('checkpoints.list', { run: run.id })
    const template = JSON.parse(readFileSync(join(checkpoint!.path, 'tokenizer_config.json'), 'utf8'))
    expect(template.chat_template).toContain('<|assistant_start|>')
    const [parent] = (await lab.call('checkpoints.list', {})).filter(({ id }) => id === base)
    const idOf = (name: string) =>
      JSON.parse(readFileSync(join(checkpoint!.path, 'tokenizer.json'), 'utf8')).added_tokens.find(
        (token: { content: string }) => token.content === name,
      ).id
    const stops = (path: string) =>
      JSON.parse(readFileSync(join(path, 'generation_config.json'), 'utf8')).eos_token_id
    expect(stops(checkpoint!.path)).toEqual([idOf('<|endoftext|>'), idOf('<|assistant_end|>')])
    expect(stops(parent!.path)).toBe(idOf('<|endoftext|>'))
    expect(await lab.call('checkpoints.verify', { checkpoint: checkpoint!.id })).toEqual({
      verified: true,
      problems: [],
    })
  }, 60_000)

  test('can start from another fine-tuned model', async () => {
    const first = await started({ sets: [await talk()] })
    const [checkpoint] = await lab.call('checkpoints.list', { run: first.id })
    const { run } = await lab.call('sft.start', { checkpoint: checkpoint!.id, sets: [await talk()], config })
    expect(await lab.lab.waitForRun(run)).toMatchObject({
      status: 'finished',
      parentCheckpoint: checkpoint!.id,
    })
  }, 60_000)

  test('goes on with the rows that it was started with, whatever becomes of the set', async () => {
    const set = await talk()
    const run = await started({ sets: [set] })
    await lab.call('demonstrations.removeRows', { set, numbers: [1, 2, 3] })
    await lab.call('demonstrations.add', { set, messages: pair('new?', 'yes') })
    await lab.call('runs.resume', { run: run.id, steps: 8 })
    expect(await lab.lab.waitForRun(run.id)).toMatchObject({ status: 'finished', step: 8 })
    const other = await started({ sets: [await talk()], config: { ...config, steps: 8 } })
    // Another schedule until step 4, so other weights; the same rows all the way.
    expect(other.data.demonstrations).toMatchObject({
      train: run.data.demonstrations!.train,
      validation: run.data.demonstrations!.validation,
    })
  }, 60_000)

  test('refuses to go on with rows that are not those it was started with', async () => {
    const run = await started({
      sets: [await setOf([...questions, ...questions].map((q, i) => pair(`${q} ${i}?`, 'b')))],
    })
    const file = join(lab.path, 'datasets', `${run.data.demonstrations!.hash}.jsonl`)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('who 0?', 'who 9?'))
    await lab.call('runs.resume', { run: run.id, steps: 6 })
    expect(await lab.lab.waitForRun(run.id)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(file),
    })
    writeFileSync(file, text)
    await lab.call('runs.resume', { run: run.id, steps: 6 })
    expect(await lab.lab.waitForRun(run.id)).toMatchObject({ status: 'finished', step: 6 })
  }, 60_000)

  test('reads the same file of rows as another run on the same set', async () => {
    const set = await talk()
    const [a, b] = [await started({ sets: [set] }), await started({ sets: [set] })]
    expect(a.data.demonstrations!.hash).toBe(b.data.demonstrations!.hash)
    expect(readdirSync(join(lab.path, 'datasets')).filter(name => name.startsWith('.'))).toEqual([])
    const lines = readFileSync(join(lab.path, 'datasets', `${a.data.demonstrations!.hash}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines).toHaveLength(30)
    expect(lines[0]).toEqual({ set, number: lines[0].number, messages: pair('who?', 'a 0.') })
  }, 60_000)

  test('reads answers of weight 0 and is not trained on them', async () => {
    const [asked, answered] = pair('who?', 'abc')
    const messages: ChatMessage[] = [asked!, { ...answered!, weight: 0 }, ...pair('why?', 'd')]
    const set = await setOf([messages])
    const request = { sets: [set], config: { ...config, validationShare: 0 } }
    const { data } = await started(request)
    const text = readFileSync(join(lab.path, 'datasets', `${data.demonstrations!.hash}.jsonl`), 'utf8')
    expect(JSON.parse(text)).toEqual({ set, number: 0, messages })
    const tokensOf = async (of: string) =>
      (await lab.call('sft.estimate', { checkpoint: base, ...request, sets: [of] })).examples!
    const whole = await setOf([[asked!, answered!, ...pair('why?', 'd')]])
    const [some, all] = [await tokensOf(set), await tokensOf(whole)]
    expect(some.tokens).toBe(all.tokens)
    expect(some.trainedTokens).toBe(2)
    expect(all.trainedTokens).toBeGreaterThan(3)
  }, 60_000)

  test('has conversations of one opening on one side of the split, whatever their weights', async () => {
    const rows = questions.flatMap(question => {
      const [asked, answered] = pair(`${question}?`, 'a')
      return [
        pair(`${question}?`, 'a'),
        [asked!, { ...answered!, weight: 0 as const }, ...pair('and?', 'b')],
        [asked!, answered!, ...pair('and?', 'b')],
      ]
    })
    const { data } = await started({ sets: [await setOf(rows)] })
    expect(data.demonstrations!.validation % 3).toBe(0)
    expect(data.demonstrations!.validation).toBeGreaterThan(0)
  }, 60_000)
})

describe('rows that change while a run is being started', () => {
  const imported = async (file: string): Promise<string> => {
    const { job } = await lab.call('demonstrations.import', { files: [{ file: lab.lab.grantPath(file) }] })
    return (await lab.lab.waitForJob<{ set: string }>(job)).set
  }

  test('are in it as they are counted: its steps are those of the rows it reads', async () => {
    const file = join(lab.path, 'uploads', 'rows.jsonl')
    writeFileSync(file, manyRows(3000))
    const set = await imported(file)
    const request = { checkpoint: base, sets: [set], config: { ...config, steps: 0, epochs: 1 } }
    const starting = lab.call('sft.start', request)
    for (let from = 0; from < 2000; from += 500) {
      await setTimeout(15)
      const numbers = Array.from({ length: 500 }, (_, i) => from + i)
      await lab.call('demonstrations.removeRows', { set, numbers })
    }
    const { run } = await starting
    const { steps, data } = await lab.call('runs.show', { run })
    await lab.call('runs.stop', { run })
    const read = await imported(join(lab.path, 'datasets', `${data.demonstrations!.hash}.jsonl`))
    const { examples } = await lab.call('sft.estimate', { ...request, sets: [read] })
    expect(steps).toBe(examples!.steps)
    await lab.lab.waitForRun(run)
  }, 60_000)
})

describe('what a run of phase 2 will read', () => {
  test('is told before it starts: examples, refused rows, packing and steps', async () => {
    const set = await talk()
    const estimate = await lab.call('sft.estimate', {
      checkpoint: base,
      sets: [set],
      config: { ...config, steps: 0, epochs: 2 },
    })
    const { examples } = estimate
    expect(examples!.train + examples!.validation).toBe(30)
    expect(examples).toMatchObject({ refused: 0 })
    expect(examples!.steps).toBe(Math.ceil((2 * examples!.rowsPerEpoch) / 2))
    expect(examples!.trainedTokens).toBeLessThan(examples!.tokens)
    expect(examples!.padding).toBeGreaterThanOrEqual(0)
    expect(estimate.problems).toEqual([])
  })

  test('keeps equal prompts on one side of the split', async () => {
    const set = await talk()
    const { examples } = await lab.call('sft.estimate', { checkpoint: base, sets: [set], config })
    // Six prompts of five rows each.
    expect(examples!.validation % 5).toBe(0)
    expect(examples!.validation).toBeGreaterThan(0)
  })

  test('leaves out what does not fit, and lists it with the reason', async () => {
    const set = await setOf([pair('who?', 'me'), pair('tell me all of it', 'z'.repeat(60))])
    const { examples } = await lab.call('sft.estimate', { checkpoint: base, sets: [set], config: {} })
    expect(examples).toMatchObject({ refused: 1 })
    const { total, rows } = await lab.call('sft.refused', {
      checkpoint: base,
      sets: [set],
      offset: 0,
      limit: 10,
    })
    expect(total).toBe(1)
    expect(rows[0]).toMatchObject({ set, excerpt: 'tell me all of it' })
    expect(rows[0]!.reason).toMatch(/do not fit the model's context of 48/)
  })

  test('is read once, however often its set is named', async () => {
    const set = await setOf([pair('who?', 'me'), pair('where?', 'here')])
    const { examples } = await lab.call('sft.estimate', { checkpoint: base, sets: [set, set], config: {} })
    expect(examples!.train + examples!.validation).toBe(2)
  })

  test('is read anew when rows change', async () => {
    const set = await setOf([pair('who?', 'me')])
    const count = async () => {
      const { examples } = await lab.call('sft.estimate', {
        checkpoint: base,
        sets: [set],
        config: { validationShare: 0 },
      })
      return examples!.train
    }
    expect(await count()).toBe(1)
    await lab.call('demonstrations.add', { set, messages: pair('where?', 'here') })
    expect(await count()).toBe(2)
  })

  test('is refused with a sentence when there is nothing in it', async () => {
    const { set } = await lab.call('demonstrations.create', { name: 'Empty' })
    const { problems } = await lab.call('sft.estimate', { checkpoint: base, sets: [set], config: {} })
    expect(problems.map(({ what }) => what)).toContain('there is no demonstration to train on')
    await expect(lab.call('sft.start', { checkpoint: base, sets: [set], config: {} })).rejects.toThrow(
      'there is no demonstration to train on',
    )
    await expect(
      lab.call('sft.start', { checkpoint: base, sets: [await talk()], config: { learningRate: 'fast' } }),
    ).rejects.toThrow('learningRate must be a number')
  })
})
