// Whole trainings on the CPU kernels take the course that TF.js's operations take in plain JavaScript.
import { expect, it } from 'vitest'
import { openComposed, openPlain, openSimd } from '../kernel-sets.ts'
import { kinds, largestDifference, tinyModel } from '../tiny-models.ts'
import { type Trained, train } from './tiny-training.ts'

const TOLERANCE = 1e-4

function expectSameCourse(got: Trained, wanted: Trained): void {
  expect(got.losses.at(-1)!).toBeLessThan(got.losses[0]! - 0.3)
  for (const [i, loss] of wanted.losses.entries())
    expect(Math.abs(got.losses[i]! - loss), `loss of step ${i + 1}`).toBeLessThan(TOLERANCE)
  for (const [name, weights] of wanted.weights)
    expect(largestDifference(got.weights.get(name)!, weights), name).toBeLessThan(TOLERANCE)
}

it.each(kinds)(
  '30 steps end within 1e-4 of composed, with relaxed SIMD and without: %s',
  async (_, changes) => {
    const config = tinyModel({ contextLength: 9, nEmbd: 36, ...changes })
    const course = { steps: 30, batchSize: 3, length: 9 }
    const trained = []
    for (const open of [() => openSimd(3), openPlain]) {
      const { kernels, close } = await open()
      trained.push(await train(kernels, config, course))
      close()
    }
    const composed = await train(await openComposed(), config, course)
    for (const simd of trained) expectSameCourse(simd, composed)
  },
)

it('without relaxed SIMD the device says so, and promises no bits of a machine with it', async () => {
  const [relaxed, plain] = [await openSimd(1), await openPlain()]
  expect(relaxed.info.features).toContain('relaxed-simd')
  expect(plain.info.features).toEqual(['simd'])
  expect(plain.info.fingerprint).toContain('mul-add')
  if (relaxed.info.features.includes('fma')) expect(plain.info.fingerprint).not.toBe(relaxed.info.fingerprint)
  relaxed.close()
  plain.close()
})
