// Phase 4 as a window asks for it, on the real engine and models that were trained for a moment.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveCheckpoint } from '../../../src-main/core/database/queries/checkpoints.ts'
import { baseOf } from '../../../src-main/core/runs/ppo-data.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../src-shared/contract/method.ts'
import type { RewardSource } from '../../../src-shared/contract/ppo-contract.ts'
import { type ChatLab, openChatLab } from '../chat/chat-lab.ts'
import { insertTinyRun } from '../checkpoints/tiny-run.ts'
import { openContext } from '../workspace/open-context.ts'

const WORLD = 3
let lab: ChatLab
let parent: string
let set: string
beforeAll(async () => {
  lab = await openChatLab(1, WORLD)
  parent = lab.checkpoints[0]!
  const file = join(lab.path, '..', 'pairs.jsonl')
  const pairs = Array.from({ length: 30 }, (_, i) => ({ prompt: `${i}?`, chosen: 'a e', rejected: 'o' }))
  writeFileSync(file, pairs.map(pair => JSON.stringify(pair)).join('\n'))
  const { job } = await lab.call('preferences.import', { name: 'Pairs', files: [lab.lab.grantPath(file)] })
  set = (await lab.lab.waitForJob<{ set: string }>(job)).set
}, 60_000)
afterAll(() => lab.close())

const newest = async (run: string) => (await lab.call('checkpoints.list', { run }))[0]!
async function finished(run: string) {
  const ended = await lab.lab.waitForRun(run)
  expect(ended.reason).toBeNull()
  expect(ended.status).toBe('finished')
  return ended
}
async function rewardModel(checkpoint = parent): Promise<string> {
  const config = { steps: 2, batchSize: 4, warmupSteps: 0, referenceSamples: 4 }
  const { run } = await lab.call('reward.start', { checkpoint, sets: [set], config })
  await finished(run)
  return (await newest(run)).id
}

type Request = InputOf<LabMethods['ppo.start']>
const letter: RewardSource = { kind: 'regex', pattern: 'e', most: 9, weight: 0.5 }
const typed = { from: 'text' as const, prompts: Array.from({ length: 24 }, (_, i) => `who ${i}?`) }
const config = {
  ...{ steps: 2, batchSize: 4, numMiniBatches: 1, numPpoEpochs: 2, responseLength: 6, evalBatches: 2 },
  ...{ valueWarmupUpdates: 0, evalInterval: 2, checkpointInterval: 2, samplePrompts: ['who?'] },
  ...{ learningRate: 0.01, validationShare: 0.4 },
}
const request = (changes: Partial<Request> = {}): Request => ({
  ...{ checkpoint: parent, prompts: typed, rewards: [letter] },
  ...changes,
  config: { ...config, ...changes.config },
})
const trained = async (changes: Partial<Request> = {}) =>
  finished((await lab.call('ppo.start', request(changes))).run)

describe('a run of phase 4', () => {
  test('with a rule is measured before its first update, and makes a model that writes', async () => {
    const run = await trained({ name: 'By rule' })
    expect(run).toMatchObject({ name: 'By rule', phase: 'ppo', step: 2, parentCheckpoint: parent })
    expect(run.data.ppo).toMatchObject({ rewards: [letter], rewardModel: null, judge: null })
    const { train, validation, hash } = run.data.ppo!.prompts
    expect(train + validation).toBeLessThanOrEqual(24)
    expect(validation).toBeGreaterThan(0)
    const kept = readFileSync(join(lab.path, 'datasets', `${hash}.jsonl`), 'utf8')
    expect(kept.trim().split('\n')).toHaveLength(train)

    const evaluations = await lab.call('ppo.evaluations', { run: run.id })
    expect(evaluations.map(({ step, kl }) => [step, kl === 0])).toEqual([
      [0, true],
      [2, false],
    ])
    expect(evaluations[1]).toMatchObject({ answers: validation, oracle: null, person: null })
    const names = ['objective/kl', 'objective/scores', 'val/ratio', 'eval_score', 'loss', 'learning_rate']
    const series = await lab.call('runs.series', { run: run.id, names, points: 9 })
    for (const name of names)
      expect([...series[name]!.steps], name).toEqual(name === 'eval_score' ? [0, 2] : [1, 2])
    expect(series['objective/kl']!.values[0]).toBe(0)
    expect(series.learning_rate!.values[1]).toBeCloseTo(0.005, 9)

    const { path, id } = await newest(run.id)
    expect(JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')).architectures).toEqual([
      'GPT2LMHeadModel',
    ])
    expect(await lab.call('checkpoints.verify', { checkpoint: id })).toEqual({ verified: true, problems: [] })
    const samples = await lab.call('runs.samples', { run: run.id })
    expect(samples.map(({ step }) => step)).toEqual([0, 2])
    for (const { score } of samples) expect(score).toEqual(expect.any(Number))
  }, 60_000)

  test('shows the answers that it learnt from, token by token', async () => {
    const run = await trained()
    expect(await lab.call('ppo.rollouts', { run: run.id })).toEqual([
      { step: 1, rollouts: 4 },
      { step: 2, rollouts: 4 },
    ])
    const told = await lab.call('ppo.rollout', { run: run.id, step: 1, index: 3 })
    expect(told.prompt.map(({ text }) => text).join('')).toMatch(/who \d+\?/)
    expect(told.klCoef).toBe(0.05)
    for (const key of [
      'logProbs',
      'refLogProbs',
      'values',
      'rewards',
      'advantages',
      'returns',
      'ratios',
    ] as const)
      expect(told[key], key).toHaveLength(told.response.length)
    expect(told.logProbs).toEqual(told.refLogProbs)
    const text = told.response.map(piece => (piece.special ? '' : piece.text)).join('')
    const letters = 0.5 * (text.split('e').length - 1)
    expect(told.score).toBeCloseTo(letters - (told.stopped ? 0 : 1), 5)
    await expect(lab.call('ppo.rollout', { run: run.id, step: 1, index: 4 })).rejects.toThrow(
      'no answer 5 is kept',
    )
  }, 60_000)

  test('with a reward model keeps the scale that its scores are brought to, and weighs them', async () => {
    const judge = await rewardModel()
    const of = (weight: number) => {
      const source: RewardSource = { kind: 'reward-model', checkpoint: judge, weight }
      return trained({ rewards: [source, letter], config: { steps: 1, missingEosPenalty: 0 } })
    }
    const runs = [await of(0), await of(1), await of(3)]
    const checkpoint = (await lab.call('checkpoints.list', {})).find(({ id }) => id === judge)!
    const written = JSON.parse(readFileSync(join(checkpoint.path, 'config.json'), 'utf8'))
    const scores: number[][] = []
    for (const { id, data } of runs) {
      // It was hardly trained: what its scores differ by is chance, which is not blown up to deviation 1.
      expect(written.reward_std).toBeLessThan(0.5)
      expect(data.ppo!.rewardModel).toMatchObject({ mean: written.reward_mean, std: 0.5 })
      const told = []
      for (const index of [0, 1, 2, 3]) told.push(await lab.call('ppo.rollout', { run: id, step: 1, index }))
      scores.push(told.map(({ score }) => score))
    }
    // The first answers are the same, so that three times the weight is three times what it adds.
    for (const [i, rule] of scores[0]!.entries()) {
      const [once, thrice] = [scores[1]![i]! - rule, scores[2]![i]! - rule]
      expect(once).not.toBe(0)
      expect(thrice).toBeCloseTo(3 * once, 4)
    }
  }, 60_000)

  test('on the starter world is judged by its oracle, never by the reward model', async () => {
    const prompts = { from: 'starter-world' as const, world: WORLD, count: 40, constructed: false }
    const run = await trained({ prompts, rewards: [{ kind: 'truth', weight: 1 }] })
    expect(run.data.ppo).toMatchObject({ judge: 'oracle', prompts: { from: 'starter-world', world: WORLD } })
    const [before, after] = await lab.call('ppo.evaluations', { run: run.id })
    expect(before!.oracle).toBeNull()
    const { wins, losses, ties } = after!.oracle!
    expect(wins + losses + ties).toBe(after!.answers)
    expect(after!.badStyle).not.toBeNull()
    // Nothing is known of a sample's prompt, so that nothing can be compared with it.
    const samples = await lab.call('runs.samples', { run: run.id })
    expect(samples.map(({ step }) => step)).toEqual([0, 2])
    for (const sample of samples) expect(sample).not.toHaveProperty('score')
  }, 60_000)

  test('mixes in the texts that its base was trained on', async () => {
    const run = await trained({ config: { ptxCoef: 0.1 } })
    const series = await lab.call('runs.series', { run: run.id, names: ['ptx_loss'], points: 9 })
    expect([...series.ptx_loss!.values].every(loss => loss > 0)).toBe(true)
    expect(series.ptx_loss!.steps).toHaveLength(2)
  }, 60_000)

  test('is paused while it writes, and goes on to the weights of a run that was never stopped', async () => {
    const long = { steps: 20, batchSize: 8, responseLength: 20, klTarget: 1, checkpointInterval: 100 }
    const whole = await trained({ config: long })
    const { run } = await lab.call('ppo.start', request({ config: long }))
    // What the fine-tuned model says comes right before the first update.
    await new Promise<void>(resolve => {
      const stop = lab.lab.subscribe((topic, payload) => {
        if (topic !== 'sample' || (payload as { run: string }).run !== run) return
        stop()
        resolve()
      })
    })
    await lab.call('runs.pause', { run })
    const paused = await lab.lab.waitForRun(run)
    expect(paused).toMatchObject({ status: 'paused', reason: null })
    expect(paused.step).toBeLessThan(20)
    await lab.call('runs.resume', { run })
    await finished(run)
    const [a, b] = [await newest(whole.id), await newest(run)]
    expect(b.weightsSha256).toBe(a.weightsSha256)
    const [moments, others] = [a, b].map(({ path }) => readFileSync(join(path, 'optimizer.safetensors')))
    expect(others!.equals(moments!)).toBe(true)
  }, 60_000)

  test('keeps the checkpoint that the person liked best, whatever else it deletes', async () => {
    const stepsKept = async (votes: boolean) => {
      const { id } = await trained({ config: { keepCheckpoints: 1 } })
      if (votes) {
        const pair = await lab.call('ppo.breakPair', { run: id, step: 2 })
        const { prompt } = pair!
        const { policy } = await lab.call('ppo.vote', { run: id, step: 2, prompt, choice: 'tie' })
        await lab.call('ppo.vote', { run: id, step: 2, prompt, choice: policy })
      }
      await lab.call('runs.resume', { run: id, steps: 6 })
      await finished(id)
      return (await lab.call('checkpoints.list', { run: id })).map(({ step }) => step)
    }
    expect(await stepsKept(true)).toEqual([6, 2])
    expect(await stepsKept(false)).toEqual([6])
  }, 60_000)
})

describe('before the start', () => {
  const problemsOf = async (changes: Partial<Request>) => {
    const { problems } = await lab.call('ppo.estimate', request(changes))
    if (problems.length > 0)
      await expect(lab.call('ppo.start', request(changes))).rejects.toThrow(problems[0]!.what)
    return problems.map(({ what }) => what)
  }

  test('it is said what the prompts become, and what four models take', async () => {
    const long = 'z'.repeat(200)
    const judge: RewardSource = { kind: 'reward-model', checkpoint: await rewardModel(), weight: 1 }
    const prompts = { from: 'text' as const, prompts: [...typed.prompts, long] }
    const of = (changes: Partial<Request>) => lab.call('ppo.estimate', request({ prompts, ...changes }))
    const { problems, prompts: counted, memory } = await of({ config: { validationShare: 0 } })
    expect(problems).toEqual([])
    expect(counted).toMatchObject({ train: 24, validation: 0, refused: 1, epochs: 8 / 24 })
    expect(counted!.longest).toBeLessThanOrEqual(44)
    const judged = await of({ rewards: [judge], config: { validationShare: 0 } })
    expect(judged.memory.weights).toBeGreaterThan(memory.weights)
    const shared = await of({ config: { validationShare: 0, valueModel: 'shared' } })
    expect(shared.memory.weights).toBeLessThan(memory.weights)
    // 8 rows of phase 1's texts at once are more than these four answers.
    const mixed = await of({ config: { validationShare: 0, ptxCoef: 0.1 } })
    expect(mixed.memory.activations).toBeGreaterThan(2 * memory.activations)
  }, 60_000)

  test('two reward models, a model that writes in the place of one, and one that is not there are refused', async () => {
    const judge: RewardSource = { kind: 'reward-model', checkpoint: await rewardModel(), weight: 1 }
    expect(await problemsOf({ rewards: [judge, judge] })).toEqual(['there is more than one reward model'])
    expect(await problemsOf({ rewards: [{ ...judge, checkpoint: parent }] })).toEqual([
      expect.stringContaining('scores none'),
    ])
    expect(await problemsOf({ rewards: [{ ...judge, checkpoint: 'nothing' }] })).toHaveLength(1)
    await expect(lab.call('ppo.estimate', request({ checkpoint: judge.checkpoint }))).rejects.toThrow(
      'a reward model scores texts and writes none',
    )
  }, 60_000)

  test('a reward model that reads other tokens, or a shorter context, is refused', async () => {
    const base = await lab.call('runs.show', {
      run: (await lab.call('checkpoints.list', {})).find(({ id }) => id === parent)!.run,
    })
    const corpus = base.data.sources[0]!.corpus
    const judgeOf = async (tokenizer: string, contextLength: number): Promise<RewardSource> => {
      const { run } = await lab.call('pretrain.start', {
        ...{ tokenizer, sources: [{ corpus, weight: 1 }] },
        model: { nLayer: 1, nHead: 2, nEmbd: 16, contextLength },
        config: { steps: 1, batchSize: 2, evalBatches: 1, sampleTokens: 2, warmupSteps: 0 },
      })
      await finished(run)
      return { kind: 'reward-model', checkpoint: await rewardModel((await newest(run)).id), weight: 1 }
    }
    const { job } = await lab.call('tokenizers.train', {
      kind: 'bpe',
      vocabularySize: 290,
      corpora: [corpus],
    })
    const other = await lab.lab.waitForJob<{ id: string }>(job)
    expect(await problemsOf({ rewards: [await judgeOf(other.id, 48)] })).toEqual([
      expect.stringContaining('reads other tokens than the model that is to be trained'),
    ])
    expect(await problemsOf({ rewards: [await judgeOf(base.tokenizer!, 40)] })).toEqual([
      expect.stringMatching(/reads 40 tokens, the model that is to be trained writes up to 48$/),
    ])
  }, 60_000)

  test.each([
    { rewards: [{ kind: 'truth', weight: 1 }], what: 'the reward "truth" has nothing to compare with' },
    { rewards: [{ kind: 'exact', weight: 1 }], what: 'the reward "exact" has nothing to compare with' },
    { rewards: [{ ...letter, pattern: '(' }], what: 'is no pattern that can be counted' },
    { rewards: [{ ...letter, pattern: 'e*' }], what: 'it is found in an empty text' },
  ] satisfies { rewards: RewardSource[]; what: string }[])('$what', async ({ rewards, what }) => {
    expect(await problemsOf({ rewards })).toEqual([expect.stringContaining(what)])
  })

  test('a prompt that leaves no room, and none at all, are refused, and every problem is told at once', async () => {
    const tooLong = { from: 'text' as const, prompts: ['z'.repeat(200), 'y'.repeat(200)] }
    expect(await problemsOf({ prompts: tooLong })).toEqual(['all 2 prompts leave no room for an answer'])
    const heldOut = { prompts: { from: 'text' as const, prompts: ['a?'] }, config: { validationShare: 0.5 } }
    expect(await problemsOf(heldOut)).toEqual(['the only prompt that could be trained on is held out'])
    const several = await problemsOf({ config: { gamma: 2 }, rewards: [{ kind: 'truth', weight: 1 }] })
    expect(several).toHaveLength(2)
    expect(several[0]).toContain('gamma must be at most 1')
  })

  test('weights, lengths and numbers of rewards are bounded by the contract', async () => {
    for (const rewards of [
      [],
      [{ kind: 'truth', weight: Number.POSITIVE_INFINITY }],
      [{ kind: 'length', target: 0, weight: 1 }],
      [{ ...letter, pattern: 'e'.repeat(201) }],
      [{ ...letter, most: 0 }],
      Array.from({ length: 11 }, () => letter),
      [{ kind: 'unheard-of', weight: 1 }],
    ])
      await expect(lab.call('ppo.estimate', request({ rewards: rewards as never }))).rejects.toThrow(
        /rewards/,
      )
  })
})

test('a model whose base was not trained here has no texts to mix in', () => {
  const { workspace, context } = openContext()
  const { db } = workspace
  insertTinyRun(db, 'run-1')
  saveCheckpoint(db, {
    ...{ id: 'made-elsewhere', run: 'run-1', step: 10, createdAt: '2026-01-01', folder: 'x', bytes: 1 },
    ...{ weightsSha256: '0', manifestSha256: '0', evalLoss: null, fingerprint: 'test', status: 'verified' },
  })
  for (const parentCheckpoint of ['made-elsewhere', null])
    expect(() => baseOf({ context }, { parentCheckpoint })).toThrow(
      'the texts that this model was pre-trained on are not in the workspace',
    )
})
