// What a contender would need for a size, before it is tried: memory, and time from its speed at a smaller size.
import type { BenchMode } from '../../../src-shared/bench/report.ts'
import { type BenchSize, benchSizes } from '../../../src-shared/bench/sizes.ts'
import { benchWork, trainingWork } from '../../../src-shared/bench/work.ts'
import { countParameters } from '../../../src-shared/config/model-config.ts'
import { trainingMemory, WASM_BYTES } from '../../../src-shared/config/training-memory.ts'
import type { DeviceInfo } from '../../../src-shared/contract/device-info.ts'
import type { Contender } from './contender.ts'

/** @param availableBytes null where a host cannot tell @returns why it does not fit, or null */
export function tooLarge(
  { name }: Contender,
  { model, batchSize }: BenchSize,
  backend: DeviceInfo['backend'],
  availableBytes: number | null,
): string | null {
  // A browser tells nobody how much memory a GPU has.
  if (backend === 'webgpu') return null
  const kernels = name === 'simd' || name === 'fused' ? name : 'composed'
  const needed = trainingMemory(model, batchSize, { backend, kernels }).total
  const limit = backend === 'wasm' ? WASM_BYTES : Number.POSITIVE_INFINITY
  const available = Math.min(availableBytes ?? limit, limit)
  return needed > available
    ? `it needs about ${gigabytes(needed)} of memory, and there are ${gigabytes(available)}`
    : null
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

/** FLOP/s of every contender at the largest size so far. */
export class Speeds {
  readonly #known = new Map<string, number>()
  #initialMs = 0

  remember(contender: Contender, mode: BenchMode, flopsPerSecond: number): void {
    this.#known.set(keyOf(contender, mode), flopsPerSecond)
  }

  /**
   * Time of one unit. A contender that was not measured yet makes one training step of the small size.
   * @param composed who computes for `uncached`
   */
  async expectedMs(
    contender: Contender,
    composed: Contender,
    size: BenchSize,
    mode: BenchMode,
  ): Promise<number> {
    const { flops } = benchWork(size, mode)
    if (contender.name === 'uncached') {
      // For token n it computes what the first n tokens take.
      const { newTokens } = size.generation
      return (1000 * flops * ((newTokens + 1) / 2)) / (await this.#training(composed))
    }
    const known = this.#known.get(keyOf(contender, mode))
    if (known !== undefined) return (1000 * flops) / known
    const speed = await this.#training(contender)
    // One row per text instead of hundreds: kernels reach a fraction of their speed.
    return (1000 * flops) / (mode === 'train' ? speed : speed / 4)
  }

  /** Time in which a model of this size gets its first weights; 0 while nothing is known. */
  initialMs({ model }: BenchSize): number {
    return (this.#initialMs * countParameters(model).total) / countParameters(benchSizes.small.model).total
  }

  async #training(contender: Contender): Promise<number> {
    const known = this.#known.get(keyOf(contender, 'train'))
    if (known !== undefined) return known
    const initial = performance.now()
    const workload = contender.train(benchSizes.small)!
    try {
      const start = performance.now()
      this.#initialMs = start - initial
      await workload.step(0)
      const speed = (1000 * trainingWork(benchSizes.small).flops) / (performance.now() - start)
      this.remember(contender, 'train', speed)
      return speed
    } finally {
      workload.dispose()
    }
  }
}

const keyOf = ({ name, threads }: Contender, mode: BenchMode): string => `${name} ${threads} ${mode}`
