// AdamW over a model against the formula, and what a checkpoint keeps of it.
import { beforeAll, describe, expect, it } from 'vitest'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../src-renderer/engine/model/transformer.ts'
import { AdamW } from '../../src-renderer/engine/optim/adamw.ts'
import { kernelSets } from './kernel-sets.ts'
import { accumulate, gradients, largestDifference, tinyBatch, tinyModel } from './tiny-models.ts'

let kernels: Kernels

const config = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 }
const learningRate = 3e-3

async function weights(model: Transformer): Promise<Map<string, Float32Array>> {
  const result = new Map<string, Float32Array>()
  for (const { name } of model.parameters) result.set(name, await model.readTensor(name))
  return result
}

describe.each(kernelSets)('$name', ({ open }) => {
  beforeAll(async () => {
    const device = await open()
    kernels = device.kernels
    return device.close
  })

  it('five steps equal torch.optim.AdamW in float64, with decay on matrices only', async () => {
    const model = new Transformer(tinyModel({ family: 'llama', nLayer: 1 }), kernels)
    model.initialize(3)
    const optimizer = new AdamW(model, config)
    const expected = new Map(
      [...(await weights(model))].map(([name, w]) => [
        name,
        { w: Float64Array.from(w), m: new Float64Array(w.length), v: new Float64Array(w.length) },
      ]),
    )
    for (let step = 1; step <= 5; step++) {
      model.zeroGradients()
      await accumulate(model, tinyBatch(model.config, 2, 6, `step ${step}`))
      const ofStep = await gradients(model)
      const norm = Math.sqrt([...ofStep.values()].reduce((s, g) => s + g.reduce((t, x) => t + x * x, 0), 0))
      expect(await optimizer.gradientNorm()).toBeCloseTo(norm, 4)
      const gradientScale = 1 / norm
      optimizer.step({ learningRate, step, gradientScale })
      for (const { name, shape } of model.parameters) {
        const { w, m, v } = expected.get(name)!
        const decay = shape.length >= 2 ? config.weightDecay : 0
        ofStep.get(name)!.forEach((raw, i) => {
          const g = raw * gradientScale
          m[i] = config.beta1 * m[i]! + (1 - config.beta1) * g
          v[i] = config.beta2 * v[i]! + (1 - config.beta2) * g * g
          const mHat = m[i]! / (1 - config.beta1 ** step)
          const vHat = v[i]! / (1 - config.beta2 ** step)
          w[i] =
            w[i]! * (1 - learningRate * decay) - (learningRate * mHat) / (Math.sqrt(vHat) + config.epsilon)
        })
      }
    }
    for (const [name, actual] of await weights(model)) {
      const { w, m, v } = expected.get(name)!
      // Where a gradient is 0 but for rounding, Adam's update is the sign of noise: those values may differ.
      const meaningful = actual.map((x, i) => (Math.sqrt(v[i]!) > 1e-6 ? x : w[i]!))
      expect(largestDifference(meaningful, w), name).toBeLessThan(2e-5)
      expect(largestDifference(await optimizer.readTensor(`m.${name}`), m), `m of ${name}`).toBeLessThan(1e-6)
    }
    optimizer.dispose()
    model.dispose()
  })

  it('weights and moments written and read back continue with the same bits', async () => {
    const train = async (model: Transformer, optimizer: AdamW, from: number, to: number) => {
      for (let step = from; step <= to; step++) {
        model.zeroGradients()
        await accumulate(model, tinyBatch(model.config, 2, 6, `step ${step}`))
        const norm = await optimizer.gradientNorm()
        optimizer.step({ learningRate, step, gradientScale: Math.min(1, 1 / norm) })
      }
    }
    const shape = tinyModel({ family: 'llama', nHead: 6, nKvHead: 2 })
    const straight = new Transformer(shape, kernels)
    const straightOptimizer = new AdamW(straight, config)
    straight.initialize(4)
    await train(straight, straightOptimizer, 1, 3)

    const resumed = new Transformer(shape, kernels)
    const resumedOptimizer = new AdamW(resumed, config)
    for (const { name } of straight.parameters) resumed.loadTensor(name, await straight.readTensor(name))
    const saved = straightOptimizer.tensors()
    expect(saved.map(t => t.name).slice(0, 2)).toEqual([
      'm.model.embed_tokens.weight',
      'm.model.layers.0.input_layernorm.weight',
    ])
    for (const { name, shape } of saved) {
      const values = await straightOptimizer.readTensor(name)
      expect(values).toHaveLength(shape.reduce((a, b) => a * b, 1))
      resumedOptimizer.loadTensor(name, values)
    }
    await train(straight, straightOptimizer, 4, 6)
    await train(resumed, resumedOptimizer, 4, 6)
    expect(await weights(resumed)).toEqual(await weights(straight))
    for (const part of [straightOptimizer, resumedOptimizer, straight, resumed]) part.dispose()
  })

  it('refuses tensors that are not its own', () => {
    const model = new Transformer(tinyModel(), kernels)
    const optimizer = new AdamW(model, config)
    expect(() => optimizer.loadTensor('m.nothing', new Float32Array(1))).toThrow(/no tensor called/)
    expect(() => optimizer.loadTensor('transformer.wte.weight', new Float32Array(1))).toThrow(
      /no tensor called/,
    )
    expect(() => optimizer.loadTensor('m.transformer.wte.weight', new Float32Array(1))).toThrow(/wrong size/)
    optimizer.dispose()
    model.dispose()
  })
})
