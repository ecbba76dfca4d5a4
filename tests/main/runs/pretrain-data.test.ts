import { describe, expect, test } from 'vitest'
import { type OpenSource, PretrainData } from '../../../src-main/core/runs/pretrain-data.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'

/** Tokens first, first + 1, … so that every value tells where it stood. */
const tokens = (first: number, length: number) => ({
  length,
  read: (start: number, count: number) => Int32Array.from({ length: count }, (_, i) => first + start + i),
  close: () => {},
})
const source = (name: string, weight: number, train: number, validation: number, first = 0): OpenSource => ({
  name,
  weight,
  train: tokens(first, train),
  validation: tokens(first + 100_000, validation),
})
const shape = { batchSize: 3, gradientAccumulationSteps: 2, contextLength: 5, seed: 1 }

describe("a run's data", () => {
  test('gives each input the token after it as target', () => {
    const { tokens, targets, batchSize, length } = new PretrainData([source('a', 1, 500, 50)], shape).batch(
      4,
      1,
    )
    expect([batchSize, length, tokens.length]).toEqual([3, 5, 15])
    expect([...targets]).toEqual([...tokens].map(token => token + 1))
  })

  test('is a function of step and micro-batch alone', () => {
    const first = new PretrainData([source('a', 1, 500, 50), source('b', 2, 900, 50, 5000)], shape)
    const again = new PretrainData([source('a', 1, 500, 50), source('b', 2, 900, 50, 5000)], shape)
    for (let step = 0; step < 5; step++) again.batch(step, 0)
    expect(again.batch(700, 1)).toEqual(first.batch(700, 1))
    expect(first.batch(700, 0)).not.toEqual(first.batch(700, 1))
  })

  test('reads the same samples whether they come in one batch or in accumulated parts', () => {
    const whole = new PretrainData([source('a', 1, 500, 50)], {
      ...shape,
      batchSize: 6,
      gradientAccumulationSteps: 1,
    })
    const parts = new PretrainData([source('a', 1, 500, 50)], shape)
    expect([...parts.batch(9, 0).tokens, ...parts.batch(9, 1).tokens]).toEqual([...whole.batch(9, 0).tokens])
  })

  test('evaluates on validation text only, padding what is shorter than the context with uncounted targets', () => {
    const batch = new PretrainData([source('a', 1, 500, 4)], shape).evalBatch(0)!
    for (let i = 0; i < 3; i++) {
      expect([...batch.tokens.slice(i * 5, i * 5 + 4)]).toEqual([100_000, 100_001, 100_002, 100_003])
      expect([...batch.targets.slice(i * 5, i * 5 + 5)]).toEqual([100_001, 100_002, 100_003, -1, -1])
    }
    expect(new PretrainData([source('a', 1, 500, 0)], shape).evalBatch(0)).toBeNull()
  })

  test('is refused when a source is shorter than the context, with both numbers', () => {
    expect(() => new PretrainData([source('poem', 1, 5, 0)], shape)).toThrow(LabError)
    expect(() => new PretrainData([source('poem', 1, 5, 0)], shape)).toThrow(
      '"poem" is shorter than the context (sources): expected at least 6 training tokens, got 5.',
    )
    expect(() => new PretrainData([source('poem', 0, 500, 0)], shape)).toThrow('no source has any weight')
  })
})
