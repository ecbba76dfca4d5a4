// Nothing is allocated per step: what lives at one step boundary lives at every one, in a memory that does not grow.
import { expect, it } from 'vitest'
import type { SimdKernels } from '../../../src-renderer/engine/kernels/simd/simd.ts'
import { openSimd } from '../kernel-sets.ts'
import { kinds, tinyModel } from '../tiny-models.ts'
import { train, write } from './tiny-training.ts'

it.each(kinds)(
  'arrays, bytes and capacity are the same after each of 2,000 steps: %s',
  async (_, changes) => {
    const { kernels, close } = await openSimd(2)
    const { arena } = (kernels as SimdKernels).context
    const seen = new Set<string>()
    const look = () => {
      const { arrays, bytes } = kernels.memory()
      seen.add(`${arrays} arrays, ${bytes} bytes of ${arena.capacity}`)
    }
    const config = tinyModel({ nLayer: 1, nEmbd: 12, contextLength: 5, ...changes })
    const atBoundary = (step: number) => {
      if (step > 3) look()
    }
    await train(kernels, config, { steps: 2000, batchSize: 2, length: 5, atBoundary }, async model => {
      for (let i = 0; i < 50; i++) {
        await write(model)
        // With the optimizer's moments and gradients still there, as when a run draws its samples.
        look()
      }
    })
    expect([...seen]).toHaveLength(1)
    close()
  },
)
