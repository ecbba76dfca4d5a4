// Who competes on one backend: a set of kernels with its threads, and stock TF.js ops beside it.
import type { BenchKernels } from '../../../src-shared/bench/report.ts'
import type { BenchSize } from '../../../src-shared/bench/sizes.ts'
import type { OpenDevice } from '../device.ts'
import type { SimdKernels } from '../kernels/simd/simd.ts'
import { generation, uncachedGeneration } from './generation-workload.ts'
import { stockTraining, training } from './training-workload.ts'
import type { Probe, Workload } from './workload.ts'

/** `uncached` generates only, as a peer: `composed`, reading the whole text again for every token. */
export interface Contender {
  readonly name: BenchKernels | 'uncached'
  readonly threads: number
  /** null: it does not do this. */
  train(size: BenchSize): Workload | null
  generate(size: BenchSize): Workload | null
  /** TF.js's kernels have none: one heap holds everybody's arrays, and nobody hears when a kernel begins. */
  readonly probe?: Probe | undefined
}

export function kernelsContender({ kernels, info }: OpenDevice): Contender {
  return {
    name: kernels.name,
    threads: info.threads,
    train: size => training(kernels, size),
    generate: size => generation(kernels, size),
    probe: kernels.name === 'simd' ? probeOf(kernels as SimdKernels) : undefined,
  }
}

/** An arena of its own, and one place that launches. */
const probeOf = ({ context: { arena, pool } }: SimdKernels): Probe => ({
  start() {
    arena.resetPeak()
    pool.kernelMs = 0
  },
  stop() {
    pool.kernelMs = null
  },
  get kernelMs() {
    return pool.kernelMs ?? 0
  },
  get peakBytes() {
    return arena.peakBytes
  },
})

/** The two peers, on TF.js's current backend. @param device with composed kernels */
export const peers = ({ kernels }: OpenDevice): Contender[] => [
  {
    name: 'stock',
    threads: 1,
    train: size => stockTraining(size),
    generate: () => null,
  },
  {
    name: 'uncached',
    threads: 1,
    train: () => null,
    generate: size => uncachedGeneration(kernels, size),
  },
]
