// The engine's backward pass against finite differences of an independent forward pass in float64: there the step can be
// small and the differences are good to nine digits, so what is left is the engine's own float32.
import { beforeAll, describe, expect, it } from 'vitest'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../src-renderer/engine/model/transformer.ts'
import { randomStream } from '../../src-shared/random/counter.ts'
import { logProbs64 } from './float64-gpt.ts'
import { normals } from './gradient-check.ts'
import { kernelSets } from './kernel-sets.ts'
import {
  accumulate,
  gradients,
  kinds,
  logProbsOf,
  type TinyBatch,
  tinyBatch,
  tinyModel,
  widen,
} from './tiny-models.ts'

const STEP = 1e-5
/** Elements tried per tensor: the largest gradient and some at random. */
const ELEMENTS = 6

let kernels: Kernels

/** dLoss/dElement by differences; computed once, since every kernel set starts from the same weights. */
const differences = new Map<string, number>()

describe.each(kernelSets)('$name', ({ open }) => {
  beforeAll(async () => {
    const device = await open()
    kernels = device.kernels
    return device.close
  })

  describe.each(kinds)('%s', (kind, changes) => {
    it.each([
      { B: 2, T: 1 },
      { B: 3, T: 3 },
      { B: 1, T: 9 },
      { B: 2, T: 7, segmentStarts: Int32Array.of(0, 0, 0, 3, 3, 5, 6, 0, 1, 1, 1, 1, 5, 5) },
    ])(
      'every tensor has the gradient of the float64 model within float32 rounding, $B × $T tokens',
      async ({ B, T, segmentStarts }) => {
        const config = tinyModel({ nEmbd: kind.includes('KV') ? 36 : 20, contextLength: 9, ...changes }, 17)
        const model = new Transformer(config, kernels)
        await widen(model, 0.2)
        const batch: TinyBatch = { ...tinyBatch(config, B, T, kind), segmentStarts }
        batch.targets[0] = B * T > 1 ? -1 : batch.targets[0]!
        const weights = normals(B * T, 'dLogProbs')

        const tensors = new Map<string, Float64Array>()
        for (const { name } of model.parameters)
          tensors.set(name, Float64Array.from(await model.readTensor(name)))
        // The float64 model knows no segments: it is given each one alone.
        const begins = Array.from({ length: B * T }, (_, n) => n).filter(
          n => n % T === (segmentStarts?.[n] ?? 0),
        )
        const all64 = (): number[] =>
          begins.flatMap((n, i) => {
            const [tokens, targets] = [batch.tokens, batch.targets].map(x => x.subarray(n, begins[i + 1]))
            return logProbs64(tensors, config, tokens!, targets!)
          })
        const loss64 = () => -all64().reduce((sum, x, i) => sum + x * weights[i]!, 0)
        const difference = (tensor: Float64Array, i: number): number => {
          const kept = tensor[i]!
          tensor[i] = kept + STEP
          const above = loss64()
          tensor[i] = kept - STEP
          const below = loss64()
          tensor[i] = kept
          return (above - below) / (2 * STEP)
        }

        const forward = await logProbsOf(model, batch)
        for (const [i, exact] of all64().entries()) expect(Math.abs(forward[i]! - exact)).toBeLessThan(2e-5)

        await accumulate(model, batch, weights)
        const random = randomStream(11, kind, T)
        for (const [name, gradient] of await gradients(model)) {
          const largest = gradient.reduce(
            (best, g, i) => (Math.abs(g) > Math.abs(gradient[best]!) ? i : best),
            0,
          )
          const scale = Math.abs(gradient[largest]!)
          const tensor = tensors.get(name)!
          for (const i of [
            largest,
            ...Array.from({ length: ELEMENTS - 1 }, () => random.integer(gradient.length)),
          ]) {
            const key = [kind, B, T, name, i].join()
            const numeric = differences.get(key) ?? difference(tensor, i)
            differences.set(key, numeric)
            expect(
              Math.abs(gradient[i]! - numeric),
              `${name}[${i}]: ${gradient[i]} against ${numeric}`,
            ).toBeLessThanOrEqual(1e-5 * scale + 1e-6)
          }
        }
        model.dispose()
      },
    )
  })
})
