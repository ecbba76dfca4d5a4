import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextKlCoef } from '../../../src-renderer/engine/phases/ppo/kl.ts'
import { parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import { parsePpoConfig, ppoFields, ppoLearningRateAt } from '../../../src-shared/config/ppo-config.ts'
import { ppoPresets } from '../../../src-shared/config/ppo-presets.ts'
import { ppoMemory, trainingMemory } from '../../../src-shared/config/training-memory.ts'

describe('the recipe of phase 4', () => {
  test('has the values of TRL and the N+ details where a small model wants no others', () => {
    expect(parsePpoConfig({})).toMatchObject({
      ...{ numPpoEpochs: 4, cliprange: 0.2, cliprangeValue: 0.2, vfCoef: 0.1, gamma: 1, gaeLambda: 0.95 },
      ...{ klCoef: 0.05, klTarget: 0, klHorizon: 10_000, whitenRewards: false, missingEosPenalty: 1 },
      ...{ epsilon: 1e-5, minLearningRate: 0, ptxCoef: 0, valueModel: 'reward-model', rewardClip: 0 },
    })
  })

  test('of every preset is one', () => {
    for (const { config, prompts } of Object.values(ppoPresets)) {
      const { steps, batchSize } = parsePpoConfig(config)
      // Enough prompts that none is needed twice as often as another.
      if (prompts !== undefined) expect(steps * batchSize).toBeLessThanOrEqual(2 * prompts)
    }
  })

  test.each([
    [{ gamma: 1.1 }, 'gamma must be at most 1'],
    [{ klCoef: -0.1 }, 'klCoef must be at least 0'],
    [{ numPpoEpochs: 0 }, 'numPpoEpochs must be at least 1'],
    [{ numMiniBatches: 1.5 }, 'numMiniBatches must be a whole number'],
    [{ valueModel: 'own' }, 'valueModel must be one of reward-model, shared'],
    [{ whitenRewards: 'yes' }, 'whitenRewards must be true or false'],
    [{ klCoef: Number.NaN }, 'klCoef must be a number'],
    [{ klCoeff: 0.1 }, 'unknown key "klCoeff"'],
    [{ temperature: 0.7 }, 'unknown key "temperature"'],
    [{ klTarget: 6, klHorizon: 7, batchSize: 35 }, 'take β to 0 or below'],
  ])('with %j is refused, and the field is named', (given, what) => {
    expect(() => parsePpoConfig(given)).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ code: 'bad-input', what: expect.stringContaining(what) }),
      }),
    )
  })

  test('has a horizon in which β stays above 0, where there is a target', () => {
    const { klHorizon, klTarget } = parsePpoConfig({ klTarget: 6, klHorizon: 8, batchSize: 35 })
    expect(nextKlCoef(0.1, 0, { klTarget, klHorizon }, 35)).toBeGreaterThan(0)
    expect(parsePpoConfig({ klHorizon: 1, batchSize: 35 })).toMatchObject({ klTarget: 0 })
  })

  test('says what every field is', () => {
    for (const [key, { label, meaning }] of Object.entries(ppoFields)) {
      expect(label.length, key).toBeGreaterThan(0)
      expect(meaning, key).toMatch(/[.)]$/)
    }
  })
})

describe('the learning rate', () => {
  test('rises in the warm-up and falls on a line to its end', () => {
    const config = parsePpoConfig({ steps: 7, warmupSteps: 2, learningRate: 0.3, minLearningRate: 0.05 })
    // .3 · 1/3, .3 · 2/3, then .3 less a fifth of .25 a step.
    const expected = [0.1, 0.2, 0.3, 0.25, 0.2, 0.15, 0.1]
    for (const [step, rate] of expected.entries())
      expect(ppoLearningRateAt(step, config)).toBeCloseTo(rate, 9)
  })

  test('never leaves 0 … its peak, whatever the warm-up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 90 }), (steps, warmupSteps) => {
        const config = parsePpoConfig({ steps, warmupSteps, learningRate: 0.5 })
        const rates = Array.from({ length: steps + 3 }, (_, step) => ppoLearningRateAt(step, config))
        for (const rate of rates) {
          expect(rate).toBeGreaterThanOrEqual(0)
          expect(rate).toBeLessThanOrEqual(0.5)
        }
        for (const rate of rates.slice(0, steps)) expect(rate).toBeGreaterThan(0)
      }),
    )
  })
})

describe('the memory of four models', () => {
  const model = resolveModel(parseModelShape({ nLayer: 4, nHead: 4, nEmbd: 128, contextLength: 128 }), 512)
  const scoring = { ...model, head: 'score' as const }
  const device = { backend: 'wasm', kernels: 'simd' } as const
  const of = (judge: typeof model | null, valueModel: 'reward-model' | 'shared', rows = 8) =>
    ppoMemory(model, judge, rows, valueModel, device)

  test('is that of two models that learn and two that do not, beside the caches of what is written', () => {
    const { weights, optimizer, activations, total } = of(scoring, 'reward-model')
    const policy = trainingMemory(model, 8, device)
    const critic = trainingMemory(scoring, 8, device)
    expect(weights).toBe(2 * policy.weights + 2 * critic.weights)
    expect(optimizer).toBe(policy.optimizer + critic.optimizer)
    // One passes forward and back at a time; 64 texts have keys and values in 4 layers of 128 places of 128 numbers.
    const caches = 4 * 2 * 64 * 4 * 128 * 128
    expect(activations).toBe(Math.max(policy.activations, critic.activations) + caches)
    expect(total).toBe(weights + optimizer + activations)
  })

  test('is less without a reward model, less with a shared trunk, and grows with the rows read at once', () => {
    const whole = of(scoring, 'reward-model').total
    expect(of(null, 'reward-model').total).toBeLessThan(whole)
    expect(of(scoring, 'shared').total).toBeLessThan(of(null, 'reward-model').total)
    expect(of(scoring, 'reward-model', 16).total).toBeGreaterThan(whole)
  })
})
