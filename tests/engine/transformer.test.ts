// The whole model: gradients, names, the loss before and after learning.
import { beforeAll, describe, expect, it } from 'vitest'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../src-renderer/engine/model/transformer.ts'
import { AdamW } from '../../src-renderer/engine/optim/adamw.ts'
import { countParameters } from '../../src-shared/config/model-config.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import { normals } from './gradient-check.ts'
import { kernelSets } from './kernel-sets.ts'
import {
  accumulate,
  forward,
  gradients,
  kinds,
  largestDifference,
  logProbsOf,
  tinyBatch,
  tinyModel,
  widen,
} from './tiny-models.ts'

let kernels: Kernels

describe.each(kernelSets)('$name', ({ open }) => {
  beforeAll(async () => {
    const device = await open()
    kernels = device.kernels
    return device.close
  })

  describe.each(kinds)('%s', (_, changes) => {
    it.each([
      { B: 3, T: 1 },
      { B: 2, T: 3 },
      { B: 1, T: 33 },
    ])('gradients of every tensor equal finite differences, $B × $T tokens', async ({ B, T }) => {
      const model = new Transformer(tinyModel(changes), kernels)
      await widen(model, 0.15)
      const batch = tinyBatch(model.config, B, T)
      batch.targets[0] = -1
      const weights = normals(B * T, 'dLogProbs')
      const loss = async () => -(await logProbsOf(model, batch)).reduce((s, x, i) => s + x * weights[i]!, 0)
      await accumulate(model, batch, weights)
      const step = 1e-2
      for (const [name, gradient] of await gradients(model)) {
        const original = await model.readTensor(name)
        const direction = normals(original.length, `direction/${name}`)
        const length = Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0))
        const at = async (by: number) => {
          model.loadTensor(
            name,
            original.map((x, i) => x + (by * direction[i]!) / length),
          )
          return loss()
        }
        // Fourth-order differences: float32 forces a large step, so the truncation error must fall fast.
        const [p1, m1, p2, m2] = [await at(step), await at(-step), await at(2 * step), await at(-2 * step)]
        const numeric = (8 * (p1 - m1) - (p2 - m2)) / (12 * step)
        const exact = gradient.reduce((sum, g, i) => sum + (g * direction[i]!) / length, 0)
        const size = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0) / gradient.length)
        model.loadTensor(name, original)
        expect(Math.abs(numeric - exact), `${name}: ${exact} against ${numeric}`).toBeLessThanOrEqual(
          2e-3 * (Math.abs(exact) + size) + 5e-4,
        )
      }
      model.dispose()
    })

    it('starts at a loss of about ln V', async () => {
      const model = new Transformer(tinyModel(changes), kernels)
      model.initialize(5)
      const batch = tinyBatch(model.config, 4, 33)
      const logProbs = await logProbsOf(model, batch)
      const loss = -logProbs.reduce((a, b) => a + b, 0) / logProbs.length
      expect(Math.abs(loss - Math.log(65))).toBeLessThan(0.05)
      model.dispose()
    })

    it('learns one batch by heart', async () => {
      const model = new Transformer(tinyModel(changes), kernels)
      model.initialize(5)
      const optimizer = new AdamW(model, { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 })
      const batch = tinyBatch(model.config, 1, 16)
      let loss = Number.POSITIVE_INFINITY
      for (let step = 1; step <= 120; step++) {
        model.zeroGradients()
        loss = (await accumulate(model, batch)) / 16
        optimizer.step({ learningRate: 1e-2, step, gradientScale: 1 / 16 })
      }
      expect(loss).toBeLessThan(0.02)
      optimizer.dispose()
      model.dispose()
    })

    it('has the number of parameters that is announced', () => {
      const model = new Transformer(tinyModel(changes), kernels)
      const total = model.parameters.reduce((sum, p) => sum + p.size, 0)
      expect(total).toBe(countParameters(model.config).total)
    })

    it('gives back tensors exactly as they were loaded', async () => {
      const model = new Transformer(tinyModel(changes), kernels)
      for (const { name, size } of model.parameters) {
        const values = normals(size, name)
        model.loadTensor(name, values)
        expect(await model.readTensor(name)).toEqual(values)
      }
      model.dispose()
    })
  })

  it('names and shapes are those of GPT2LMHeadModel', () => {
    const model = new Transformer(tinyModel({ nLayer: 1 }), kernels)
    expect(model.parameters.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['transformer.wte.weight', 65, 24],
      ['transformer.wpe.weight', 33, 24],
      ['transformer.h.0.ln_1.weight', 24],
      ['transformer.h.0.ln_1.bias', 24],
      ['transformer.h.0.attn.c_attn.weight', 24, 72],
      ['transformer.h.0.attn.c_attn.bias', 72],
      ['transformer.h.0.attn.c_proj.weight', 24, 24],
      ['transformer.h.0.attn.c_proj.bias', 24],
      ['transformer.h.0.ln_2.weight', 24],
      ['transformer.h.0.ln_2.bias', 24],
      ['transformer.h.0.mlp.c_fc.weight', 24, 96],
      ['transformer.h.0.mlp.c_fc.bias', 96],
      ['transformer.h.0.mlp.c_proj.weight', 96, 24],
      ['transformer.h.0.mlp.c_proj.bias', 24],
      ['transformer.ln_f.weight', 24],
      ['transformer.ln_f.bias', 24],
    ])
  })

  it('names and shapes are those of LlamaForCausalLM', () => {
    const config = tinyModel({ family: 'llama', nLayer: 1, nHead: 6, nKvHead: 2, tieEmbeddings: false })
    const model = new Transformer(config, kernels)
    expect(model.parameters.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['model.embed_tokens.weight', 65, 24],
      ['model.layers.0.input_layernorm.weight', 24],
      ['model.layers.0.self_attn.q_proj.weight', 24, 24],
      ['model.layers.0.self_attn.k_proj.weight', 8, 24],
      ['model.layers.0.self_attn.v_proj.weight', 8, 24],
      ['model.layers.0.self_attn.o_proj.weight', 24, 24],
      ['model.layers.0.post_attention_layernorm.weight', 24],
      ['model.layers.0.mlp.gate_proj.weight', 64, 24],
      ['model.layers.0.mlp.up_proj.weight', 64, 24],
      ['model.layers.0.mlp.down_proj.weight', 24, 64],
      ['model.norm.weight', 24],
      ['lm_head.weight', 65, 24],
    ])
  })

  it('targets of −1 count in neither loss nor gradient', async () => {
    const model = new Transformer(tinyModel(), kernels)
    model.initialize(2)
    const batch = tinyBatch(model.config, 2, 5)
    const masked = { ...batch, targets: batch.targets.map((t, i) => (i % 2 === 0 ? t : -1)) }
    const logProbs = await logProbsOf(model, masked)
    expect([...logProbs].filter((_, i) => i % 2 === 1)).toEqual([0, 0, 0, 0, 0])
    expect([...logProbs].filter((_, i) => i % 2 === 0).every(x => x < 0)).toBe(true)

    await accumulate(model, masked)
    const ofMasked = await gradients(model)
    model.zeroGradients()
    const weights = Float32Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 1 : 0))
    await accumulate(model, batch, weights)
    for (const [name, gradient] of await gradients(model)) expect(ofMasked.get(name)).toEqual(gradient)
    model.dispose()
  })

  it('entropies and hits are those of its logits, and change no log-prob', async () => {
    const model = new Transformer(tinyModel(), kernels)
    await widen(model, 0.15)
    const batch = tinyBatch(model.config, 3, 11)
    const [N, V] = [33, 65]
    const arrays = kernels.scope(() => {
      const activations = forward(model, batch)
      const logits = model.logitsAt(
        activations,
        kernels.upload(
          Int32Array.from({ length: N }, (_, n) => n),
          [N],
        ),
      )
      const targets = kernels.upload(batch.targets, [N])
      const { logProbs, entropies, hits } = model.logProbs(activations, targets, { statistics: true })
      return [logits, logProbs, entropies!, hits!]
    })
    const [logits, logProbs, entropies, hits] = await Promise.all(arrays.map(x => kernels.read(x)))
    kernels.free(...arrays)
    expect(logProbs).toEqual(await logProbsOf(model, batch))
    for (let n = 0; n < N; n++) {
      const row = [...logits!.slice(n * V, (n + 1) * V)]
      const total = row.reduce((sum, z) => sum + Math.exp(z), 0)
      const entropy = row.reduce((sum, z) => sum - (Math.exp(z) / total) * (z - Math.log(total)), 0)
      expect(entropies![n]).toBeCloseTo(entropy, 4)
      expect(hits![n]).toBe(row.indexOf(Math.max(...row)) === batch.targets[n] ? 1 : 0)
    }
    model.dispose()
  })

  it('gradients of two batches add up', async () => {
    const model = new Transformer(tinyModel(), kernels)
    model.initialize(2)
    const [a, b] = [tinyBatch(model.config, 1, 4, 'a'), tinyBatch(model.config, 2, 7, 'b')]
    await accumulate(model, a)
    const ofA = await gradients(model)
    await accumulate(model, b)
    const ofBoth = await gradients(model)
    model.zeroGradients()
    await accumulate(model, b)
    for (const [name, gradient] of await gradients(model))
      expect(
        largestDifference(
          ofBoth.get(name)!,
          gradient.map((g, i) => g + ofA.get(name)![i]!),
        ),
      ).toBeLessThan(1e-5)
    model.dispose()
  })

  it('no token sees what comes after it', async () => {
    const model = new Transformer(tinyModel({ family: 'llama', nHead: 6, nKvHead: 2 }), kernels)
    await widen(model, 0.15)
    const batch = tinyBatch(model.config, 1, 9)
    const changed = { ...batch, tokens: batch.tokens.map((t, i) => (i < 5 ? t : (t + 1) % 65)) }
    const [before, after] = [await logProbsOf(model, batch), await logProbsOf(model, changed)]
    expect(after.slice(0, 5)).toEqual(before.slice(0, 5))
    expect(after.slice(5)).not.toEqual(before.slice(5))
    model.dispose()
  })

  it('refuses what does not fit', () => {
    const model = new Transformer(tinyModel(), kernels)
    expect(() => model.loadTensor('transformer.wte.bias', new Float32Array(1))).toThrow(/no tensor called/)
    expect(() => model.loadTensor('transformer.wte.weight', new Float32Array(1))).toThrow(/wrong size/)
    expect(() => kernels.scope(() => forward(model, tinyBatch(model.config, 1, 3)))).toThrow(/never loaded/)
    model.initialize(1)
    expect(() => kernels.scope(() => forward(model, tinyBatch(model.config, 1, 34)))).toThrow(LabError)
    model.dispose()
  })
})
