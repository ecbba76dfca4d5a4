// The output head: log-probs of the targets and their gradient, a chunk of rows at a time, so that the (N, V) logits
// never exist whole. The backward pass computes the logits again instead of keeping them.
import type { Kernels } from '../kernels.ts'
import { HEAD_ROWS } from './chunk-sizes.ts'
import { HEAD_D_LOGITS, HEAD_LOG_PROBS } from './kernel-table.ts'
import { type SimdArray, simd } from './simd-arrays.ts'
import { chunksOf, type SimdContext } from './simd-context.ts'
import { columnsOf, multiply, PackedColumns, rowsOf } from './simd-linear.ts'

/**
 * Logits held at once: 4 MiB, which stay in the cache until they are used; but no fewer rows than these, since every
 * chunk reads the whole weight and adds to its whole gradient.
 */
const CHUNK_VALUES = 2 ** 20
const LEAST_ROWS = 96

export function headKernels(context: SimdContext): Pick<Kernels, 'headLogProbs' | 'headLogProbsBackward'> {
  const { arrays, run } = context

  /** Calls `body` with every chunk's logits, its first row and its hidden rows. */
  function overChunks(
    hidden: SimdArray,
    weight: SimdArray,
    body: (logits: SimdArray, from: number, rows: SimdArray) => void,
  ): void {
    const vocabularySize = weight.rows
    const most = Math.max(LEAST_ROWS, Math.floor(CHUNK_VALUES / vocabularySize))
    context.borrow(PackedColumns.room(rowsOf(weight), weight.width), room => {
      const packed = new PackedColumns(context, rowsOf(weight), weight.width, room)
      for (let from = 0; from < hidden.rows; from += most) {
        const count = Math.min(most, hidden.rows - from)
        const rows = arrays.view(hidden, from * hidden.stride, [count, hidden.width], hidden.stride)
        const logits = arrays.make([count, vocabularySize])
        multiply(context, rowsOf(rows), packed, hidden.width, logits)
        body(logits, from, rows)
        arrays.free(logits)
        arrays.free(rows)
      }
    })
  }

  const headLogProbs: Kernels['headLogProbs'] = (hidden, weight, targets, { statistics = false } = {}) => {
    const h = simd(hidden)
    const [logProbs, logSumExp] = [arrays.make([h.rows]), arrays.make([h.rows])]
    const [entropies, hits] = statistics ? [arrays.make([h.rows]), arrays.make([h.rows])] : []
    overChunks(h, simd(weight), (logits, from) => {
      const at = 4 * from
      run(HEAD_LOG_PROBS, chunksOf(logits.rows, HEAD_ROWS), [
        ...[logits.address, logits.width, logits.rows, simd(targets).address + at],
        ...[logProbs.address + at, logSumExp.address + at],
        ...(entropies && hits ? [entropies.address + at, hits.address + at] : [0, 0]),
      ])
    })
    return { logProbs, saved: [logSumExp], entropies, hits }
  }

  const headLogProbsBackward: Kernels['headLogProbsBackward'] = (
    dLogProbs,
    hidden,
    weight,
    targets,
    saved,
    before,
  ) => {
    const [h, w] = [simd(hidden), simd(weight)]
    const dHidden = arrays.make([h.rows, h.width])
    const dWeight = before ? simd(before) : arrays.make([w.rows, w.width])
    overChunks(h, w, (logits, from, rows) => {
      const at = 4 * from
      run(HEAD_D_LOGITS, chunksOf(logits.rows, HEAD_ROWS), [
        ...[logits.address, logits.width, logits.rows, simd(targets).address + at],
        ...[simd(saved[0]!).address + at, simd(dLogProbs).address + at],
      ])
      const part = arrays.view(dHidden, from * dHidden.stride, [logits.rows, h.width])
      multiply(context, rowsOf(logits), columnsOf(w), w.rows, part)
      multiply(context, columnsOf(logits), columnsOf(rows), logits.rows, dWeight, {
        accumulate: before !== undefined || from > 0,
      })
      arrays.free(part)
    })
    return { dHidden, dWeight }
  }

  return { headLogProbs, headLogProbsBackward }
}
