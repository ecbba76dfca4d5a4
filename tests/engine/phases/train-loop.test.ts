import { beforeAll, describe, expect, test } from 'vitest'
import { openDevice } from '../../../src-renderer/engine/device.ts'
import type { Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import { pretrain } from '../../../src-renderer/engine/phases/pretrain.ts'
import { parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import type { TokenBatch } from '../../../src-shared/contract/engine-contract.ts'
import { randomStream } from '../../../src-shared/random/counter.ts'
import { nodePlatform } from '../engine-platform.ts'
import { type InMemory, type Recorded, trainInMemory } from './memory-core.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = (await openDevice('wasm', nodePlatform)).kernels
})

const model = resolveModel(parseModelShape({ nLayer: 1, nHead: 2, nEmbd: 12, contextLength: 7 }), 11)

/** Text in which every token follows from the one before, at odd lengths. */
function batchOf(batchSize: number, step: number, micro: number): TokenBatch {
  const random = randomStream(1, 'batch', step * 100 + micro)
  const length = 7
  const tokens = new Int32Array(batchSize * length)
  const targets = new Int32Array(batchSize * length)
  for (let b = 0; b < batchSize; b++) {
    let token = random.integer(11)
    for (let t = 0; t < length; t++) {
      tokens[b * length + t] = token
      token = (token * 3 + 1) % 11
      // Some targets do not count, so that micro-batches differ in size.
      targets[b * length + t] = random.uniform() < 0.2 ? -1 : token
    }
  }
  return { batchSize, length, tokens, targets }
}

/** Runs phase 1 on a core that answers from memory. */
function train(
  settings: Record<string, number>,
  options: Partial<Pick<InMemory, 'batch' | 'evalBatch' | 'pauseAt'>> = {},
): Promise<Recorded> {
  const config = parsePretrainConfig({
    batchSize: 3,
    warmupSteps: 2,
    evalInterval: 5,
    evalBatches: 2,
    sampleTokens: 3,
    samplePrompts: [],
    ...settings,
  })
  return trainInMemory(pretrain, {
    kernels,
    config,
    spec: { phase: 'pretrain', model },
    batch: options.batch ?? ((step, micro) => batchOf(config.batchSize, step, micro)),
    evalBatch: options.evalBatch ?? (index => batchOf(config.batchSize, 10_000 + index, 0)),
    pauseAt: options.pauseAt,
  })
}

const last = (run: Recorded) => run.metrics.at(-1)!.values

describe('the train loop', () => {
  test('learns: loss falls from ln V towards 0 on text that can be known', async () => {
    const run = await train({ steps: 150, learningRate: 0.02, minLearningRate: 0.002 })
    expect(run.outcome).toMatchObject({ status: 'finished', state: { step: 150, tokens: 150 * 21 } })
    expect(Math.abs(run.metrics[0]!.values.loss! - Math.log(11))).toBeLessThan(0.2)
    expect(last(run).eval_loss).toBeLessThan(0.2)
    expect(last(run).perplexity).toBeCloseTo(Math.exp(last(run).eval_loss!), 6)
    expect(last(run).bits_per_byte).toBeCloseTo(last(run).eval_loss! / Math.LN2, 6)
  }, 120_000)

  test('gives the same bits twice, and leaves no array behind', async () => {
    const before = kernels.memory().arrays
    const [a, b] = [await train({ steps: 12 }), await train({ steps: 12 })]
    expect(a.metrics.map(m => m.values.loss)).toEqual(b.metrics.map(m => m.values.loss))
    expect(a.saved.get(12)).toBe(b.saved.get(12))
    expect(kernels.memory().arrays).toBe(before)
  })

  test('divides by the valid tokens of the whole step: 6 at once is 2 × 3 accumulated', async () => {
    const joined = (step: number): TokenBatch => {
      const [a, b] = [batchOf(3, step, 0), batchOf(3, step, 1)]
      return {
        batchSize: 6,
        length: 7,
        tokens: Int32Array.of(...a.tokens, ...b.tokens),
        targets: Int32Array.of(...a.targets, ...b.targets),
      }
    }
    const whole = await train({ steps: 10, batchSize: 6 }, { batch: joined })
    const parts = await train({ steps: 10, gradientAccumulationSteps: 2 })
    for (const [i, { values }] of whole.metrics.entries()) {
      expect(Math.abs(values.loss! - parts.metrics[i]!.values.loss!)).toBeLessThan(1e-5)
      expect(Math.abs(values.grad_norm! - parts.metrics[i]!.values.grad_norm!)).toBeLessThan(1e-4)
    }
  })

  test('evaluating more often does not move training', async () => {
    const [seldom, often] = [
      await train({ steps: 12, evalInterval: 12 }),
      await train({ steps: 12, evalInterval: 1 }),
    ]
    expect(often.saved.get(12)).toBe(seldom.saved.get(12))
  })

  test('pauses at a step boundary with a checkpoint of exactly that step', async () => {
    const run = await train({ steps: 50 }, { pauseAt: 7 })
    expect(run.outcome).toMatchObject({ status: 'paused', state: { step: 7 } })
    expect([...run.saved.keys()]).toEqual([7])
  })

  test('pauses by itself when the loss is no number three steps in a row, and saves nothing of it', async () => {
    // Without ε, Adam divides 0 by 0 for every weight whose gradient is 0: here the positions that come only later.
    const short = (step: number): TokenBatch => {
      if (step >= 4) return batchOf(3, step, 0)
      const { tokens, targets } = batchOf(3, step, 0)
      const cut = (values: Int32Array) =>
        Int32Array.from({ length: 9 }, (_, i) => values[Math.floor(i / 3) * 7 + (i % 3)]!)
      return { batchSize: 3, length: 3, tokens: cut(tokens), targets: cut(targets) }
    }
    const run = await train({ steps: 30, epsilon: 0, evalInterval: 100 }, { batch: short })
    expect([...run.saved.keys()]).toEqual([])
    expect(run.outcome.status).toBe('paused')
    expect(run.outcome.reason).toContain('3 steps in a row')
    expect(run.events.length).toBeGreaterThanOrEqual(3)
    expect(run.events[0]).toContain('not a finite number')
    for (const { values } of run.metrics)
      for (const value of Object.values(values)) expect(Number.isFinite(value)).toBe(true)
  })

  test('ends with the reason when a batch is refused, also while it is busy with something else', async () => {
    const batch = (step: number): TokenBatch => {
      if (step === 5) throw new Error('the tokens of step 5 are gone')
      return batchOf(3, step, 0)
    }
    // Asked for during step 5, whose evaluation leaves the task as a real channel does.
    const evalBatch = async () => {
      await new Promise(resolve => setTimeout(resolve, 5))
      return batchOf(3, 10_000, 0)
    }
    await expect(train({ steps: 20 }, { batch, evalBatch })).rejects.toThrow('the tokens of step 5 are gone')
  })
})
