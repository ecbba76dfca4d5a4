// Phase 3 as the algorithms page §2.5 asks for it, on responses packed as in training.
import { beforeAll, describe, expect, test } from 'vitest'
import type { Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../../src-renderer/engine/model/transformer.ts'
import { batchScores, trainOnScores } from '../../../src-renderer/engine/phases/batch-scores.ts'
import { preferenceLoss } from '../../../src-renderer/engine/phases/preference-loss.ts'
import { reward } from '../../../src-renderer/engine/phases/reward.ts'
import { preferenceBatch } from '../../../src-shared/batches/preference-batch.ts'
import { type PreferenceExample, responseTokens } from '../../../src-shared/batches/preference-example.ts'
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import { parseRewardConfig } from '../../../src-shared/config/reward-config.ts'
import type { PreferenceBatch } from '../../../src-shared/contract/engine-contract.ts'
import { rankedPairs } from '../../../src-shared/preferences/ranked-pairs.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'
import { score64 } from '../float64-gpt.ts'
import { kernelSets } from '../kernel-sets.ts'
import { gradients, kinds, tinyModel, widen } from '../tiny-models.ts'
import { type Recorded, trainInMemory } from './memory-core.ts'

const tokenizer = new CharacterTokenizer([...'abcdefgh?!. �'])
const context = 41
const PAD = 1

/** Two to five answers of 1 … 12 letters to a question; the longer one wins, equal ones tie. */
const examples: PreferenceExample[] = Array.from({ length: 260 }, (_, i) => {
  const random = randomStream(9, 'test/preferences', i)
  const word = (most: number) =>
    Array.from({ length: 1 + random.integer(most) }, () => random.pick([...'abcdefgh'])).join('')
  const prompt = [{ role: 'user', content: `${word(5)}?` }] as const
  const texts = Array.from({ length: 2 + random.integer(4) }, () => word(12))
  const stopped = texts.map(() => random.uniform() < 0.9)
  return {
    responses: texts.map((text, r) =>
      Int32Array.from(responseTokens(tokenizer, prompt, { text, stopped: stopped[r]! })),
    ),
    pairs: rankedPairs(texts.map(text => 13 - text.length)).pairs,
  }
})
const decided = examples.filter(({ pairs }) => pairs.length > 0)
const scoring = (changes: Record<string, unknown> = {}): ModelConfig => ({
  ...tinyModel({ contextLength: context, ...changes }, tokenizer.vocabularySize),
  head: 'score',
})
const batchOf = (first: number, prompts: number, of: readonly PreferenceExample[] = decided) =>
  preferenceBatch(
    Array.from({ length: prompts }, (_, i) => of[(first + i) % of.length]!),
    context,
    PAD,
  )
const alone = (response: Int32Array): PreferenceBatch =>
  preferenceBatch([{ responses: [response], pairs: [] }], context, PAD)
/** The order of a pair, and nothing else. */
const pair = (winner: number, loser: number) => ({
  winners: Int32Array.of(winner),
  losers: Int32Array.of(loser),
  weights: Float32Array.of(1),
  prompts: 1,
})

describe('the loss of pairs', () => {
  test('is −log σ of the difference, averaged over a prompt’s pairs, summed over prompts', () => {
    const scores = Float32Array.of(1, 0.5, -2, 0, 3)
    const { lossSum, terms, hits, marginSum } = preferenceLoss(
      scores,
      {
        // Prompt 1: 0 > 1, 0 > 2, 1 > 2. Prompt 2: 3 > 4, wrongly.
        winners: Int32Array.of(0, 0, 1, 3),
        losers: Int32Array.of(1, 2, 2, 4),
        weights: Float32Array.of(1 / 3, 1 / 3, 1 / 3, 1),
        prompts: 2,
      },
      0,
    )
    // −log σ(.5), −log σ(3), −log σ(2.5) are .474077, .048587, .078889; −log σ(−3) is 3.048587.
    expect(lossSum).toBeCloseTo((0.474077 + 0.048587 + 0.078889) / 3 + 3.048587, 5)
    expect(terms).toBe(2)
    expect(hits).toBeCloseTo(1, 6)
    expect(marginSum).toBeCloseTo((0.5 + 3 + 2.5) / 3 - 3, 6)
  })

  test('has the derivative that finite differences find, with centering and without', () => {
    const batch = {
      winners: Int32Array.of(0, 2, 1),
      losers: Int32Array.of(1, 0, 3),
      weights: Float32Array.of(0.5, 0.5, 1),
      prompts: 2,
    }
    const scores = [0.3, -1.2, 2.5, 0.9]
    for (const centering of [0, 0.01, 0.7]) {
      const value = (of: readonly number[]): number =>
        [0, 1, 2].reduce((sum, i) => {
          const [w, l] = [of[batch.winners[i]!]!, of[batch.losers[i]!]!]
          return sum + batch.weights[i]! * (Math.log(1 + Math.exp(l - w)) + centering * (w + l) ** 2)
        }, 0)
      const { dScores } = preferenceLoss(Float32Array.from(scores), batch, centering)
      for (const i of scores.keys()) {
        const moved = (by: number) => value(scores.map((score, n) => (n === i ? score + by : score)))
        expect(dScores[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 5)
      }
    }
  })

  test('stays finite where scores are far apart', () => {
    for (const far of [100, 1e4, 3e38]) {
      const wrong = preferenceLoss(Float32Array.of(-far, far), pair(0, 1), 0)
      expect(wrong.lossSum).toBeGreaterThanOrEqual(far)
      expect([...wrong.dScores]).toEqual([-1, 1])
      const right = preferenceLoss(Float32Array.of(far, -far), pair(0, 1), 0)
      expect(right.lossSum).toBeGreaterThanOrEqual(0)
      expect(right.lossSum).toBeLessThan(1e-40)
    }
  })
})

/** dLoss/dElement by differences; computed once, since every kernel set starts from the same weights. */
const differences = new Map<string, number>()

describe.each(kernelSets)('the reward model on $name', ({ open }) => {
  let kernels: Kernels
  beforeAll(async () => {
    kernels = (await open()).kernels
  })

  async function modelOf(changes: Record<string, unknown> = {}): Promise<Transformer> {
    const model = new Transformer(scoring(changes), kernels)
    await widen(model, 0.2)
    return model
  }

  test.each(kinds)('%s: scores and gradients are those of the float64 model', async (kind, changes) => {
    const model = await modelOf(changes)
    const { config } = model
    const batch = batchOf(3, 2)
    const responses = [3, 4].flatMap(n => decided[n]!.responses)
    const tensors = new Map<string, Float64Array>()
    for (const { name } of model.parameters)
      tensors.set(name, Float64Array.from(await model.readTensor(name)))
    const scores64 = () => responses.map(response => score64(tensors, config, response))
    const loss64 = () => {
      const scores = scores64()
      return [...batch.winners].reduce(
        (sum, winner, i) =>
          sum + batch.weights[i]! * Math.log(1 + Math.exp(scores[batch.losers[i]!]! - scores[winner]!)),
        0,
      )
    }
    const difference = (tensor: Float64Array, i: number): number => {
      const kept = tensor[i]!
      tensor[i] = kept + 1e-5
      const above = loss64()
      tensor[i] = kept - 1e-5
      const below = loss64()
      tensor[i] = kept
      return (above - below) / 2e-5
    }
    model.zeroGradients()
    const { loss, scores } = await trainOnScores(kernels, model, batch, scores =>
      preferenceLoss(scores, batch, 0),
    )
    for (const [i, exact] of scores64().entries()) expect(Math.abs(scores[i]! - exact)).toBeLessThan(2e-5)
    expect(loss.lossSum).toBeCloseTo(loss64(), 4)
    const random = randomStream(4, 'test/elements')
    for (const [name, gradient] of await gradients(model)) {
      const largest = gradient.reduce((best, g, i) => (Math.abs(g) > Math.abs(gradient[best]!) ? i : best), 0)
      const tensor = tensors.get(name)!
      for (const i of [largest, random.integer(gradient.length)]) {
        const key = [kind, name, i].join()
        const numeric = differences.get(key) ?? difference(tensor, i)
        differences.set(key, numeric)
        expect(Math.abs(gradient[i]! - numeric), `${name}[${i}]`).toBeLessThanOrEqual(
          2e-5 * Math.abs(gradient[largest]!) + 1e-6,
        )
      }
    }
    model.dispose()
  })

  test.each(kinds)('%s: a score depends on nothing else in the batch', async (_, changes) => {
    const model = await modelOf(changes)
    const together = await batchScores(kernels, model, batchOf(0, 9))
    const responses = decided.slice(0, 9).flatMap(example => example.responses)
    for (const [i, response] of responses.entries()) {
      const [score] = await batchScores(kernels, model, alone(response))
      expect(Math.abs(score! - together[i]!)).toBeLessThan(1e-5)
      // With padding before the end of the row, too.
      const padded = alone(response)
      const tokens = new Int32Array(context).fill(PAD)
      tokens.set(response)
      const [inLongRow] = await batchScores(kernels, model, {
        ...padded,
        length: context,
        tokens,
        segmentStarts: Int32Array.from({ length: context }, (_, n) => (n < response.length ? 0 : n)),
      })
      expect(Math.abs(inLongRow! - together[i]!)).toBeLessThan(1e-5)
    }
    model.dispose()
  })

  test('the same pair the other way round has exactly the negated margin', async () => {
    const model = await modelOf()
    const [a, b] = decided[0]!.responses as [Int32Array, Int32Array]
    const margin = async (responses: Int32Array[], winner: number, loser: number) => {
      const batch = preferenceBatch([{ responses, pairs: [[winner, loser]] }], context, PAD)
      return preferenceLoss(await batchScores(kernels, model, batch), batch, 0).marginSum
    }
    const forward = await margin([a, b], 0, 1)
    expect(forward).not.toBe(0)
    expect(await margin([a, b], 1, 0)).toBe(-forward)
    model.dispose()
  })

  const train = (settings: Record<string, number>, pauseAt?: number): Promise<Recorded> => {
    const config = parseRewardConfig({
      batchSize: 4,
      steps: 6,
      warmupSteps: 2,
      learningRate: 1e-3,
      evalInterval: 3,
      ...settings,
    })
    return trainInMemory(reward, {
      kernels,
      config,
      pauseAt,
      spec: { phase: 'reward', model: scoring(), stepsPerEpoch: 8 },
      batch: (step, micro) =>
        batchOf((step * config.gradientAccumulationSteps + micro) * config.batchSize, config.batchSize),
      evalBatch: () => null,
      preferenceEvalBatch: (_, index) => (index < 2 ? batchOf(40 + index * 4, 4) : null),
    })
  }

  test('starts from undecided: the loss before the first step is ln 2', async () => {
    const { metrics } = await train({})
    expect(metrics[0]!.step).toBe(0)
    expect(Math.abs(metrics[0]!.values.eval_loss! - Math.LN2)).toBeLessThan(0.02)
    expect(Math.abs(metrics[1]!.values.loss! - Math.LN2)).toBeLessThan(0.02)
  })

  test('a large batch and the same in parts make the same steps', async () => {
    const losses = (run: Recorded) => run.metrics.slice(1).map(({ values }) => values.loss!)
    const whole = losses(await train({ batchSize: 4 }))
    for (const [batchSize, gradientAccumulationSteps] of [
      [2, 2],
      [1, 4],
    ] as const) {
      const parts = losses(await train({ batchSize, gradientAccumulationSteps }))
      expect(parts).toHaveLength(6)
      for (const [i, loss] of parts.entries()) expect(Math.abs(loss - whole[i]!)).toBeLessThan(1e-5)
    }
  })

  test('every checkpoint carries mean and deviation of the reference answers under its own weights', async () => {
    const { outcome, saved } = await train({}, 4)
    expect(outcome).toMatchObject({ status: 'paused', state: { step: 4 } })
    const model = new Transformer(scoring(), kernels)
    const bytes = Uint8Array.from(saved.get(4)!.split(','), Number)
    let offset = 0
    for (const { name, size } of model.parameters) {
      model.loadTensor(name, new Float32Array(bytes.buffer, offset, size))
      offset += 4 * size
    }
    const scores: number[] = []
    for (const index of [0, 1])
      scores.push(...(await batchScores(kernels, model, batchOf(40 + index * 4, 4))))
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
    const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length
    expect(outcome.state.extra.rewardMean).toBeCloseTo(mean, 9)
    expect(outcome.state.extra.rewardStd).toBeCloseTo(Math.sqrt(variance), 9)
    model.dispose()
  })

  test('leaves no array behind where a step fails between its two passes', async () => {
    const model = await modelOf()
    const batch = batchOf(0, 3)
    const before = kernels.memory().arrays
    const failing = () => {
      throw new Error('no room for the way back')
    }
    await expect(trainOnScores(kernels, model, batch, failing)).rejects.toThrow('no room')
    expect(kernels.memory().arrays).toBe(before)
    model.dispose()
  })

  test('leaves no array behind and gives the same bits twice', async () => {
    const before = kernels.memory().arrays
    const [a, b] = [await train({}), await train({})]
    expect(a.saved.get(6)).toBe(b.saved.get(6))
    expect(kernels.memory().arrays).toBe(before)
  })
})

test('a reward model learns that the longer answer wins, and normalises its scores', async () => {
  const { kernels } = await kernelSets[1]!.open()
  const [learnt, heldOut] = [decided.slice(0, 200), decided.slice(200)]
  const config = parseRewardConfig({
    batchSize: 8,
    steps: 200,
    warmupSteps: 10,
    learningRate: 5e-3,
    evalInterval: 200,
  })
  const { metrics, outcome } = await trainInMemory(reward, {
    kernels,
    config,
    spec: { phase: 'reward', model: scoring() },
    batch: step => batchOf(8 * step, 8, learnt),
    evalBatch: () => null,
    preferenceEvalBatch: (_, index) => (index === 0 ? batchOf(0, heldOut.length, heldOut) : null),
  })
  const { eval_accuracy, eval_loss } = metrics.at(-1)!.values
  expect(eval_accuracy).toBeGreaterThanOrEqual(0.95)
  expect(eval_loss).toBeLessThan(0.3)
  expect(outcome.state.extra.rewardStd).toBeGreaterThan(1)
}, 120_000)
