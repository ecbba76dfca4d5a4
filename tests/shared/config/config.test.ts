import { describe, expect, test } from 'vitest'
import {
  countParameters,
  flopsPerToken,
  modelFields,
  parseModelShape,
  resolveModel,
} from '../../../src-shared/config/model-config.ts'
import { pretrainPresets, sizeLadder } from '../../../src-shared/config/presets.ts'
import { parsePretrainConfig, pretrainFields } from '../../../src-shared/config/pretrain-config.ts'
import { learningRateAt } from '../../../src-shared/config/train-config.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'

const sentenceOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof LabError) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a config', () => {
  test('names an unknown key and the one that was meant', () => {
    const said = sentenceOf(() => parsePretrainConfig({ learning_rate: 1 }, 'run.json'))
    expect(said).toContain('unknown key "learning_rate" (run.json)')
    expect(said).toContain('Did you mean "learningRate"?')
  })
  test('refuses a value out of range with the value and the default', () => {
    expect(sentenceOf(() => parsePretrainConfig({ batchSize: 0 }))).toBe(
      'batchSize must be at least 1 (config): got 0. The default is 8.',
    )
    expect(sentenceOf(() => parsePretrainConfig({ steps: 2.5 }))).toContain('whole number')
    expect(sentenceOf(() => parsePretrainConfig({ learningRate: Number.NaN }))).toContain('learningRate')
  })
  test('ends its schedule at a tenth of the peak unless told otherwise, and never above it', () => {
    expect(parsePretrainConfig({ learningRate: 2e-5 }).minLearningRate).toBeCloseTo(2e-6)
    expect(sentenceOf(() => parsePretrainConfig({ learningRate: 1e-5, minLearningRate: 1e-4 }))).toBe(
      'minLearningRate is above learningRate (config): expected at most 0.00001, got 0.0001. A tenth of the learning rate is usual.',
    )
  })
  test('is not fooled by keys of the prototype', () => {
    expect(sentenceOf(() => parsePretrainConfig(JSON.parse('{"__proto__": 1}')))).toContain(
      'unknown key "__proto__"',
    )
    expect(sentenceOf(() => parsePretrainConfig({ constructor: 1 }))).toContain('unknown key "constructor"')
  })
  test('has a meaning for every field, and a default that its own schema accepts', () => {
    for (const fields of [modelFields, pretrainFields])
      for (const [key, field] of Object.entries(fields)) expect(field.meaning.length, key).toBeGreaterThan(10)
    expect(parsePretrainConfig({}).steps).toBe(2000)
    expect(parseModelShape({}).nLayer).toBe(4)
  })
  test('accepts every preset and every rung of the ladder', () => {
    for (const preset of Object.values(pretrainPresets)) {
      parsePretrainConfig(preset.config)
      resolveModel(parseModelShape(preset.model), 300)
    }
    for (const rung of sizeLadder) resolveModel(parseModelShape(rung.model), 4096)
  })
})

describe('a model', () => {
  test('refuses a width that its heads do not divide, and says which would do', () => {
    expect(sentenceOf(() => resolveModel(parseModelShape({ nEmbd: 130, nHead: 4 }), 65))).toBe(
      'width 130 is not divisible by 4 heads (model). Use a width of 128 or 132, or another number of heads.',
    )
  })
  test('counts the parameters of GPT-2 small as published: 124,439,808', () => {
    const gpt2 = resolveModel(
      parseModelShape({ nLayer: 12, nHead: 12, nEmbd: 768, contextLength: 1024 }),
      50257,
    )
    expect(countParameters(gpt2).total).toBe(124_439_808)
  })
  test('counts the parameters of TinyLlama 1.1B as published: 1,100,048,384', () => {
    const tinyLlama = resolveModel(
      parseModelShape({
        family: 'llama',
        nLayer: 22,
        nHead: 32,
        nKvHead: 4,
        nEmbd: 2048,
        nInner: 5632,
        contextLength: 2048,
        tieEmbeddings: false,
      }),
      32000,
    )
    expect(countParameters(tinyLlama).total).toBe(1_100_048_384)
  })
  test('needs 6 FLOPs per matmul weight and token, and attention on top', () => {
    const model = resolveModel(parseModelShape({ nLayer: 1, nHead: 1, nEmbd: 2, contextLength: 4 }), 10)
    expect(countParameters(model).matmul).toBe(12 * 4 + 20)
    expect(flopsPerToken(model)).toBe(6 * 68 + 6 * 2 * 4)
  })
})

describe('the learning rate', () => {
  const config = { learningRate: 1, minLearningRate: 0.1, warmupSteps: 4, steps: 104 }
  test('rises linearly, peaks after the warm-up, and ends near its floor', () => {
    expect(learningRateAt(0, config)).toBeCloseTo(0.2)
    expect(learningRateAt(3, config)).toBeCloseTo(0.8)
    expect(learningRateAt(4, config)).toBe(1)
    expect(learningRateAt(54, config)).toBeCloseTo(0.55)
    expect(learningRateAt(104, config)).toBeCloseTo(0.1)
  })
  test('is finite when the warm-up is longer than the run', () => {
    for (let step = 0; step < 3; step++)
      expect(learningRateAt(step, { ...config, warmupSteps: 100, steps: 3 })).toBeGreaterThan(0)
  })
})
