import { expect, test } from 'vitest'
import { benchSizes } from '../../../src-shared/bench/sizes.ts'
import { trainingMemory } from '../../../src-shared/config/training-memory.ts'

test.each([
  // Size of the SIMD kernels' memory in a bench, which never shrinks: MiB.
  { name: 'small', measured: 48 },
  { name: 'medium', measured: 282 },
  { name: 'large', measured: 2017 },
] as const)(
  'the estimate for the SIMD kernels is within a quarter of the memory measured: $name',
  ({ name, measured }) => {
    const { model, batchSize } = benchSizes[name]
    const { weights, optimizer, activations, total } = trainingMemory(model, batchSize, {
      backend: 'wasm',
      kernels: 'simd',
    })
    expect(weights + optimizer + activations).toBe(total)
    expect(total / 2 ** 20 / measured).toBeGreaterThan(0.75)
    expect(total / 2 ** 20 / measured).toBeLessThan(1.25)
  },
)
