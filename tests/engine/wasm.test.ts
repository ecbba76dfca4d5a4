// The CPU cores, which most machines without a GPU train on, with either kernel set: same numbers as the cpu backend, same
// bits every time, no leak.
import { expect, it } from 'vitest'
import { openDevice } from '../../src-renderer/engine/device.ts'
import { generate } from '../../src-renderer/engine/generate/generate.ts'
import { Transformer } from '../../src-renderer/engine/model/transformer.ts'
import { AdamW } from '../../src-renderer/engine/optim/adamw.ts'
import { nodePlatform } from './engine-platform.ts'
import {
  accumulate,
  gradients,
  kinds,
  largestDifference,
  logProbsOf,
  tinyBatch,
  tinyModel,
} from './tiny-models.ts'

const adam = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 }

/** Large enough that products of heads take the 2-D path, odd enough that blocks do not divide it. */
const sizes = [
  { B: 2, T: 33, nEmbd: 24, contextLength: 33 },
  { B: 2, T: 64, nEmbd: 96, contextLength: 70 },
]

const kernelSets = ['composed', 'simd'] as const

it.each(kinds.flatMap(([name, changes]) => sizes.map(size => ({ name, changes, ...size }))))(
  'wasm agrees with cpu: $name, $B × $T tokens, $nEmbd wide',
  async ({ changes, B, T, nEmbd, contextLength }) => {
    const config = tinyModel({ nEmbd, contextLength, ...changes })
    const batch = tinyBatch(config, B, T)
    batch.targets[3] = -1
    const results = []
    for (const [backend, which] of [
      ['cpu', 'composed'],
      ['wasm', 'composed'],
      ['wasm', 'simd'],
    ] as const) {
      const { kernels, info, close } = await openDevice(backend, nodePlatform, { kernels: which })
      expect(info).toMatchObject({ backend, kernels: which, software: false })
      const model = new Transformer(config, kernels)
      model.initialize(9)
      const loss = await accumulate(model, batch)
      const sampling = { maxTokens: 5, temperature: 0, topK: 0, topP: 1, seed: 1 }
      const text = await generate(model, { tokens: batch.tokens.slice(0, 9), sampling, stopTokens: [] })
      results.push({ loss, gradients: await gradients(model), logProbs: text.logProbs })
      model.dispose()
      if (which === 'simd') close()
    }
    const [cpu, ...others] = results as [(typeof results)[0], ...typeof results]
    for (const wasm of others) {
      expect(Math.abs(wasm.loss - cpu.loss) / cpu.loss).toBeLessThan(1e-5)
      expect(largestDifference(wasm.logProbs, cpu.logProbs)).toBeLessThan(1e-4)
      for (const [name, ofWasm] of wasm.gradients) {
        const ofCpu = cpu.gradients.get(name)!
        const largest = ofCpu.reduce((max, g) => Math.max(max, Math.abs(g)), 0)
        expect(largestDifference(ofWasm, ofCpu), name).toBeLessThan(1e-4 * largest + 1e-5)
      }
    }
  },
)

it.each(kernelSets)(
  '%s trains 200 steps with a constant number of arrays, and twice with the same bits',
  async which => {
    const { kernels } = await openDevice('wasm', nodePlatform, { kernels: which })
    const config = tinyModel({ nEmbd: 32 })
    const run = async () => {
      const model = new Transformer(config, kernels)
      model.initialize(1)
      const optimizer = new AdamW(model, adam)
      const losses: number[] = []
      const arrays = new Set<number>()
      for (let step = 1; step <= 200; step++) {
        model.zeroGradients()
        const batch = tinyBatch(config, 2, 16, `batch ${step % 4}`)
        losses.push(await accumulate(model, batch))
        const norm = (await optimizer.gradientNorm()) / 32
        optimizer.step({ learningRate: 1e-2, step, gradientScale: Math.min(1, 1 / norm) / 32 })
        model.zeroGradients()
        arrays.add(kernels.memory().arrays)
      }
      const weights = []
      for (const { name } of model.parameters) weights.push(await model.readTensor(name))
      optimizer.dispose()
      model.dispose()
      return { losses, arrays, weights }
    }
    const first = await run()
    expect(first.arrays.size).toBe(1)
    expect(first.losses.at(-1)!).toBeLessThan(first.losses[0]! * 0.8)
    const second = await run()
    expect(second.losses).toEqual(first.losses)
    expect(second.weights).toEqual(first.weights)
  },
)

it.each(kernelSets)('%s uses weights as they were updated', async which => {
  const { kernels } = await openDevice('wasm', nodePlatform, { kernels: which })
  const config = tinyModel()
  const batch = tinyBatch(config, 1, 8)
  const trained = new Transformer(config, kernels)
  trained.initialize(1)
  const optimizer = new AdamW(trained, adam)
  await accumulate(trained, batch)
  optimizer.step({ learningRate: 0.1, step: 1, gradientScale: 1 / 8 })
  const copy = new Transformer(config, kernels)
  for (const { name } of trained.parameters) copy.loadTensor(name, await trained.readTensor(name))
  expect(await logProbsOf(trained, batch)).toEqual(await logProbsOf(copy, batch))
  for (const part of [optimizer, trained, copy]) part.dispose()
})
