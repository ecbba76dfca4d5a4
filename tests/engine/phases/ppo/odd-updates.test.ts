// Updates that are as small as they can be, and devices that do not read alike.
import { beforeAll, describe, expect, test } from 'vitest'
import type { Kernels } from '../../../../src-renderer/engine/kernels/kernels.ts'
import { kernelSets } from '../../kernel-sets.ts'
import { series, type TinyParents, type TinyPpo, tinyParents, trainPpo } from './tiny-ppo.ts'

let kernels: Kernels
let parents: TinyParents
beforeAll(async () => {
  const device = await kernelSets[1]!.open()
  kernels = device.kernels
  parents = await tinyParents(kernels)
  return device.close
})

type HeadLogProbs = Kernels['headLogProbs']
/** A device whose output layer reads what `changed` makes of the hidden states. */
const reading = (changed: (isRead: boolean, hidden: Parameters<HeadLogProbs>[0]) => typeof hidden) =>
  new Proxy(kernels, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      if (key !== 'headLogProbs') return value.bind(target)
      const head: HeadLogProbs = (hidden, weight, targets, options) =>
        // Answers are read with their entropies, and learnt from without.
        target.headLogProbs(changed(options?.statistics === true, hidden), weight, targets, options)
      return head
    },
  })

describe('an update', () => {
  const train = (options: TinyPpo) => trainPpo(kernels, parents, options)

  test.each(['reward-model', 'shared'])(
    'of answers of one token each goes through, alone and in company (%s)',
    async valueModel => {
      for (const batchSize of [1, 5]) {
        const settings = { responseLength: 1, batchSize, valueModel, steps: 2, whitenRewards: true }
        const run = await train({ settings, judged: true })
        expect(run.outcome.status).toBe('finished')
        expect(run.events).toEqual([])
        expect(series(run, 'response/length')).toEqual([1, 1])
        expect(run.rollouts).toHaveLength(2 * Math.min(4, batchSize))
        for (const { response, advantages } of run.rollouts) {
          expect(response).toHaveLength(1)
          // One token alone is as good as expected: it is all that could be.
          if (batchSize === 1) expect(Math.abs(advantages[0]!)).toBe(0)
        }
      }
    },
  )

  test('of fewer answers than minibatches has a minibatch for each answer', async () => {
    const settings = { batchSize: 3, numMiniBatches: 5, numPpoEpochs: 2, steps: 2, targetApproxKl: 0 }
    const few = await train({ settings: { ...settings, gradientAccumulationSteps: 4 } })
    expect(few.outcome.status).toBe('finished')
    const { extra } = few.checkpoints.get(2)!.state
    expect(extra).toMatchObject({ policySteps: 2 * 2 * 3, valueSteps: 2 * 2 * 3 })
    const as = await train({ settings: { ...settings, numMiniBatches: 3 } })
    expect(as.saved.get(2)).toBe(few.saved.get(2))
  })
})

test('a device that reads answers otherwise than it learns from them is refused in its first update', async () => {
  const before = kernels.memory().arrays
  // Policy and reference alike, so that their KL is 0.
  const device = reading((isRead, hidden) => (isRead ? kernels.add(hidden, hidden) : hidden))
  const told: number[] = []
  const run = trainPpo(device, parents, { onStep: step => told.push(step) })
  await expect(run).rejects.toMatchObject({
    facts: {
      code: 'internal',
      what: 'the policy that learns is not the one that wrote the answers',
      expected: 'log ratios below 0.0001 in the first minibatch',
      fix: expect.stringContaining('choose another device'),
    },
  })
  expect(told).not.toContain(1)
  expect(kernels.memory().arrays).toBe(before)
})

test('an update of which some minibatches have no number for a loss learns from the others, and says of how many', async () => {
  let learnt = 0
  const device = reading((isRead, hidden) => {
    if (isRead || ++learnt !== 2) return hidden
    const count = hidden.shape.reduce((a, b) => a * b, 1)
    return kernels.upload(new Float32Array(count).fill(Number.NaN), [...hidden.shape])
  })
  const settings = { steps: 2, numPpoEpochs: 2, numMiniBatches: 2, targetApproxKl: 0 }
  const run = await trainPpo(device, parents, { settings })
  expect(run.outcome.status).toBe('finished')
  expect(run.events).toEqual([
    'step 1: the loss of 1 of 4 minibatches is not a finite number; its step of the optimizer was left out',
  ])
  const { extra } = run.checkpoints.get(2)!.state
  expect(extra).toMatchObject({ policySteps: 3 + 4, valueSteps: 3 + 4 })
  // Nothing of it is left for the minibatches after it.
  for (const values of run.checkpoints.get(2)!.model.values())
    expect(values.every(Number.isFinite)).toBe(true)
})
