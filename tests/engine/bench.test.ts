// The peers of the bench must be honest ones: the same model, learning and writing the same. And the bench itself.

import * as tf from '@tensorflow/tfjs-core'
import * as v from 'valibot'
import { beforeAll, expect, it } from 'vitest'
import { kernelsContender } from '../../src-renderer/engine/bench/contender.ts'
import { openKernels } from '../../src-renderer/engine/bench/open-kernels.ts'
import { runBench } from '../../src-renderer/engine/bench/run-bench.ts'
import { StockGpt } from '../../src-renderer/engine/bench/stock-gpt.ts'
import { type Turns, takeTurns } from '../../src-renderer/engine/bench/turns.ts'
import { type OpenDevice, openDevice } from '../../src-renderer/engine/device.ts'
import { benchMeasurement } from '../../src-shared/bench/report.ts'
import { type BenchSize, benchSizes } from '../../src-shared/bench/sizes.ts'
import { nodePlatform } from './engine-platform.ts'
import { tinyBatch, tinyModel } from './tiny-models.ts'

let device: OpenDevice
beforeAll(async () => {
  device = await openDevice('wasm', nodePlatform)
})
const request = {
  sizes: ['minimal'],
  rounds: 2,
  turnMs: 0,
  patienceMs: 1e9,
  uncachedMs: 1e9,
  availableBytes: null,
} as const

const tfjsBytes = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength

it('the stock model starts at ln V and learns one batch by heart', async () => {
  const config = tinyModel()
  const model = new StockGpt(config, 1e-2)
  const { tokens, targets, batchSize, length } = tinyBatch(config, 1, 16)
  const first = await model.step(tokens, targets, batchSize, length)
  expect(Math.abs(first - Math.log(65))).toBeLessThan(0.1)
  let last = first
  for (let step = 0; step < 80; step++) last = await model.step(tokens, targets, batchSize, length)
  expect(last).toBeLessThan(0.05)
  model.dispose()
})

it('measures every contender in turn, each against its peer, and leaves nothing behind', async () => {
  const subject = await openKernels(device, nodePlatform)
  const before = device.kernels.memory().arrays
  const notes: string[] = []
  const heard: number[] = []
  const measured = await runBench(request, subject, {
    breathe: async () => {},
    onProgress({ done, total, note }) {
      heard.push(done / total)
      notes.push(note)
    },
  })
  expect(v.parse(benchMeasurement, measured)).toEqual(measured)
  const rows = measured.results.map(({ mode, kernels, threads, ratio }) => [
    mode,
    kernels,
    threads,
    ratio?.peer,
  ])
  expect(rows).toEqual(
    expect.arrayContaining([
      ['train', 'stock', 1, undefined],
      ['train', 'composed', 1, 'stock'],
      ['generate', 'composed', 1, 'uncached'],
    ]),
  )
  expect(notes.filter(note => note.includes('uncached'))).toHaveLength(1)
  for (const { kernels, rounds, ratio, peakBytes, jsMsPerStep } of measured.results) {
    expect(rounds).toBe(2)
    if (kernels === 'simd') expect(peakBytes).toBeGreaterThan(0)
    else expect([peakBytes, jsMsPerStep]).toEqual([undefined, undefined])
    if (ratio) expect(ratio.low <= ratio.median && ratio.median <= ratio.high).toBe(true)
  }
  // Turn by turn: in a round everyone before anyone again.
  const training = notes.filter(note => note.includes('training')).map(note => note.split(' · ')[0])
  const perRound = training.length / 2
  expect(training.slice(0, perRound)).toEqual(training.slice(perRound))
  expect(heard.toSorted((a, b) => a - b)).toEqual(heard)
  expect(heard.at(-1)).toBe(1)
  // Tables that are kept for the next call: mask, ones, literals.
  expect(device.kernels.memory().arrays - before).toBeLessThan(30)
})

it('knows memory and JavaScript of SIMD kernels, whatever ran before', async () => {
  expect(device.info.kernels).toBe('simd')
  const opened = await openDevice('wasm', nodePlatform, { threads: 1 })
  const { probe, ...contender } = kernelsContender(opened)
  const measured = async (size: BenchSize, mode: 'train' | 'generate') => {
    const entrant = { label: '', once: false, probe, start: () => contender[mode](size)! }
    const silent = { breathe: async () => {}, onTurn: () => {} }
    const [turns] = await takeTurns([entrant], { rounds: 1, turnMs: 0, units: 2, ...silent })
    return turns as Turns
  }
  const { minimal, small } = benchSizes
  const written = (await measured(minimal, 'generate')).peakBytes
  const trained = (await measured(minimal, 'train')).peakBytes!
  const { peakBytes, jsMsPerStep, unitMs } = await measured(small, 'train')
  expect((await measured(minimal, 'train')).peakBytes).toBe(trained)
  expect((await measured(minimal, 'generate')).peakBytes).toBe(written)
  // 0.84 M parameters with gradients and two moments, and activations.
  expect(peakBytes).toBeGreaterThan(16 * 842_496)
  expect(peakBytes).toBeLessThan(2 ** 27)
  expect(trained).toBeLessThan(peakBytes! / 4)
  expect(jsMsPerStep).toBeGreaterThan(0)
  expect(jsMsPerStep).toBeLessThan(unitMs[0]! / 2)
  opened.close()
})

it('gives back the memory that it took, on kernels that have one of their own', async () => {
  expect(device.info.kernels).toBe('simd')
  tf.dispose(tf.zeros([2 ** 24]))
  expect(tfjsBytes()).toBeGreaterThan(2 ** 26)
  const subject = await openKernels(device, nodePlatform)
  expect(tfjsBytes()).toBeLessThan(2 ** 26)
  tf.dispose(tf.zeros([2 ** 24]))
  await subject.close()
  expect(tfjsBytes()).toBeLessThan(2 ** 26)
  // TF.js and the device still compute.
  expect([...(await tf.add([1, 2], [3, 4]).data())]).toEqual([4, 6])
  const two = device.kernels.upload(Float32Array.of(1, 2), [2])
  expect(await device.kernels.read(device.kernels.add(two, two))).toEqual(Float32Array.of(2, 4))
})

it('leaves out what does not fit or would take too long, and says why', async () => {
  const subject = await openKernels(device, nodePlatform)
  const silent = { breathe: async () => {}, onProgress: () => {} }
  const hurried = { ...request, sizes: ['medium', 'large'] as const, patienceMs: 0, availableBytes: 2 ** 30 }
  const { results, skipped } = await runBench(hurried, subject, silent)
  expect(results).toEqual([])
  const reasonOf = (size: string) =>
    skipped.find(one => one.size === size && one.kernels === 'composed' && one.mode === 'train')!.reason
  expect(reasonOf('medium')).toMatch(/one step would take about \d+ s|it needs about/)
  expect(reasonOf('large')).toMatch(/it needs about \d+\.\d GB of memory, and there are 1\.1 GB/)
})

it('stops between two steps when it is cancelled', async () => {
  const subject = await openKernels(device, nodePlatform)
  const before = device.kernels.memory().arrays
  let breaths = 0
  const cancelled = runBench(request, subject, {
    async breathe() {
      if (++breaths === 12) throw new Error('cancelled')
    },
    onProgress() {},
  })
  await expect(cancelled).rejects.toThrow('cancelled')
  expect(device.kernels.memory().arrays - before).toBeLessThan(30)
})
