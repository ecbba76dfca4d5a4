// What is no number anywhere in the weights reaches the loss: a kernel that takes a maximum must not lose it on the way.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDevice } from '../../../src-renderer/engine/device.ts'
import { Transformer } from '../../../src-renderer/engine/model/transformer.ts'
import { openSimd } from '../kernel-sets.ts'
import { accumulate, kinds, tinyBatch, tinyModel } from '../tiny-models.ts'

let device: OpenDevice
beforeAll(async () => {
  device = await openSimd(2)
})
afterAll(() => device.close())

describe.each(kinds)('%s', (_, changes) => {
  it('a NaN at the start or end of any tensor gives a NaN loss and gradients that have it', async () => {
    const model = new Transformer(tinyModel({ nLayer: 1, contextLength: 9, ...changes }, 17), device.kernels)
    // Every token and position there is.
    const batch = {
      ...tinyBatch(model.config, 2, 9),
      tokens: Int32Array.from({ length: 18 }, (_, i) => i % 17),
    }
    for (const { name, size } of model.parameters)
      for (const i of [0, size - 1]) {
        model.initialize(1)
        const values = await model.readTensor(name)
        values[i] = Number.NaN
        model.loadTensor(name, values)
        model.zeroGradients()
        expect(await accumulate(model, batch), `${name}[${i}]`).toBeNaN()
        const gradients = model.parameters.map(parameter => parameter.gradient!)
        expect(await device.kernels.globalNorm(gradients), `${name}[${i}]`).toBeNaN()
      }
    model.dispose()
  })
})

it('a logit that is infinite or none gives a loss that is not finite, at any place of the row', async () => {
  const { kernels } = device
  for (const V of [1, 4, 7, 65])
    for (const at of [0, V >> 1, V - 1])
      for (const logit of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const weight = new Float32Array(V)
        weight[at] = logit
        const logProbs = kernels.scope(
          () =>
            kernels.headLogProbs(
              kernels.upload(Float32Array.of(1), [1, 1]),
              kernels.upload(weight, [V, 1]),
              kernels.upload(Int32Array.of(0), [1]),
            ).logProbs,
        )
        const [logProb] = await kernels.read(logProbs)
        kernels.free(logProbs)
        expect(Number.isFinite(logProb), `${logit} at ${at} of ${V}`).toBe(false)
      }
})
