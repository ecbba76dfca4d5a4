// Phase 4 as the algorithms page §2.6 asks for it, on a tiny model of characters.
import { beforeAll, describe, expect, test } from 'vitest'
import { ruleRewards } from '../../../../src-main/core/ppo/rule-rewards.ts'
import type { Kernels } from '../../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../../src-renderer/engine/model/transformer.ts'
import { batchLogProbs } from '../../../../src-renderer/engine/phases/batch-log-probs.ts'
import { parsePpoConfig } from '../../../../src-shared/config/ppo-config.ts'
import { diagnose } from '../../../../src-shared/ppo/doctor.ts'
import { kernelSets } from '../../kernel-sets.ts'
import { kinds } from '../../tiny-models.ts'
import type { Recorded } from '../memory-core.ts'
import {
  countOf,
  type Rule,
  series,
  stopTokens,
  type TinyParents,
  textBatch,
  tinyParents,
  trainPpo,
  written,
} from './tiny-ppo.ts'

const last = (run: Recorded) => run.checkpoints.get(Math.max(...run.checkpoints.keys()))!
const sameWeights = (run: Recorded, parents: TinyParents) =>
  [...parents.sft].every(([name, values]) => {
    const found = last(run).model.get(name)!
    return values.every((x, i) => Object.is(x, found[i]))
  })

describe.each(kernelSets.filter((_, i) => i !== 1))('before anything was learnt, on $name', ({ open }) => {
  test.each(kinds.filter((_, i) => i === 0 || i === 3))(
    '%s: the KL is exactly 0, and the policy that learns is the one that wrote',
    async (_, changes) => {
      const { kernels, close } = await open()
      const parents = await tinyParents(kernels, changes)
      for (const valueModel of ['reward-model', 'shared']) {
        const settings = { steps: 1, numPpoEpochs: 1, numMiniBatches: 1, valueModel }
        const { metrics, rollouts, outcome } = await trainPpo(kernels, parents, { settings, judged: true })
        expect(outcome.status).toBe('finished')
        expect(metrics[0]).toMatchObject({ step: 0, values: { eval_kl: 0 } })
        const { values } = metrics.at(-1)!
        expect(Object.is(values['objective/kl'], 0)).toBe(true)
        expect(values['val/first_log_ratio']).toBeLessThan(1e-4)
        expect(Math.abs(values['val/ratio']! - 1)).toBeLessThan(1e-4)
        for (const { logProbs, refLogProbs } of rollouts) expect([...logProbs]).toEqual([...refLogProbs])
      }
      close()
    },
  )
})

describe('phase 4', () => {
  let kernels: Kernels
  let parents: TinyParents
  beforeAll(async () => {
    const device = await kernelSets[1]!.open()
    kernels = device.kernels
    parents = await tinyParents(kernels)
    return device.close
  })
  const train = (options: Parameters<typeof trainPpo>[2] = {}) => trainPpo(kernels, parents, options)

  test('is refused where the reference is another model than the policy', async () => {
    const before = kernels.memory().arrays
    const [name, values] = [...parents.sft][0]!
    const reference = new Map(parents.sft).set(
      name,
      values.map(x => x + 0.01),
    )
    await expect(train({ reference })).rejects.toMatchObject({
      facts: {
        what: 'the policy differs from its reference before it has learnt anything',
        expected: 'a KL of exactly 0 nats',
        got: expect.stringMatching(/nats in an answer$/),
      },
    })
    expect(kernels.memory().arrays).toBe(before)
  })

  test.each(['reward-model', 'shared'])(
    'changes not a bit with a learning rate of 0 (value model: %s)',
    async valueModel => {
      const settings = { learningRate: 0, valueLearningRate: 0, valueModel, steps: 2 }
      const run = await train({ settings, judged: true })
      expect(sameWeights(run, parents)).toBe(true)
      expect(series(run, 'objective/kl')).toEqual([0, 0])
      const { optimizer } = last(run)
      const head = valueModel === 'shared' ? 'value_head.score.weight' : 'value_model.score.weight'
      // Half: the reward model's weight.
      const expected =
        valueModel === 'shared' ? new Float32Array(24) : parents.judge.get('score.weight')!.map(w => w / 2)
      expect([...optimizer.get(head)!]).toEqual([...expected])
      // It would not have been the same with another one.
      const learning = await train({ settings: { ...settings, learningRate: 1e-3 }, judged: true })
      expect(sameWeights(learning, parents)).toBe(false)
    },
  )

  test('a value model without a reward model starts from the fine-tuned model and says 0', async () => {
    const settings = { steps: 1, learningRate: 0, valueLearningRate: 0 }
    const run = await train({ settings })
    expect(run.rollouts.flatMap(({ values }) => [...values]).every(value => value === 0)).toBe(true)
    const [name, values] = [...parents.sft][0]!
    expect([...last(run).optimizer.get(`value_model.${name}`)!]).toEqual([...values])
  })

  test('learns values alone in the first updates, then the policy too', async () => {
    const settings = { valueWarmupUpdates: 2, steps: 3, checkpointInterval: 1, keepCheckpoints: 9 }
    const run = await train({ settings })
    const weights = [1, 2, 3].map(step => run.saved.get(step))
    expect(weights[0]).toBe(weights[1])
    expect(weights[2]).not.toBe(weights[1])
    // No gradient of the policy was taken, so that none is told.
    const told = run.metrics.filter(({ values }) => 'grad_norm' in values)
    expect(told.map(({ step }) => step)).toEqual([3])
    expect([1, 2, 3].map(step => run.checkpoints.get(step)!.state.extra)).toMatchObject([
      { policySteps: 0, valueSteps: 4 },
      { policySteps: 0, valueSteps: 8 },
      { policySteps: 4, valueSteps: 12 },
    ])
    const values = [1, 2].map(step => run.checkpoints.get(step)!.optimizer.get('value_model.score.weight')!)
    expect([...values[1]!]).not.toEqual([...values[0]!])
    // Without one of its own the trunk is the policy's: nothing to wait for.
    const shared = await train({ settings: { ...settings, valueModel: 'shared', steps: 1 } })
    expect(sameWeights(shared, parents)).toBe(false)
  })

  test('raises β above its target and lowers it below', async () => {
    const settings = { klTarget: 0.05, klHorizon: 12, learningRate: 5e-3, steps: 8, klCoef: 0.01 }
    const run = await train({ settings })
    const [kl, klCoef] = [series(run, 'objective/kl'), series(run, 'objective/kl_coef')]
    expect(klCoef[0]).toBe(0.01)
    for (let step = 1; step < klCoef.length; step++) {
      const error = Math.min(0.2, Math.max(-0.2, kl[step - 1]! / 0.05 - 1))
      expect(klCoef[step]).toBeCloseTo(klCoef[step - 1]! * (1 + error * (6 / 12)), 9)
    }
    expect(klCoef[1]).toBeLessThan(0.01)
    expect(klCoef.at(-1)).toBeGreaterThan(klCoef[1]!)
    expect(last(run).state.extra.klCoef).toBeGreaterThan(0)
  })

  test('leaves β as it is while only values are learnt: a KL of 0 says nothing about it', async () => {
    const settings = { klTarget: 2, klHorizon: 12, klCoef: 0.03, steps: 4, valueWarmupUpdates: 2 }
    const klCoef = series(await train({ settings }), 'objective/kl_coef')
    expect(klCoef.slice(0, 3)).toEqual([0.03, 0.03, 0.03])
    // .03 · (1 − .2 · 6/12): the KL of update 3 is 0 for it to learn from, of which β now hears.
    expect(klCoef[3]).toBeCloseTo(0.027, 9)
    const shared = await train({ settings: { ...settings, valueModel: 'shared', steps: 2 } })
    expect(series(shared, 'objective/kl_coef')[1]).toBeCloseTo(0.027, 9)
  })

  test('ends the epochs of an update when the policy has moved too far', async () => {
    const settings = { learningRate: 5e-3, numPpoEpochs: 4, steps: 2 }
    const whole = await train({ settings: { ...settings, targetApproxKl: 0 } })
    expect(last(whole).state.extra.policySteps).toBe(2 * 4 * 2)
    const cut = await train({ settings: { ...settings, targetApproxKl: 1e-7 } })
    // The first minibatch has not moved at all; after its step the next has.
    expect(last(cut).state.extra).toMatchObject({ policySteps: 2, valueSteps: 2 })
    expect(sameWeights(cut, parents)).toBe(false)
  })

  test('mixes phase 1’s loss in, on other texts in every minibatch', async () => {
    const reads: number[] = []
    const settings = { learningRate: 3e-3, steps: 4, ptxCoef: 5, targetApproxKl: 0 }
    const answers = {
      'host.batch': ({ step }: { step: number }) => {
        reads.push(step)
        return textBatch(step)
      },
    }
    const mixed = await train({ settings, answers })
    expect(reads).toEqual(Array.from({ length: 4 * 4 }, (_, n) => n))
    const losses = series(mixed, 'ptx_loss')
    expect(losses).toHaveLength(4)
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.3)
    const alone = await train({ settings: { ...settings, ptxCoef: 0 } })
    expect(series(alone, 'ptx_loss')).toEqual([])
    expect(await textLoss(alone)).toBeGreaterThan((await textLoss(mixed)) + 0.3)
  })

  /** Of the last checkpoint, in nats per token of phase 1's texts. */
  async function textLoss(run: Recorded): Promise<number> {
    const model = new Transformer(parents.shape, kernels)
    for (const [name, values] of last(run).model) model.loadTensor(name, values)
    const batch = textBatch(5)
    const logProbs = await batchLogProbs(kernels, model, batch)
    model.dispose()
    return -logProbs.reduce((sum, x) => sum + x, 0) / batch.targets.length
  }

  test('keeps every checkpoint that does better than all before it, however rarely one is due', async () => {
    const lost = [0.5, 0.4, 0.6, 0.4, 0.3]
    const run = await train({
      settings: { steps: 5, evalInterval: 1, checkpointInterval: 100 },
      answers: {
        'host.heldOutAnswers': ({ step }: { step: number }) => ({ eval_loss: lost[step - 1] ?? 0.9 }),
      },
    })
    // At 4 it does as well as at 2, and no better.
    expect([...run.checkpoints.keys()]).toEqual([1, 2, 5])
    expect(last(run).state.bestEvalLoss).toBe(0.3)
  })

  test('leaves the weights alone where a reward is no number, says so, and pauses after three in a row', async () => {
    const rule: Rule = (responses, stopped) => {
      const rewards = countOf('e')(responses, stopped)
      rewards[1] = Number.NaN
      return rewards
    }
    const run = await train({ rule, samples: ['a?', 'b?'], settings: { steps: 9, checkpointInterval: 1 } })
    expect(run.samples.map(({ score }) => score)).toEqual([expect.any(Number), undefined])
    expect(run.rollouts.map(({ step, index }) => [step, index])).not.toContainEqual([1, 1])
    expect(run.outcome).toMatchObject({ status: 'paused', state: { step: 3 } })
    expect(run.outcome.reason).toContain('3 steps in a row')
    expect(run.events).toHaveLength(3)
    expect(run.events[0]).toContain('the loss is not a finite number')
    expect(sameWeights(run, parents)).toBe(true)
    expect(last(run).state.extra).toMatchObject({ policySteps: 0, valueSteps: 0 })
    for (const { values } of run.metrics)
      for (const value of Object.values(values)) expect(Number.isFinite(value)).toBe(true)
  })

  test('reads a minibatch in pieces to the same update', async () => {
    const [whole, pieces] = [
      await train({ settings: { steps: 2 } }),
      await train({ settings: { steps: 2, gradientAccumulationSteps: 3 } }),
    ]
    for (const name of ['loss', 'grad_norm', 'val/ratio', 'loss/value_avg', 'objective/entropy'])
      for (const [i, value] of series(pieces, name).entries())
        expect(Math.abs(value - series(whole, name)[i]!), name).toBeLessThan(1e-4)
  })

  test.each(['reward-model', 'shared'])(
    'holds as many arrays after every update, none after its end, and gives the same bits twice (%s)',
    async valueModel => {
      const before = kernels.memory().arrays
      const held: number[] = []
      const settings = { steps: 5, valueModel, ptxCoef: 0.1, evalInterval: 2, whitenRewards: true }
      const run = () =>
        train({ settings, judged: true, samples: ['a?'], onStep: () => held.push(kernels.memory().arrays) })
      const [a, b] = [await run(), await run()]
      expect(a.saved.get(5)).toBe(b.saved.get(5))
      expect(a.metrics.map(({ values }) => values.loss)).toEqual(b.metrics.map(({ values }) => values.loss))
      // At step 0 nothing was learnt yet.
      expect(new Set(held.slice(1, 6)).size).toBe(1)
      expect(kernels.memory().arrays).toBe(before)
    },
  )

  test('tells of its first answers token by token, with what became of them', async () => {
    const run = await train({ settings: { steps: 2, klCoef: 0.25 }, judged: true })
    expect(run.rollouts.map(({ step, index }) => [step, index])).toEqual(
      [1, 2].flatMap(step => [0, 1, 2, 3].map(index => [step, index])),
    )
    for (const { response, score, logProbs, refLogProbs, rewards, ...lists } of run.rollouts) {
      for (const key of ['values', 'advantages', 'returns', 'ratios', 'clipped'] as const)
        expect(lists[key], key).toHaveLength(response.length)
      for (const [t, reward] of rewards.entries()) {
        const charge = -0.25 * (logProbs[t]! - refLogProbs[t]!)
        expect(reward).toBeCloseTo(charge + (t === rewards.length - 1 ? score : 0), 5)
      }
    }
    const { values } = run.metrics.at(-1)!
    expect(values['objective/rlhf_reward']).toBeCloseTo(
      values['objective/scores']! - 0.25 * values['objective/kl']!,
      9,
    )
    expect(values.episode).toBe(12)
  })

  test('answers held-out prompts and samples alike at every evaluation, but for what it has learnt', async () => {
    const kept: { step: number; texts: string[]; kls: number[] }[] = []
    type HeldOut = { step: number; responses: Int32Array[]; kls: Float32Array; scores: Float32Array }
    const answers = {
      'host.heldOutAnswers': ({ step, responses, kls, scores }: HeldOut) => {
        kept.push({ step, texts: responses.map(written), kls: [...kls] })
        expect(scores).toHaveLength(3)
        return { eval_loss: 0.5 }
      },
    }
    const settings = { steps: 2, evalInterval: 1, learningRate: 0, valueLearningRate: 0 }
    const run = await train({ settings, answers, samples: ['ab?', 'c?'] })
    expect(kept.map(({ step }) => step)).toEqual([0, 1, 2])
    expect(kept[2]!.texts).toEqual(kept[0]!.texts)
    expect(kept.flatMap(({ kls }) => kls).every(kl => kl === 0)).toBe(true)
    expect(run.samples.map(({ step, prompt }) => [step, prompt])).toEqual(
      [0, 1, 2].flatMap(step => [0, 1].map(prompt => [step, prompt])),
    )
    for (const { tokens, score } of run.samples) {
      const isPenalised = !stopTokens.includes(tokens.at(-1)!)
      expect(score).toBeCloseTo(countOf('e')([tokens], [true])[0]! - (isPenalised ? 1 : 0), 6)
    }
    expect(run.outcome.state.bestEvalLoss).toBe(0.5)
  })

  test('passes over a sample prompt that leaves no room for an answer', async () => {
    const run = await train({
      settings: { steps: 1 },
      samples: ['a'.repeat(40), 'abc', `${'abcdefgh'.repeat(3)}?`, 'b?'],
    })
    expect(run.outcome.status).toBe('finished')
    expect(run.samples.map(({ prompt }) => prompt)).toEqual([1, 3, 1, 3])
  })
})

describe('a scripted reward, how often a letter is said,', () => {
  const source = { kind: 'regex', pattern: 'e', most: 20, weight: 0.25 } as const
  const rule: Rule = (responses, stopped) =>
    ruleRewards(
      [source],
      responses.map((tokens, i) => ({
        ...{ row: null, text: written(tokens), stopped: stopped[i]!, tokens: tokens.length },
      })),
    )
  const settings = {
    ...{ steps: 16, batchSize: 32, responseLength: 8, learningRate: 4e-3, valueLearningRate: 4e-3 },
    ...{ numPpoEpochs: 3, missingEosPenalty: 0, targetApproxKl: 0 },
  }
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
  let runs: Recorded[]
  beforeAll(async () => {
    const { kernels } = await kernelSets[1]!.open()
    const parents = await tinyParents(kernels, {}, 0.05)
    runs = []
    for (const klCoef of [0.25, 0])
      runs.push(await trainPpo(kernels, parents, { rule, settings: { ...settings, klCoef } }))
  }, 60_000)
  const of = (run: Recorded, name: string) => {
    const values = series(run, name)
    return { first: values[0]!, last: mean(values.slice(-4)) }
  }

  test('rises while the KL stays bounded', () => {
    const scores = of(runs[0]!, 'objective/scores')
    expect(scores.first).toBeLessThan(0.4)
    expect(scores.last).toBeGreaterThan(3 * scores.first)
    expect(of(runs[0]!, 'objective/rlhf_reward').last).toBeGreaterThan(scores.first + 0.2)
    expect(of(runs[0]!, 'objective/kl').last).toBeLessThan(5)
  })

  test('lets the policy drift much further where the KL costs nothing, and the doctor says so', () => {
    const [bounded, free] = runs.map(run => of(run, 'objective/kl').last)
    expect(free).toBeGreaterThan(4 * bounded!)
    expect(of(runs[1]!, 'objective/non_score_reward').last).toBeCloseTo(0, 9)
    const found = [0.25, 0].map((klCoef, i) =>
      diagnose(runs[i]!.metrics, parsePpoConfig({ ...settings, klCoef })).map(({ rule }) => rule),
    )
    expect(found[0]).not.toContain('kl-no-charge')
    expect(found[1]).toEqual(expect.arrayContaining(['kl-no-charge', 'one-answer', 'entropy']))
  })
})
