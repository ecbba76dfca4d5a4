// The commands `reward` and `score`, on the real engine and a model made for a moment.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Output } from '../../../src-main/terminal/command.ts'
import { chat } from '../../../src-main/terminal/commands/chat.ts'
import { generate } from '../../../src-main/terminal/commands/generate.ts'
import { reward } from '../../../src-main/terminal/commands/reward.ts'
import { score } from '../../../src-main/terminal/commands/score.ts'
import { Progress } from '../../../src-main/terminal/progress.ts'
import { Session } from '../../../src-main/terminal/session.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'

let lab: ChatLab
let set: string
let trained: Record<string, unknown>
let text: string

const open = () =>
  new Session({
    lab: lab.lab,
    engineHost: lab.engine,
    json: true,
    progress: new Progress({ write: () => {} }),
    stdout: { write: () => true },
  })
const train = (rankings: string[]): Promise<Output> =>
  reward.run(open(), [], {
    checkpoint: lab.checkpoints[0]!,
    rankings,
    set: ['steps=20', 'batchSize=8', 'warmupSteps=1', 'learningRate=0.003', 'referenceSamples=8'],
  })

beforeAll(async () => {
  lab = await openChatLab(1)
  const file = join(lab.path, '..', 'pairs.jsonl')
  const pairs = Array.from({ length: 60 }, (_, i) => ({
    prompt: `who ${i}?`,
    chosen: 'a small crow',
    rejected: 'a',
  }))
  writeFileSync(file, pairs.map(pair => JSON.stringify(pair)).join('\n'))
  const { job } = await lab.call('preferences.import', { name: 'Pairs', files: [lab.lab.grantPath(file)] })
  set = (await lab.lab.waitForJob<{ set: string }>(job)).set
  const output = await train([set])
  trained = output.json as never
  text = output.text
}, 60_000)
afterAll(() => lab.close())

describe('reward', () => {
  it('trains, measures and gives the keys that are promised, with a verdict and its reasons', () => {
    expect(trained).toMatchObject({
      status: 'finished',
      steps: 20,
      preferences: { sets: [{ set, name: 'Pairs', prompts: 60 }] },
      cleanAccuracy: null,
      ceiling: null,
    })
    for (const key of ['run', 'checkpoint', 'path', 'weightsSha256', 'verdict'])
      expect(trained[key]).toEqual(expect.any(String))
    for (const key of ['minutes', 'tokensPerSecond', 'valLoss', 'valAccuracy', 'valPromptAccuracy'])
      expect(trained[key]).toEqual(expect.any(Number))
    // Sixty prompts, and nobody measured truth: no green.
    expect(trained.verdict).not.toBe('green')
    expect((trained.reasons as { code: string }[]).map(({ code }) => code)).toEqual(
      expect.arrayContaining(['prompts', 'truth']),
    )
    expect(text).toMatch(/^accuracy +[\d.]+ %, mean over prompts$/m)
    expect(text).toMatch(/^held-out accuracy, of pairs +[\d.]+ % \(.* to .*\), \d+ pairs$/m)
    expect(text).toMatch(/^(AMBER|RED) {2}\S/m)
  })

  it('takes the only set with rankings when none is named, and names them when there are several', async () => {
    const { json } = await reward.run(open(), [], {
      checkpoint: lab.checkpoints[0]!,
      set: ['steps=1', 'batchSize=2', 'referenceSamples=2'],
    })
    expect(json).toMatchObject({ status: 'finished', preferences: { sets: [{ set }] } })
  }, 60_000)

  it('is no model to talk with, whether one prompt or a conversation is wanted', async () => {
    const options = { system: '', maxTokens: 3, temperature: 1, topK: 0, topP: 1, seed: 1 }
    const checkpoint = [lab.checkpoints[0]!, trained.checkpoint as string]
    for (const prompt of [{}, { prompt: 'who' }])
      await expect(chat.run(open(), [], { ...options, ...prompt, checkpoint })).rejects.toThrow(
        'is a reward model: it scores texts and writes none',
      )
  })

  it('is not a model that other commands write with', async () => {
    const ended = generate.run(open(), [], {
      checkpoint: trained.checkpoint as string,
      prompt: 'who',
      maxTokens: 3,
      temperature: 1,
      topK: 0,
      topP: 1,
      seed: 1,
    })
    await expect(ended).rejects.toThrow('is a reward model: it scores texts and writes none')
  })
})

describe('score', () => {
  it('scores responses to a prompt with the newest reward model', async () => {
    const { json, text } = await score.run(open(), [], { prompt: 'who 3?', response: ['a small crow', 'a'] })
    const { scores, rejections } = json as { scores: { line: number; score: number }[]; rejections: [] }
    expect(scores.map(({ line }) => line)).toEqual([1, 2])
    expect(scores[0]!.score).toBeGreaterThan(scores[1]!.score)
    expect(rejections).toEqual([])
    expect(text).toContain('a small crow')
  })

  it('scores a file row by row, and says of every row it cannot score which one and why', async () => {
    const file = join(lab.path, '..', 'responses.jsonl')
    const rows = [
      JSON.stringify({ prompt: 'who 3?', response: 'a small crow' }),
      '',
      'no json',
      JSON.stringify({ prompt: 'who 3?' }),
      JSON.stringify({ prompt: [{ role: 'user', content: 'who 3?' }], response: 'a small crow' }),
      JSON.stringify({ prompt: [{ role: 'assistant', content: 'who 3?' }], response: 'a' }),
      JSON.stringify({ prompt: 'who?', response: 'z'.repeat(400) }),
    ]
    writeFileSync(file, rows.join('\n'))
    const { json } = await score.run(open(), [], {
      checkpoint: trained.checkpoint as string,
      file,
    })
    const { scores, rejections } = json as {
      scores: { line: number; score: number }[]
      rejections: { line: number; reason: string }[]
    }
    expect(scores.map(({ line }) => line)).toEqual([1, 5])
    expect(scores[0]!.score).toBeCloseTo(scores[1]!.score, 5)
    expect(rejections.map(({ line }) => line)).toEqual([3, 4, 6, 7])
    expect(rejections.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^not JSON/),
      'the response is missing',
      expect.stringMatching(/^the prompt cannot be answered: the prompt ends with .* assistant/),
      expect.stringContaining('context of 48'),
    ])
  })

  it('reads compressed files and tables, and refuses what is empty', async () => {
    const lines = [
      { prompt: 'who 3?', response: 'a small crow' },
      { prompt: 'who 3?', response: ' ' },
      { prompt: '', response: 'a' },
      { response: 'a' },
      { prompt: 7, response: 'a' },
      { prompt: 'who 3?', response: ['a'] },
      { prompt: [], response: 'a' },
      5,
    ]
    const packed = join(lab.path, '..', 'packed.jsonl.gz')
    writeFileSync(packed, gzipSync(lines.map(line => JSON.stringify(line)).join('\n')))
    const { json } = await score.run(open(), [], { file: packed })
    expect(json).toMatchObject({
      scores: [{ line: 1 }],
      rejections: [
        { line: 2, reason: 'the response is empty' },
        { line: 3, reason: 'the prompt is empty' },
        { line: 4, reason: 'the prompt is missing' },
        { line: 5, reason: 'the prompt is a number, neither a text nor a list of messages' },
        { line: 6, reason: 'the response is a list, not a text' },
        { line: 7, reason: 'the prompt cannot be answered: there is no prompt before the answers' },
        { line: 8, reason: 'this is a number, not an object with "prompt" and "response"' },
      ],
    })
    const csv = join(lab.path, '..', 'rows.csv')
    writeFileSync(csv, 'prompt,response\nwho 3?,a small crow\n')
    expect((await score.run(open(), [], { file: csv })).json).toMatchObject({ scores: [{ line: 2 }] })
    const typed = await score.run(open(), [], { prompt: 'who 3?', response: ['', 'a'] })
    expect(typed.json).toMatchObject({
      scores: [{ line: 2 }],
      rejections: [{ line: 1, reason: 'the response is empty' }],
    })
  })

  it('fails with the reason where nothing could be scored', async () => {
    const failureOf = async (name: string, content: string) => {
      const file = join(lab.path, '..', name)
      writeFileSync(file, content)
      return (await score.run(open(), [], { file })).failure
    }
    expect(await failureOf('empty.jsonl', '')).toBe('nothing could be scored: the file is empty')
    expect(await failureOf('blank.jsonl', '\n \n')).toMatch(/^nothing could be scored: ./)
    expect(await failureOf('bad.jsonl', '{"prompt":"a"}')).toBe(
      'nothing could be scored: the response is missing',
    )
    expect(await failureOf('cut.jsonl.gz', 'no gzip')).toMatch(/^nothing could be scored: .*damaged/)
    expect(await failureOf('rows.docx', 'x')).toMatch(
      /^nothing could be scored: not a file that can be read: \.jsonl/,
    )
    await expect(score.run(open(), [], { file: 'not-there.jsonl' })).rejects.toMatchObject({
      facts: { where: expect.stringContaining('not-there.jsonl') },
    })
  })

  it('asks for what is missing, and for one of two things at a time', async () => {
    await expect(score.run(open(), [], {})).rejects.toThrow('give --prompt and --response, or --file')
    await expect(score.run(open(), [], { prompt: 'a', file: 'b' })).rejects.toThrow('not both')
  })
})
