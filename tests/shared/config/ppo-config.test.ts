import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextKlCoef } from '../../../src-renderer/engine/phases/ppo/kl.ts'
import { parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import {
  checkedPpoConfig,
  parsePpoConfig,
  ppoFields,
  ppoLearningRateAt,
  ppoTrainedTokens,
} from '../../../src-shared/config/ppo-config.ts'
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
    [{ klTarget: 6, klCoef: 0 }, 'β begins at 0, from where no target can raise it'],
    [{ steps: 4 }, 'the run ends before the policy learns'],
    [{ steps: 9, valueWarmupUpdates: 9 }, 'the run ends before the policy learns'],
    [{ steps: 9, valueWarmupUpdates: 30 }, 'the run ends before the policy learns'],
  ])('with %j is refused, and the field is named', (given, what) => {
    expect(() => checkedPpoConfig(given)).toThrow(
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

  test('lets the policy learn in its last update at least, and drift only where no target is set', () => {
    expect(checkedPpoConfig({ steps: 5 })).toMatchObject({ valueWarmupUpdates: 4 })
    expect(checkedPpoConfig({ steps: 9, valueWarmupUpdates: 8 })).toMatchObject({ steps: 9 })
    expect(checkedPpoConfig({ steps: 1, valueWarmupUpdates: 0 })).toMatchObject({ steps: 1 })
    // A shared trunk has no warm-up.
    expect(checkedPpoConfig({ steps: 1, valueModel: 'shared' })).toMatchObject({ valueWarmupUpdates: 4 })
    expect(checkedPpoConfig({ klCoef: 0 })).toMatchObject({ klTarget: 0 })
    // What was started before this was refused can still be read.
    expect(parsePpoConfig({ klTarget: 6, klCoef: 0, steps: 2 })).toMatchObject({
      klCoef: 0,
      valueWarmupUpdates: 4,
    })
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

  test('reaches its peak in the last update where the warm-up is longer than the run', () => {
    const config = parsePpoConfig({ steps: 3, warmupSteps: 90, learningRate: 0.3, valueWarmupUpdates: 0 })
    for (const [step, rate] of [0.1, 0.2, 0.3].entries())
      expect(ppoLearningRateAt(step, config)).toBeCloseTo(rate, 9)
  })

  test('never leaves 0 … its peak, which it reaches, whatever the warm-up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 90 }), (steps, warmupSteps) => {
        const config = parsePpoConfig({ steps, warmupSteps, learningRate: 0.5, valueWarmupUpdates: 0 })
        const rates = Array.from({ length: steps + 3 }, (_, step) => ppoLearningRateAt(step, config))
        for (const rate of rates) {
          expect(rate).toBeGreaterThanOrEqual(0)
          expect(rate).toBeLessThanOrEqual(0.5)
        }
        for (const rate of rates.slice(0, steps)) expect(rate).toBeGreaterThan(0)
        expect(Math.max(...rates.slice(0, steps))).toBe(0.5)
      }),
    )
  })
})

describe('the work of an update', () => {
  const of = (given: Record<string, unknown>) => ppoTrainedTokens(600, 48, parsePpoConfig(given))

  test('is that of writing and of four readings, a third each, and of the epochs of what learns', () => {
    // 5/3 · 600 = 1000, and 600 for policy and value model each in every epoch.
    expect(of({ numPpoEpochs: 2 })).toBeCloseTo(1000 + 2 * 2 * 600, 6)
    expect(of({ numPpoEpochs: 3, valueModel: 'shared' })).toBeCloseTo(1000 + 3 * 600, 6)
  })

  test('has 8 rows of phase 1’s texts in every minibatch, where they are mixed in', () => {
    const mixed = { numPpoEpochs: 2, numMiniBatches: 3, ptxCoef: 0.1 }
    expect(of(mixed) - of({ ...mixed, ptxCoef: 0 })).toBeCloseTo(2 * 3 * 8 * 48, 6)
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
