// AdamW and the gradient's norm, in place over lists of pieces.
import type { AdamWStep, DeviceArray, Kernels } from '../kernels.ts'
import { ADAMW, SQUARES } from './kernel-table.ts'
import { partsOf } from './simd-arrays.ts'
import type { SimdContext } from './simd-context.ts'

/** Values per chunk. */
const PIECE = 16_384

interface Run {
  address: number
  left: number
}

/** Vectors of equal length, cut wherever one of them is cut and at PIECE values: rows of addresses and a count. */
function piecesOf(vectors: readonly DeviceArray[]): number[] {
  const parts = vectors.map(vector => partsOf(vector).map(({ address, size }) => ({ address, left: size })))
  const table: number[] = []
  const at = vectors.map(() => 0)
  const current = (v: number): Run | undefined => {
    while (parts[v]![at[v]!]?.left === 0) at[v]!++
    return parts[v]![at[v]!]
  }
  while (current(0)) {
    const runs = vectors.map((_, v) => current(v)!)
    const count = Math.min(PIECE, ...runs.map(run => run.left))
    table.push(...runs.map(run => run.address), count)
    for (const run of runs) {
      run.address += 4 * count
      run.left -= count
    }
  }
  return table
}

export function optimizerKernels(context: SimdContext): Pick<Kernels, 'globalNorm' | 'adamW'> {
  const { run, pool } = context

  async function globalNorm(arrays: readonly DeviceArray[]): Promise<number> {
    const table = arrays.flatMap(array => piecesOf([array]))
    const pieces = table.length / 2
    return context.borrowIntegers(table, tableAt =>
      context.borrow(8 * pieces, sumsAt => {
        run(SQUARES, pieces, [tableAt, sumsAt])
        let sum = 0
        for (const part of new Float64Array(pool.memory.buffer, sumsAt, pieces)) sum += part
        return Math.sqrt(sum)
      }),
    )
  }

  /** In place. The arithmetic is in assembly/optimizer.ts. */
  function adamW(
    group: { value: DeviceArray; gradient: DeviceArray; m: DeviceArray; v: DeviceArray },
    { learningRate, beta1, beta2, epsilon, weightDecay, step, gradientScale }: AdamWStep,
  ) {
    const { value, gradient, m, v } = group
    const table = piecesOf([value, gradient, m, v])
    const rootC2 = Math.sqrt(1 - beta2 ** step)
    const rate = (learningRate * rootC2) / (1 - beta1 ** step)
    context.borrowIntegers(table, tableAt =>
      run(
        ADAMW,
        table.length / 5,
        [tableAt],
        [
          ...[gradientScale, beta1, 1 - beta1, beta2, 1 - beta2],
          ...[rate, epsilon * rootC2, 1 - learningRate * weightDecay],
        ],
      ),
    )
    return { value, m, v }
  }

  return { globalNorm, adamW }
}
