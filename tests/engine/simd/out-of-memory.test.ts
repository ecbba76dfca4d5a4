// When memory ends in the middle of something, nothing is left behind, and what goes on with less is right.
import { expect, it } from 'vitest'
import type { Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import type { SimdKernels } from '../../../src-renderer/engine/kernels/simd/simd.ts'
import { Transformer } from '../../../src-renderer/engine/model/transformer.ts'
import { AdamW } from '../../../src-renderer/engine/optim/adamw.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { normals } from '../gradient-check.ts'
import { openSimd } from '../kernel-sets.ts'
import { accumulate, kinds, tinyBatch, tinyModel } from '../tiny-models.ts'

/** The allocation after `first` others finds no memory. @returns takes that back */
function failAfter(first: number, kernels: Kernels): () => void {
  const { arena } = (kernels as SimdKernels).context
  const allocate = arena.allocate
  let left = first
  arena.allocate = bytes => {
    if (left-- === 0) throw new LabError({ code: 'no-space', what: 'on purpose', fix: 'none' })
    return allocate.call(arena, bytes)
  }
  return () => {
    arena.allocate = allocate
  }
}

it.each(kinds)(
  'at any allocation of a training step: no array is left, and the next step is as if there had been none before: %s',
  async (_, changes) => {
    const { kernels, close } = await openSimd(2)
    const empty = kernels.memory().arrays
    const model = new Transformer(tinyModel({ nLayer: 1, nEmbd: 12, contextLength: 9, ...changes }), kernels)
    model.initialize(3)
    const optimizer = new AdamW(model, { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 })
    const batches = ['first', 'second'].map(name => tinyBatch(model.config, 2, 9, name))
    let accumulated = false
    const step = async () => {
      accumulated = false
      let loss = 0
      for (const batch of batches) loss += await accumulate(model, batch)
      accumulated = true
      const norm = await optimizer.gradientNorm()
      // Without a rate: every step finds the same weights.
      optimizer.step({ learningRate: 0, step: 1, gradientScale: 1 })
      return { loss, norm }
    }
    const wanted = await step()
    model.zeroGradients()
    const before = kernels.memory()
    const failedIn = { passes: 0, optimizer: 0 }
    for (let n = 0; ; n++) {
      const takeBack = failAfter(n, kernels)
      const result = await step().catch(error => error)
      takeBack()
      model.zeroGradients()
      if (!(result instanceof LabError)) {
        expect(result).toEqual(wanted)
        break
      }
      expect(result.facts.code).toBe('no-space')
      failedIn[accumulated ? 'optimizer' : 'passes']++
      // From the norm on, the optimizer keeps the gradients until its next step.
      if (!accumulated) expect(kernels.memory(), `after ${n} allocations`).toEqual(before)
      expect(await step()).toEqual(wanted)
      model.zeroGradients()
      expect(kernels.memory(), `a step later, after ${n} allocations`).toEqual(before)
    }
    expect(failedIn.passes).toBeGreaterThan(100)
    expect(failedIn.optimizer).toBeGreaterThan(3)
    optimizer.dispose()
    model.dispose()
    expect(kernels.memory().arrays).toBe(empty)
    close()
  },
)

it('while the table of rotary positions grows: the one before it stays good, and is nobody else’s', async () => {
  const { kernels, close } = await openSimd(1)
  const x = kernels.upload(normals(64, 'x'), [4, 16])
  const turned = async (last: number) => {
    const out = kernels.scope(() => kernels.rope(x, 1, 16, 1e4, { positions: Int32Array.of(0, 1, 2, last) }))
    const values = await kernels.read(out)
    kernels.free(out)
    return values
  }
  const wanted = await turned(3)
  for (const [allocations, last] of [30, 300, 3000].entries()) {
    const takeBack = failAfter(allocations, kernels)
    await expect(turned(last)).rejects.toThrow(/on purpose/)
    takeBack()
    // Whatever was given back by mistake is somebody else's now.
    const others = [5, 6, 7].map(value => kernels.upload(new Float32Array(64).fill(value), [64]))
    expect(await turned(3)).toEqual(wanted)
    await turned(last)
    for (const [i, other] of others.entries())
      expect(await kernels.read(other)).toEqual(new Float32Array(64).fill(5 + i))
    expect(await turned(3)).toEqual(wanted)
  }
  close()
})
