// Measures what the CPU cores can do at most: multiply-adds that need no memory, and copying.
import type { Ceiling } from '../../bench/ceiling.ts'
import { COPY_RATE, FLOPS_PER_ROUND, FMA_RATE } from './kernel-table.ts'
import type { SimdContext } from './simd-context.ts'

/** About 5 ms a launch. */
const ROUNDS = 2_000_000
/** Per buffer, beyond most caches. */
const COPIED_BYTES = 64 * 2 ** 20
const REPEATS = 7

/** Best of seven, one thread and all: about half a second. */
export function measureCeiling(context: SimdContext): Ceiling {
  const { pool } = context
  const { threads } = pool

  function best(chunks: number, kernel: number, integers: readonly number[]): number {
    let seconds = Number.POSITIVE_INFINITY
    for (let i = 0; i < REPEATS; i++) {
      const start = performance.now()
      context.run(kernel, chunks, integers)
      seconds = Math.min(seconds, (performance.now() - start) / 1000)
    }
    return seconds
  }
  const flops = (chunks: number) =>
    context.borrow(64 * threads, room => {
      new Float32Array(pool.memory.buffer, room, 16 * threads).fill(0.5)
      return (chunks * ROUNDS * FLOPS_PER_ROUND) / best(chunks, FMA_RATE, [ROUNDS, room])
    })
  const copied = (chunks: number) =>
    context.borrow(2 * COPIED_BYTES, room => {
      const bytes = Math.floor(COPIED_BYTES / chunks / 64) * 64
      return (2 * chunks * bytes) / best(chunks, COPY_RATE, [room, room + COPIED_BYTES, bytes])
    })
  return {
    threads,
    flopsPerSecond: flops(threads),
    flopsPerSecondOneThread: flops(1),
    copyBytesPerSecond: copied(threads),
    copyBytesPerSecondOneThread: copied(1),
  }
}
