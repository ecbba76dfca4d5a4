// What the kernels' JavaScript halves share: memory, arrays, threads.
import type { DeviceArray } from '../kernels.ts'
import { Arena } from './arena.ts'
import { COPIED_ROWS } from './chunk-sizes.ts'
import { COPY_ROWS } from './kernel-table.ts'
import { type SimdArray, SimdArrays, simd } from './simd-arrays.ts'
import type { ThreadPool } from './thread-pool.ts'

export const chunksOf = (size: number, chunk: number): number => Math.ceil(size / chunk)

export class SimdContext {
  readonly pool: ThreadPool
  readonly arena: Arena
  readonly arrays: SimdArrays
  readonly run: ThreadPool['run']

  constructor(pool: ThreadPool) {
    this.pool = pool
    this.arena = new Arena(pool.memory)
    this.arrays = new SimdArrays(this.arena, pool.memory)
    this.run = pool.run.bind(pool)
  }

  /** Runs `body` with room that is taken back afterwards: `bytes`, with whatever was there before. */
  borrow<T>(bytes: number, body: (address: number) => T): T {
    const address = this.arena.allocate(bytes)
    try {
      return body(address)
    } finally {
      this.arena.free(address)
    }
  }

  /** The same, holding these values. */
  borrowIntegers<T>(values: ArrayLike<number>, body: (address: number) => T): T {
    return this.borrow(4 * values.length, address => {
      new Uint32Array(this.pool.memory.buffer, address, values.length).set(values)
      return body(address)
    })
  }

  /** Copies rows of `bytes` bytes. */
  copyRows(to: number, strideTo: number, from: number, strideFrom: number, rows: number, bytes: number) {
    this.run(COPY_ROWS, chunksOf(rows, COPIED_ROWS), [to, strideTo, from, strideFrom, rows, bytes])
  }

  /** x itself if its rows follow one another, else a copy of which they do. */
  whole(x: DeviceArray): SimdArray {
    const from = simd(x)
    if (from.whole) return from
    const to = this.arrays.make(from.shape, from.dtype)
    this.copyRows(to.address, to.stride, from.address, from.stride, from.rows, 4 * from.width)
    return to
  }
}
