// Phase 3 as a window asks for it, on the real engine and a model that was trained for a moment.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JobStatus } from '../../../src-shared/contract/lab-contract.ts'
import type { PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'

let lab: ChatLab
let parent: string
beforeAll(async () => {
  lab = await openChatLab(1)
  parent = lab.checkpoints[0]!
}, 60_000)
afterAll(() => lab.close())

const words = ['crow', 'boat', 'a', 'beach', 'small', 'truly', 'where', 'o']
/** Three answers of different lengths to each of `prompts` questions: the longer one wins. */
const rows = (
  prompts: number,
  changes: (i: number) => Partial<PreferenceRow> = () => ({}),
): PreferenceRow[] =>
  Array.from({ length: prompts }, (_, i) => ({
    prompt: [{ role: 'user', content: `who ${i}?` }],
    responses: [1, 3, 2].map(length => ({
      text: Array.from({ length }, (_, n) => words[(i + n) % words.length]).join(' '),
    })),
    rankings: [{ labeler: 'me', ranks: [3, 1, 2] }],
    ...changes(i),
  }))

let files = 0
async function setOf(rows: readonly PreferenceRow[]): Promise<string> {
  const file = join(lab.path, '..', `rankings-${files++}.jsonl`)
  writeFileSync(file, rows.map(row => `${JSON.stringify(row)}\n`).join(''))
  const { job } = await lab.call('preferences.import', { name: 'Ranked', files: [lab.lab.grantPath(file)] })
  return (await lab.lab.waitForJob<{ set: string }>(job)).set
}

const config = { steps: 4, batchSize: 4, evalInterval: 2, warmupSteps: 1, referenceSamples: 12 }
const started = async (sets: string[], changes: Record<string, unknown> = {}) => {
  const { run } = await lab.call('reward.start', {
    checkpoint: parent,
    sets,
    config: { ...config, ...changes },
  })
  return lab.lab.waitForRun(run)
}
const newest = async (run: string) => (await lab.call('checkpoints.list', { run }))[0]!

describe('a run of phase 3', () => {
  test('starts undecided, is measured before its first step, and makes a sequence classifier that knows its scale', async () => {
    const run = await started([await setOf(rows(40))])
    expect(run).toMatchObject({ status: 'finished', phase: 'reward', step: 4, parentCheckpoint: parent })
    expect(run.model.head).toBe('score')
    const series = await lab.call('runs.series', {
      run: run.id,
      names: ['eval_loss', 'loss', 'accuracy', 'margin', 'eval_accuracy', 'eval_margin', 'mean_reward'],
      points: 100,
    })
    expect([...series.eval_loss!.steps]).toEqual([0, 2, 4])
    expect(Math.abs(series.eval_loss!.values[0]! - Math.LN2)).toBeLessThan(0.02)
    expect([...series.loss!.steps]).toEqual([1, 2, 3, 4])
    const { path, id } = await newest(run.id)
    const written = JSON.parse(readFileSync(join(path, 'config.json'), 'utf8'))
    expect(written).toMatchObject({
      architectures: ['GPT2ForSequenceClassification'],
      id2label: { 0: 'reward' },
    })
    expect(written.reward_std).toBeGreaterThan(0)
    const names = JSON.parse(headerOf(join(path, 'model.safetensors')))
    expect(names['score.weight'].shape).toEqual([1, 16])
    expect(Object.keys(names).some(name => name.startsWith('lm_head'))).toBe(false)
    expect(await lab.call('checkpoints.verify', { checkpoint: id })).toEqual({ verified: true, problems: [] })
  }, 60_000)

  test('is paused and goes on to the weights of a run that was never stopped', async () => {
    const set = await setOf(rows(40))
    const whole = await started([set], { steps: 12 })
    const { run } = await lab.call('reward.start', {
      checkpoint: parent,
      sets: [set],
      config: { ...config, steps: 12 },
    })
    const stepped = new Promise<void>(resolve => {
      const stop = lab.lab.subscribe((topic, payload) => {
        if (topic !== 'points' || (payload as { run: string }).run !== run) return
        stop()
        resolve()
      })
    })
    await stepped
    await lab.call('runs.pause', { run })
    const paused = await lab.lab.waitForRun(run)
    // The rankings may change meanwhile; the run reads those that it was started with.
    await lab.call('preferences.removePrompts', { set, numbers: [0, 1, 2, 3] })
    if (paused.status === 'paused') await lab.call('runs.resume', { run })
    expect(await lab.lab.waitForRun(run)).toMatchObject({ status: 'finished', step: 12 })
    const [a, b] = [await newest(whole.id), await newest(run)]
    expect(b.weightsSha256).toBe(a.weightsSha256)
    expect(readFileSync(join(b.path, 'config.json'), 'utf8')).toBe(
      readFileSync(join(a.path, 'config.json'), 'utf8'),
    )
  }, 60_000)

  describe('whose reference answers are being sampled', () => {
    const samples = { referenceSamples: 600 }
    let set: string
    let whole: string
    beforeAll(async () => {
      set = await setOf(rows(40))
      whole = (await newest((await started([set], samples)).id)).path
    }, 60_000)

    /** A run, and its job when some of the answers are there. */
    async function sampling(): Promise<{ run: string; job: string }> {
      const { promise, resolve } = Promise.withResolvers<string>()
      const stop = lab.lab.subscribe((topic, payload) => {
        if (topic !== 'job') return
        const { id, state, note, done } = payload as JobStatus
        if (state === 'running' && note === 'sampling reference answers' && done > 0) resolve(id)
      })
      const { run } = await lab.call('reward.start', {
        checkpoint: parent,
        sets: [set],
        config: { ...config, ...samples },
      })
      const job = await promise
      stop()
      return { run, job }
    }
    const filesOf = async (run: string) => {
      const { path } = await newest(run)
      return ['model.safetensors', 'config.json'].map(file => readFileSync(join(path, file)))
    }
    const expected = () => ['model.safetensors', 'config.json'].map(file => readFileSync(join(whole, file)))

    test('goes on by itself when the engine is lost', async () => {
      const { run } = await sampling()
      await lab.engine.stop()
      expect(await lab.lab.waitForRun(run)).toMatchObject({ status: 'finished', reason: null })
      const events = await lab.call('runs.events', { run })
      expect(events.map(({ kind }) => kind)).toContain('engine-lost')
      expect(await filesOf(run)).toEqual(expected())
    }, 60_000)

    test('leaves at once when it is paused, or its job is cancelled, and can go on', async () => {
      const { run, job } = await sampling()
      await lab.call('runs.pause', { run })
      expect(await lab.lab.waitForRun(run)).toMatchObject({ status: 'paused', reason: null, step: 0 })
      await expect(lab.lab.waitForJob(job)).rejects.toThrow('cancelled')
      const other = await sampling()
      await lab.call('jobs.cancel', { job: other.job })
      expect(await lab.lab.waitForRun(other.run)).toMatchObject({ status: 'paused', reason: null, step: 0 })
      await lab.call('runs.resume', { run })
      expect(await lab.lab.waitForRun(run)).toMatchObject({ status: 'finished' })
      expect(await filesOf(run)).toEqual(expected())
    }, 60_000)
  })

  test('equal prompts stand on one side of the split, in whatever set they are', async () => {
    const [first, second] = [await setOf(rows(40)), await setOf(rows(40))]
    const estimate = (sets: string[]) =>
      lab.call('reward.estimate', { checkpoint: parent, sets, config: { ...config, validationShare: 0.3 } })
    const one = (await estimate([first])).examples!
    const both = (await estimate([first, second])).examples!
    expect(one.prompts.validation).toBeGreaterThan(0)
    expect(both.prompts).toEqual({ train: 2 * one.prompts.train, validation: 2 * one.prompts.validation })
    expect(both.pairs).toEqual({ train: 2 * one.pairs.train, validation: 2 * one.pairs.validation })
    expect(one.pairs.train).toBe(3 * one.prompts.train)
  })

  test('starts on the rows as they were written down, though rankings never stop coming', async () => {
    const [set, growing] = [await setOf(rows(40)), await setOf(rows(3))]
    let mended = 0
    let isStarted = false
    const ranking = (async () => {
      for (; !isStarted; mended++) {
        await nextTurn()
        await lab.call('ranking.rank', {
          set: growing,
          number: mended % 3,
          labeler: 'me',
          pass: 0,
          outcome: 'ranked',
          ranks: mended % 2 === 0 ? [1, 2, 3] : [3, 2, 1],
          seconds: 1,
        })
      }
    })()
    const { run } = await lab.call('reward.start', { checkpoint: parent, sets: [set, growing], config })
    isStarted = true
    await ranking
    expect(mended).toBeGreaterThan(0)
    const { status, data } = await lab.lab.waitForRun(run)
    expect(status).toBe('finished')
    const { hash, prompts, pairs } = data.preferences!
    const written = readFileSync(join(lab.path, 'datasets', `${hash}.jsonl`), 'utf8')
    expect(written.trim().split('\n')).toHaveLength(43)
    expect(prompts.train + prompts.validation).toBe(43)
    expect(pairs.train + pairs.validation).toBe(3 * 43)
  }, 60_000)

  test('says before it starts what makes no pair, and what does not fit', async () => {
    const set = await setOf([
      ...rows(6),
      ...rows(2, i => ({
        prompt: [{ role: 'user', content: `tied ${i}?` }],
        rankings: [{ labeler: 'me', ranks: [1, 1, 1] }],
      })),
      ...rows(1, () => ({
        prompt: [{ role: 'user', content: 'bad?' }],
        rankings: [{ labeler: 'me', outcome: 'all-bad', ranks: [null, null, null] }],
      })),
      ...rows(1, () => ({
        prompt: [{ role: 'user', content: 'long?' }],
        responses: [{ text: 'a'.repeat(300) }, { text: 'a' }],
        rankings: [{ labeler: 'me', ranks: [1, 2] }],
      })),
    ])
    const request = { checkpoint: parent, sets: [set], config: { ...config, validationShare: 0 } }
    const { examples, problems } = await lab.call('reward.estimate', request)
    expect(problems).toEqual([])
    expect(examples).toMatchObject({
      prompts: { train: 6, validation: 0 },
      distinct: { train: 6, validation: 0 },
      withoutPairs: 3,
      ties: 6,
      refused: 1,
    })
    const { rows: refused } = await lab.call('reward.refused', {
      checkpoint: parent,
      sets: [set],
      offset: 0,
      limit: 10,
    })
    expect(refused).toMatchObject([
      { set, excerpt: 'long?', reason: expect.stringContaining('context of 48') },
    ])
  })

  test('is refused without a pair, and from a model that scores', async () => {
    const tied = await setOf(rows(3, () => ({ rankings: [{ labeler: 'me', ranks: [1, 1, 1] }] })))
    await expect(started([tied])).rejects.toThrow('no pair of responses')
    const run = await started([await setOf(rows(12))])
    const { id } = await newest(run.id)
    await expect(lab.call('reward.start', { checkpoint: id, sets: [tied], config })).rejects.toThrow(
      'scores texts and writes none',
    )
  }, 60_000)
})

describe('the scores of a reward model', () => {
  let checkpoint: string
  beforeAll(async () => {
    const run = await started([await setOf(rows(40))], { steps: 30, learningRate: 3e-3 })
    checkpoint = (await newest(run.id)).id
  }, 60_000)

  const messages = [{ role: 'user', content: 'who 3?' }] as const
  const respond = (text: string, stopped = true) => ({ messages, text, stopped })

  test('are those of the playground, whatever is scored beside them, also after the lab was closed', async () => {
    const texts = ['a crow', 'boat', 'small o where']
    const together = await lab.lab.rewardScores.score(
      checkpoint,
      texts.map(text => respond(text)),
    )
    for (const [i, text] of texts.entries()) {
      const [alone] = await lab.lab.rewardScores.score(checkpoint, [respond(text)])
      expect(Math.abs(alone!.score - together[i]!.score)).toBeLessThan(1e-5)
    }
    const { responses } = await lab.call('reward.score', { checkpoint, prompt: 'who 3?', responses: texts })
    for (const [i, { score, prefixScores, pieces }] of responses.entries()) {
      expect(Math.abs(score - together[i]!.score)).toBeLessThan(1e-5)
      expect(prefixScores).toHaveLength(pieces.length)
      expect(prefixScores.at(-1)).toBe(score)
      expect(pieces.at(-1)).toMatchObject({ text: '<|assistant_end|>', special: true })
    }
    await lab.reopen()
    expect(
      await lab.lab.rewardScores.score(
        checkpoint,
        texts.map(text => respond(text)),
      ),
    ).toEqual(together)
  }, 60_000)

  test('are read at the last token of a response that was cut off', async () => {
    const { responses } = await lab.call('reward.score', {
      checkpoint,
      prompt: 'who 3?',
      responses: ['a crow'],
    })
    const [cut] = await lab.lab.rewardScores.score(checkpoint, [respond('a crow', false)])
    expect(cut!.score).toBeCloseTo(responses[0]!.prefixScores.at(-2)!, 5)
  })

  test('are normalised by the scale that their checkpoint carries, of as many fresh answers as were asked for', async () => {
    const { run, path } = (await lab.call('checkpoints.list', {})).find(({ id }) => id === checkpoint)!
    const scale = JSON.parse(readFileSync(join(path, 'config.json'), 'utf8'))
    const [scored] = await lab.lab.rewardScores.score(checkpoint, [respond('a crow')])
    expect(scored!.score).toBeCloseTo((scored!.raw - scale.reward_mean) / scale.reward_std, 9)
    const { data } = await lab.call('runs.show', { run })
    const lines = readFileSync(join(lab.path, 'datasets', `${data.preferences!.reference}.jsonl`), 'utf8')
    expect(lines.trim().split('\n')).toHaveLength(12)
  })

  test('are not to be had of a model that writes, and a reward model writes nothing', async () => {
    await expect(lab.lab.rewardScores.score(parent, [respond('a')])).rejects.toThrow('scores none')
    await expect(
      lab.lab.questions.ask(checkpoint, [{ prompt: 'who?', seed: 1 }], {
        mode: 'template',
        sampling: { maxTokens: 3, temperature: 1, topK: 0, topP: 1 },
      }),
    ).rejects.toThrow('writes none')
    await expect(
      lab.call('ranking.create', {
        checkpoint,
        prompts: { from: 'text', prompts: ['who?'] },
        responses: 2,
        sampling: { maxTokens: 3, temperature: 1, topK: 0, topP: 1, seed: 1 },
      }),
    ).rejects.toThrow('writes none')
  })

  test('a response that does not fit the context is refused by name', async () => {
    await expect(
      lab.lab.rewardScores.score(checkpoint, [respond('a'), respond('b'.repeat(500))]),
    ).rejects.toMatchObject({ facts: { code: 'bad-input', where: 'response 2' } })
  })
})

function headerOf(path: string): string {
  const bytes = readFileSync(path)
  return bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString('utf8')
}
