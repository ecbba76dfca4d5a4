// Who competes on one backend: a set of kernels with its threads, and stock TF.js ops beside it.
import type { BenchKernels } from '../../../src-shared/bench/report.ts'
import type { BenchSize } from '../../../src-shared/bench/sizes.ts'
import type { OpenDevice } from '../device.ts'
import type { SimdKernels } from '../kernels/simd/simd.ts'
import { tfjsBytes } from './counted-step.ts'
import { generation, uncachedGeneration } from './generation-workload.ts'
import { stockTraining, training } from './training-workload.ts'
import type { Workload } from './workload.ts'

/** `uncached` generates only, as a peer: `composed`, reading the whole text again for every token. */
export interface Contender {
  readonly name: BenchKernels | 'uncached'
  readonly threads: number
  /** null: it does not do this. */
  train(size: BenchSize): Workload | null
  generate(size: BenchSize): Workload | null
  /** Bytes of device memory at the most so far: none of these memories shrinks. */
  bytes(): number
}

export function kernelsContender({ kernels, info }: OpenDevice): Contender {
  return {
    name: kernels.name,
    threads: info.threads,
    train: size => training(kernels, size),
    generate: size => generation(kernels, size),
    bytes: () => (kernels.name === 'simd' ? (kernels as SimdKernels).context.arena.capacity : tfjsBytes()),
  }
}

/** The two peers, on TF.js's current backend. @param device with composed kernels */
export const peers = ({ kernels }: OpenDevice): Contender[] => [
  {
    name: 'stock',
    threads: 1,
    train: size => stockTraining(size),
    generate: () => null,
    bytes: tfjsBytes,
  },
  {
    name: 'uncached',
    threads: 1,
    train: () => null,
    generate: size => uncachedGeneration(kernels, size),
    bytes: tfjsBytes,
  },
]
