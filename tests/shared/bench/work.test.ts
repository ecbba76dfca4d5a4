import { expect, test } from 'vitest'
import { benchSizes } from '../../../src-shared/bench/sizes.ts'
import { generationWork, trainingWork } from '../../../src-shared/bench/work.ts'
import { countParameters } from '../../../src-shared/config/model-config.ts'

test('the sizes have the parameters that they are called by', () => {
  const millions = Object.values(benchSizes).map(({ name, model }) => [
    name,
    Number((countParameters(model).total / 1e6).toPrecision(3)),
  ])
  expect(Object.fromEntries(millions)).toEqual({ minimal: 0.0563, small: 0.842, medium: 10.8, large: 124 })
})

test('a step of the small model: counted by hand', () => {
  // Matmul weights: 4 · (4 · 128² + 2 · 128 · 512) + 256 · 128 = 819,200; all parameters: 842,496.
  expect(trainingWork(benchSizes.small)).toEqual({
    tokens: 1024,
    flops: 1024 * (6 * 819_200 + 6 * 4 * 128 * 128),
    // Per layer and row 6 · 128 + 2 · 128 + 2 · 512 floats; embedding and final norm 4 · 128; head 3 · 256.
    bytes: 40 * 842_496 + 2 * 4 * 1024 * (4 * 2048 + 512 + 768),
  })
})

test('a batch of texts of the small model: counted by hand', () => {
  const positions = (128 * 129) / 2
  expect(generationWork(benchSizes.small)).toEqual({
    tokens: 16 * 128,
    flops: 16 * (128 * 2 * 819_200 + 4 * 4 * 128 * positions),
    bytes: 128 * 4 * 842_496 + 16 * positions * 2 * 4 * 4 * 128,
  })
})
