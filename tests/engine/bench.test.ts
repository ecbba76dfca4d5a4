// The peer of the bench must be an honest one: the same model, learning the same.
import { beforeAll, expect, it } from 'vitest'
import { StockGpt } from '../../src-renderer/engine/bench/stock-gpt.ts'
import { benchGeneration, benchTraining, MINIMAL } from '../../src-renderer/engine/bench/train-bench.ts'
import { openDevice } from '../../src-renderer/engine/device.ts'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { nodePlatform } from './engine-platform.ts'
import { tinyBatch, tinyModel } from './tiny-models.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = (await openDevice('wasm', nodePlatform)).kernels
})

it('the stock model starts at ln V and learns one batch by heart', async () => {
  const config = tinyModel()
  const model = new StockGpt(config, 1e-2)
  const { tokens, targets, batchSize, length } = tinyBatch(config, 1, 16)
  const first = await model.step(tokens, targets, batchSize, length)
  expect(Math.abs(first - Math.log(65))).toBeLessThan(0.1)
  let last = first
  for (let step = 0; step < 80; step++) last = await model.step(tokens, targets, batchSize, length)
  expect(last).toBeLessThan(0.05)
  model.dispose()
})

it('reports speed and memory of training and generation, and leaves nothing behind', async () => {
  const before = kernels.memory().arrays
  for (const which of ['stock', kernels] as const) {
    const result = await benchTraining({ kernels: which, size: MINIMAL, steps: 1 })
    expect(result).toMatchObject({
      size: 'minimal',
      mode: 'train',
      backend: 'wasm',
      kernels: which === 'stock' ? 'stock' : 'composed',
    })
    expect(result.tokensPerSecond).toBeGreaterThan(0)
    expect(result.peakBytes).toBeGreaterThan(0)
  }
  const generated = await benchGeneration({ kernels, size: MINIMAL, steps: 3 })
  expect(generated.tokensPerSecond).toBeGreaterThan(0)
  // Tables that are kept for the next call: mask, ones, literals.
  expect(kernels.memory().arrays - before).toBeLessThan(30)
})
