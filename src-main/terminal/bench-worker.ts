// Measures in a worker of its own: our kernels and stock TF.js, the same model, the same process, turn by turn, so that
// whatever else the machine does falls on both.
import { parentPort, workerData } from 'node:worker_threads'
import {
  type BenchResult,
  benchGeneration,
  benchTraining,
  MINIMAL,
  SMALL,
} from '../../src-renderer/engine/bench/train-bench.ts'
import { openDevice } from '../../src-renderer/engine/device.ts'
import type { BackendChoice, DeviceInfo } from '../../src-shared/contract/engine-contract.ts'
import { toFacts } from '../../src-shared/contract/errors.ts'
import type { WorkerMessage } from '../core/jobs/worker.ts'
import { nodePlatform } from './node-platform.ts'

export const benchSizes = { small: SMALL, minimal: MINIMAL } as const

export interface BenchRequest {
  readonly backend: BackendChoice
  readonly size: keyof typeof benchSizes
  /** Steps per turn, and turns of each. */
  readonly steps: number
  readonly rounds: number
}

export interface BenchReport {
  readonly device: DeviceInfo
  /** The median turn of each. */
  readonly results: readonly BenchResult[]
  /** Ours over stock in the same turn: lowest, median, highest. */
  readonly ratio: { readonly low: number; readonly median: number; readonly high: number }
}

const post = (message: WorkerMessage) => parentPort!.postMessage(message)
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

async function run({ backend, size: sizeName, steps, rounds }: BenchRequest): Promise<BenchReport> {
  const { kernels, info } = await openDevice(backend, nodePlatform)
  const size = benchSizes[sizeName]
  const turns: { stock: BenchResult; ours: BenchResult }[] = []
  for (let round = 0; round < rounds; round++) {
    const stock = await benchTraining({ kernels: 'stock', size, steps })
    const ours = await benchTraining({ kernels, size, steps })
    turns.push({ stock, ours })
    const note = `${(ours.tokensPerSecond / stock.tokensPerSecond).toFixed(2)} times stock TF.js`
    post({ progress: { done: round + 1, total: rounds, unit: 'rounds', note } })
  }
  const generation = await benchGeneration({ kernels, size, steps: 4 * steps })
  const ratios = turns.map(({ stock, ours }) => ours.tokensPerSecond / stock.tokensPerSecond)
  const typical = (results: readonly BenchResult[]): BenchResult => {
    const speed = median(results.map(result => result.tokensPerSecond))
    return results.find(result => result.tokensPerSecond === speed)!
  }
  return {
    device: info,
    results: [typical(turns.map(turn => turn.stock)), typical(turns.map(turn => turn.ours)), generation],
    ratio: { low: Math.min(...ratios), median: median(ratios), high: Math.max(...ratios) },
  }
}

run(workerData as BenchRequest).then(
  result => post({ result }),
  error => post({ error: toFacts(error) }),
)
