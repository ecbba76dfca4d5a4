// What a reward model can judge, measured with the real engine on models that were trained for a moment.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, openLab } from '../../../src-main/core/lab.ts'
import type { JobStatus, RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { RewardReport } from '../../../src-shared/contract/reward-contract.ts'
import type { PreferenceRow } from '../../../src-shared/preferences/preference-row.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'

let lab: ChatLab
/** Fine-tuned to answer in letters a. */
let parent: string
beforeAll(async () => {
  lab = await openChatLab(1, 3)
  const { set } = await lab.call('demonstrations.create', { name: 'Letters' })
  for (const row of longerWins(40))
    await lab.call('demonstrations.add', {
      set,
      messages: [...row.prompt, { role: 'assistant', content: row.responses[0]!.text }],
    })
  const { run } = await lab.call('sft.start', {
    checkpoint: lab.checkpoints[0]!,
    name: 'Letters',
    sets: [set],
    config: {
      steps: 60,
      batchSize: 4,
      learningRate: 0.02,
      warmupSteps: 2,
      evalInterval: 60,
      samplePrompts: [],
    },
  })
  await lab.lab.waitForRun(run)
  parent = (await newest(run)).id
}, 60_000)
afterAll(() => lab.close())

const config = {
  steps: 150,
  batchSize: 4,
  learningRate: 0.01,
  evalInterval: 50,
  referenceSamples: 14,
  validationShare: 0.3,
}

/** Prompts with three answers of 1 … 12 letters, of which the longest is the best. */
const longerWins = (count: number): PreferenceRow[] =>
  Array.from({ length: count }, (_, number) => {
    const random = randomStream(5, 'test/longer-wins', number)
    const texts = Array.from({ length: 3 }, () => 'a'.repeat(1 + random.integer(12)))
    const lengths = texts.map(({ length }) => length)
    const order = [...new Set(lengths)].sort((a, b) => b - a)
    return {
      prompt: [{ role: 'user', content: `ask ${number}` }],
      responses: texts.map(text => ({ text })),
      rankings: [{ labeler: 'me', ranks: lengths.map(length => order.indexOf(length) + 1) }],
    }
  })

async function imported(rows: readonly PreferenceRow[]): Promise<string> {
  const file = join(lab.path, '..', 'rankings.jsonl')
  writeFileSync(file, rows.map(row => `${JSON.stringify(row)}\n`).join(''))
  const { job } = await lab.call('preferences.import', { name: 'Longer', files: [lab.lab.grantPath(file)] })
  return (await lab.lab.waitForJob<{ set: string }>(job)).set
}

async function trained(set: string, changes: Record<string, unknown> = {}): Promise<RunSummary> {
  const { run } = await lab.call('reward.start', {
    checkpoint: parent,
    sets: [set],
    config: { ...config, ...changes },
  })
  const summary = await lab.lab.waitForRun(run)
  if (summary.status !== 'finished') throw new Error(`${summary.status}: ${summary.reason}`)
  return summary
}

async function measured(checkpoint: string): Promise<RewardReport> {
  const { job } = await lab.call('reward.measure', { checkpoint })
  return lab.lab.waitForJob<RewardReport>(job)
}

const newest = async (run: string) => (await lab.call('checkpoints.list', { run }))[0]!
const lastOf = async (run: string, name: string) =>
  (await lab.call('runs.series', { run, names: [name], points: 100 }))[name]!.values.at(-1)!

describe('A reward model that was trained on “longer wins”', () => {
  let run: RunSummary
  let checkpoint: string
  let report: RewardReport
  beforeAll(async () => {
    run = await trained(await imported(longerWins(61)))
    const { id } = await newest(run.id)
    checkpoint = id
    expect(await lab.call('reward.report', { checkpoint })).toBeNull()
    report = await measured(checkpoint)
  }, 60_000)

  test('is measured on the split and by the loss that it was trained with', async () => {
    const { prompts, pairs } = run.data.preferences!
    expect(prompts.validation).toBeGreaterThan(5)
    expect(report.train).toMatchObject({ prompts: prompts.train, pairs: pairs.train })
    expect(report.validation).toMatchObject({ prompts: prompts.validation, pairs: pairs.validation })
    expect(report.validation.loss).toBeCloseTo(await lastOf(run.id, 'eval_loss'), 4)
  })

  test('is normalised on the fresh answers that the report is about', async () => {
    const { path } = await newest(run.id)
    const scale = JSON.parse(readFileSync(join(path, 'config.json'), 'utf8'))
    expect(report.reference).toMatchObject({ samples: 14, prompts: 7 })
    expect(report.reference.mean).toBeCloseTo(scale.reward_mean, 4)
    expect(report.reference.std).toBeCloseTo(scale.reward_std, 4)
  })

  test('has its rule named: the longer answer wins', () => {
    expect(report.length.longerWins.share).toBe(1)
    expect(report.length.correlation).toBeGreaterThan(0.9)
    expect(report.validation.accuracy.share).toBeGreaterThan(0.9)
    const length = report.verdict.reasons.find(({ code }) => code === 'length')
    expect(length).toMatchObject({
      level: 'amber',
      text: expect.stringContaining('Longer answers score higher'),
    })
    // Twelve letters; with the token that ends it it would be 13.
    expect(Math.max(...report.length.points.map(([characters]) => characters))).toBe(12)
  })

  test('is not said to know the truth about prompts that nobody knows it of', () => {
    expect(report.judges).toEqual([])
    expect(report.clean).toBeNull()
    expect(report.verdict.summary).toContain('Whether it tells true from false was not measured.')
    expect(report.verdict.level).not.toBe('green')
    expect(report.verdict.reasons.map(({ code }) => code)).toContain('prompts')
  })

  test('keeps its report when the app is closed, and has a newer one in its place when measured again', async () => {
    await lab.reopen()
    expect(await lab.call('reward.report', { checkpoint })).toEqual(report)
    const again = await measured(checkpoint)
    expect(await lab.call('reward.report', { checkpoint })).toEqual(again)
    const { createdAt: _, ...same } = again
    const { createdAt: __, ...before } = report
    expect(same).toEqual(before)
  })

  test('is measured after the run that is being trained, and not at all when cancelled', async () => {
    const { run: other } = await lab.call('reward.start', {
      checkpoint: parent,
      sets: run.data.preferences!.sets.map(({ set }) => set),
      config: { ...config, steps: 4000 },
    })
    const { createdAt } = (await lab.call('reward.report', { checkpoint }))!
    const first = await lab.call('reward.measure', { checkpoint })
    expect(await lab.call('reward.measure', { checkpoint })).toEqual(first)
    const status = await jobOf(first.job, ({ note }) => note !== null)
    expect(status).toMatchObject({
      state: 'running',
      note: expect.stringContaining('waits until "Letters reward"'),
    })
    await lab.call('jobs.cancel', { job: first.job })
    await expect(lab.lab.waitForJob(first.job)).rejects.toMatchObject({ facts: { code: 'cancelled' } })
    expect((await lab.call('runs.show', { run: other })).status).toBe('running')
    expect((await lab.call('reward.report', { checkpoint }))!.createdAt).toBe(createdAt)

    const { job } = await lab.call('reward.measure', { checkpoint })
    await lab.call('runs.stop', { run: other })
    const { createdAt: after } = await lab.lab.waitForJob<RewardReport>(job)
    expect(after > createdAt).toBe(true)
  }, 60_000)

  test('is not measured on rows that were changed on the disk', async () => {
    const file = join(lab.path, 'datasets', `${run.data.preferences!.hash}.jsonl`)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('ask 7', 'ask 8'))
    const { job } = await lab.call('reward.measure', { checkpoint })
    await expect(lab.lab.waitForJob(job)).rejects.toMatchObject({ facts: { code: 'damaged', where: file } })
    writeFileSync(file, text)
    await measured(checkpoint)
  })
})

const jobOf = async (id: string, is: (status: JobStatus) => boolean): Promise<JobStatus> => {
  for (;;) {
    const found = (await lab.call('jobs.list', {})).find(job => job.id === id)!
    if (is(found)) return found
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

test('A model that writes cannot be measured as a judge', async () => {
  await expect(lab.call('reward.measure', { checkpoint: parent })).rejects.toMatchObject({
    facts: { code: 'bad-input', what: expect.stringContaining('is no reward model') },
  })
  await expect(lab.call('reward.measure', { checkpoint: 'run-0-step-1' })).rejects.toMatchObject({
    facts: { code: 'not-found' },
  })
})

describe('A reward model of the starter world', () => {
  test('is asked what it can judge, and held against the labelers before their noise', async () => {
    const { set, job } = await lab.call('ranking.create', {
      checkpoint: parent,
      prompts: { from: 'starter-world', world: 3, count: 60, constructed: true },
      responses: 2,
      sampling: { temperature: 1, topK: 0, topP: 1, maxTokens: 6, seed: 1 },
    })
    await lab.lab.waitForJob(job)
    const simulate = await lab.call('ranking.simulate', {
      set,
      policy: 'truth-then-style',
      noise: 0.2,
      seed: 2,
    })
    await lab.lab.waitForJob(simulate.job)
    const run = await trained(set, { steps: 6 })
    const report = await measured((await newest(run.id)).id)
    expect(report.clean).toMatchObject({ noise: expect.closeTo(0.2, 12) })
    expect(report.clean!.accuracy.n).toBe(report.validation.accuracy.n)
    expect(report.agreement.ceiling).toMatchObject({ source: 'simulated', share: 0.8 })
    expect(new Set(report.judges.map(({ group }) => group))).toEqual(
      new Set(['truth', 'abstention', 'style', 'tasks']),
    )
    for (const { accuracy, examples } of report.judges) {
      expect(accuracy.n).toBeGreaterThan(10)
      expect(examples.length).toBeGreaterThan(1)
    }
    expect(report.verdict.summary).not.toContain('was not measured')
  }, 60_000)
})

describe('In a window', () => {
  test('a reward model is measured when its run ends, once', async () => {
    const set = await imported(longerWins(40))
    await lab.lab.close()
    const open: Lab = await openLab({
      path: lab.path,
      host: 'browser',
      engineHost: lab.engine,
      backend: 'wasm',
      threads: 1,
    })
    const jobs: string[] = []
    const { promise: told, resolve } = Promise.withResolvers<void>()
    open.subscribe((topic, payload) => {
      if (topic === 'job') {
        const { id, kind } = payload as JobStatus
        if (kind === 'reward-measure' && !jobs.includes(id)) jobs.push(id)
      }
      if (topic === 'changed' && (payload as { what: string }).what === 'reward-reports') resolve()
    })
    try {
      const { run } = await open.handlers['reward.start']({
        checkpoint: parent,
        sets: [set],
        config: { ...config, steps: 3 },
      })
      await open.waitForRun(run)
      await told
      const [checkpoint] = await open.handlers['checkpoints.list']({ run })
      expect(await open.handlers['reward.report']({ checkpoint: checkpoint!.id })).toMatchObject({
        checkpoint: checkpoint!.id,
      })
      // Any other change of a finished run is none that has to be measured.
      await open.handlers['runs.remove']({ run })
      await open.handlers['runs.restore']({ run })
      expect(jobs).toHaveLength(1)
    } finally {
      await open.close()
    }
  }, 60_000)
})
