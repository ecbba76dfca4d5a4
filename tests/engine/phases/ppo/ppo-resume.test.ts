// A run of phase 4 that is cut anywhere, and goes on from its last checkpoint, is the run that was never stopped: weights,
// value model, moments, β, losses and answers, bit for bit. Where it is cut is told by the kernels: what an engine that dies
// loses is all that it did not write.
import { beforeAll, describe, expect, test } from 'vitest'
import type { Kernels } from '../../../../src-renderer/engine/kernels/kernels.ts'
import { kernelSets } from '../../kernel-sets.ts'
import { emptyRecord, type Recorded } from '../memory-core.ts'
import { type TinyParents, type TinyPpo, textBatch, tinyParents, trainPpo } from './tiny-ppo.ts'

const UPDATES = 6
const settings = {
  ...{ steps: UPDATES, numPpoEpochs: 3, numMiniBatches: 2, valueWarmupUpdates: 1 },
  ...{ checkpointInterval: 2, evalInterval: 3, learningRate: 4e-3, targetApproxKl: 0.01 },
  ...{ klTarget: 0.4, klHorizon: 12, klCoef: 0.05, ptxCoef: 0.05, warmupSteps: 1 },
}

const variants: { name: string; options: TinyPpo }[] = [
  {
    name: 'with a reward model and a value model of its own',
    options: { judged: true, settings: { ...settings, gradientAccumulationSteps: 2 } },
  },
  { name: 'with rules and a shared trunk', options: { settings: { ...settings, valueModel: 'shared' } } },
]

/** −0 is another number than 0 here, and NaN the same as itself. */
const bitsOf = (values: Float32Array<ArrayBuffer>): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length)

describe.each(variants)('a run $name', ({ options }) => {
  let kernels: Kernels
  let parents: TinyParents
  let straight: Recorded
  /** Calls of the kernel that writes a token, and of the one that moves weights, when each update was over. */
  const calls = { decodeAttention: [0], adamW: [0] }
  const counted = { decodeAttention: 0, adamW: 0 }
  const train = (more: TinyPpo) =>
    trainPpo(kernels, parents, {
      ...{ samples: ['ab?'], answers: { 'host.batch': ({ step }: { step: number }) => textBatch(step) } },
      ...options,
      ...more,
    })

  beforeAll(async () => {
    const device = await kernelSets[1]!.open()
    kernels = device.kernels
    parents = await tinyParents(kernels, { family: 'llama', nHead: 4, nKvHead: 2 })
    straight = await train({
      onKernel(name) {
        if (name === 'decodeAttention' || name === 'adamW') counted[name]++
      },
      onStep(step) {
        for (const name of ['decodeAttention', 'adamW'] as const) calls[name][step] = counted[name]
      },
    })
    return device.close
  }, 60_000)

  test('stops epochs early in some updates and not in others, and moves β, or less would be tried', () => {
    const steps = calls.adamW.map((n, step) => n - (calls.adamW[step - 1] ?? 0)).slice(1)
    expect(new Set(steps).size).toBeGreaterThan(1)
    expect(straight.checkpoints.get(UPDATES)!.state.extra.klCoef).not.toBe(settings.klCoef)
  })

  /** Goes on from the newest checkpoint of a run that was cut, or anew where there is none. */
  async function resumed(cut: Pick<Recorded, 'checkpoints'>): Promise<Recorded> {
    const from = Math.max(0, ...cut.checkpoints.keys())
    const tensors = cut.checkpoints.get(from)
    return train(tensors ? { resume: { tensors, state: tensors.state } } : {})
  }

  function expectStraight(run: Recorded): void {
    const [a, b] = [straight.checkpoints.get(UPDATES)!, run.checkpoints.get(UPDATES)!]
    // Adam's counts and β among it.
    expect(b.state).toEqual(a.state)
    for (const file of ['model', 'optimizer'] as const) {
      expect([...b[file].keys()]).toEqual([...a[file].keys()])
      for (const [name, values] of a[file]) expect(bitsOf(b[file].get(name)!), name).toEqual(bitsOf(values))
    }
    const first = Math.min(...run.rollouts.map(({ step }) => step))
    expect(run.rollouts).toEqual(straight.rollouts.filter(({ step }) => step >= first))
    const told = (of: Recorded) =>
      of.metrics.flatMap(({ step, values: { tokens_per_second: _, ...values } }) =>
        step >= first ? [{ step, values }] : [],
      )
    expect(told(run)).toEqual(told(straight))
    expect(run.samples).toEqual(
      straight.samples.filter(({ step }) => (step === 0 ? first === 1 : step >= first)),
    )
  }

  /** A run that dies at the n-th call of a kernel. @returns what it left behind */
  async function cutAt(kernel: string, n: number): Promise<Omit<Recorded, 'outcome'>> {
    const into = emptyRecord()
    let calls = 0
    const ended = train({
      into,
      onKernel(name) {
        if (name === kernel && ++calls === n) throw new Error('killed')
      },
    })
    await expect(ended).rejects.toThrow('killed')
    return into
  }
  const within = (of: readonly number[], update: number, share: number) =>
    Math.ceil(of[update]! + share * (of[update + 1]! - of[update]!))

  test.each([
    { where: 'in the middle of writing the answers of an update', update: 4, kernel: 'decodeAttention' },
    { where: 'while it wrote before there was a checkpoint', update: 1, kernel: 'decodeAttention' },
    { where: 'between the epochs of an update', update: 3, kernel: 'adamW' },
    { where: 'while only values were learnt', update: 0, kernel: 'adamW' },
  ] as const)('killed $where goes on to the bits of one never stopped', async ({ update, kernel }) => {
    const before = kernels.memory().arrays
    const cut = await cutAt(kernel, within(calls[kernel], update, 0.5) + 1)
    expect(cut.metrics.at(-1)?.step).toBe(update)
    expectStraight(await resumed(cut))
    expect(kernels.memory().arrays).toBe(before)
  })

  test('killed between two updates goes on to the bits of one never stopped', async () => {
    const cut = await cutAt('decodeAttention', calls.decodeAttention[5]! + 1)
    expect(cut.metrics.at(-1)!.step).toBe(5)
    expectStraight(await resumed(cut))
  })

  test('paused in the middle of writing leaves at once with a checkpoint, and goes on to the same bits', async () => {
    let written = 0
    const at = within(calls.decodeAttention, 3, 0.4) + 1
    const cut = await train({
      onKernel(name, request) {
        if (name === 'decodeAttention' && ++written === at) request.pause = true
      },
    })
    expect(cut.outcome).toMatchObject({ status: 'paused', state: { step: 3 } })
    expect([...cut.checkpoints.keys()]).toEqual([2, 3])
    // A token more at most: what was being computed.
    expect(written - at).toBeLessThanOrEqual(parents.shape.nLayer)
    expectStraight(await resumed(cut))
  })

  test('paused at a step boundary, twice, goes on to the same bits', async () => {
    const first = await train({ pauseAt: 1 })
    expect(first.outcome).toMatchObject({ status: 'paused', state: { step: 1 } })
    const { state, ...tensors } = first.checkpoints.get(1)!
    const second = await train({ pauseAt: 4, resume: { tensors, state } })
    expectStraight(await resumed(second))
  })
})
