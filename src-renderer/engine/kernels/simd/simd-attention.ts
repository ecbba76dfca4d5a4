// Causal self-attention and its cached form; the tiles are in assembly/attention.ts, decoding beside it.
import type { AttentionShape, DeviceArray, Kernels } from '../kernels.ts'
import { ATTENTION_ROWS, PANEL_COLUMNS } from './chunk-sizes.ts'
import { ATTENTION, ATTENTION_BACKWARD, ATTENTION_PACK, DECODE_ATTENTION } from './kernel-table.ts'
import { type SimdArray, simd } from './simd-arrays.ts'
import { chunksOf, type SimdContext } from './simd-context.ts'

/** Whole panels. */
const wholePanels = (n: number) => PANEL_COLUMNS * chunksOf(n, PANEL_COLUMNS)

/** Whether the arrays are the column ranges of one matrix, in order and nothing beside. */
export function areColumnsOfOne(arrays: readonly SimdArray[]): boolean {
  const [first] = arrays
  const stride = arrays.reduce((sum, x) => sum + 4 * x.width, 0)
  let address = first!.address
  return arrays.every(x => {
    const fits = x.block === first!.block && x.stride === stride && x.address === address
    address += 4 * x.width
    return fits
  })
}

export function attentionKernels(
  context: SimdContext,
): Pick<Kernels, 'attention' | 'attentionBackward' | 'createCache' | 'writeCache' | 'decodeAttention'> {
  const { arrays, run, pool } = context

  /** q, k and v as the kernels want them: k and v with one stride. */
  function together(q: DeviceArray, k: DeviceArray, v: DeviceArray): [SimdArray, SimdArray, SimdArray] {
    const [qs, ks, vs] = [simd(q), simd(k), simd(v)]
    return ks.stride === vs.stride ? [qs, ks, vs] : [qs, context.whole(ks), context.whole(vs)]
  }

  const sizes = (shape: AttentionShape) => {
    const { batchSize, length, nHead, nKvHead, headDim } = shape
    return {
      ints: [batchSize, length, nHead, nKvHead, headDim],
      scale: 1 / Math.sqrt(headDim),
      keys: 4 * batchSize * nKvHead * wholePanels(length) * headDim,
      rows: 4 * batchSize * nKvHead * length * wholePanels(headDim),
      tiles: chunksOf(length, ATTENTION_ROWS),
    }
  }

  /** The addresses of `lengths` and `segmentStarts`, 0 where there are none. */
  const borrowBounds = (
    { lengths, segmentStarts }: AttentionShape,
    body: (lengthsAt: number, startsAt: number) => void,
  ) =>
    context.borrowIntegers(lengths ?? [], lengthsAt =>
      context.borrowIntegers(segmentStarts ?? [], startsAt =>
        body(lengths ? lengthsAt : 0, segmentStarts ? startsAt : 0),
      ),
    )

  /** Scores and panels of one tile. */
  const scratchBytes = (scoreTiles: number, { length, headDim }: AttentionShape) =>
    4 *
      ATTENTION_ROWS *
      (scoreTiles * wholePanels(length) + Math.max(wholePanels(length) + PANEL_COLUMNS, headDim)) +
    64

  function attention(q: DeviceArray, k: DeviceArray, v: DeviceArray, shape: AttentionShape) {
    const [qs, ks, vs] = together(q, k, v)
    const { ints, scale, keys, rows, tiles } = sizes(shape)
    const { batchSize, length, nHead, nKvHead, headDim } = shape
    const out = arrays.make([batchSize * length, nHead * headDim])
    const logSumExp = arrays.make([batchSize * nHead * length])
    const scratch = scratchBytes(1, shape)
    borrowBounds(shape, (lengthsAt, startsAt) =>
      context.borrow(keys + rows + scratch * pool.threads, room => {
        const args = [
          ...[qs.address, qs.stride, ks.address, vs.address, ks.stride, ...ints],
          ...[lengthsAt, out.address, logSumExp.address, room, room + keys],
          ...[room + keys + rows, scratch, 0, 0, 0, 0, 0, startsAt],
        ]
        run(ATTENTION_PACK, batchSize * nKvHead, args, [scale])
        run(ATTENTION, batchSize * nHead * tiles, args, [scale])
      }),
    )
    return { out, saved: [logSumExp] }
  }

  function attentionBackward(
    dOut: DeviceArray,
    q: DeviceArray,
    k: DeviceArray,
    v: DeviceArray,
    out: DeviceArray,
    saved: DeviceArray[],
    shape: AttentionShape,
  ) {
    const joined = areColumnsOfOne([simd(q), simd(k), simd(v)])
    const all = joined ? [simd(q), simd(k), simd(v)] : [q, k, v].map(x => context.whole(x))
    const [qs, ks, vs] = all as [SimdArray, SimdArray, SimdArray]
    const [dq, dk, dv] = joined
      ? columnViews(arrays.make([qs.rows, qs.stride / 4]), [qs.width, ks.width, vs.width])
      : all.map(x => arrays.make(x.shape))
    const { ints, scale, keys, rows } = sizes(shape)
    const scratch = scratchBytes(2, shape)
    borrowBounds(shape, (lengthsAt, startsAt) =>
      context.borrow(2 * keys + rows + scratch * pool.threads, room => {
        const args = [
          ...[qs.address, qs.stride, ks.address, vs.address, ks.stride, ...ints],
          ...[lengthsAt, simd(out).address, simd(saved[0]!).address, room, room + keys],
          ...[room + 2 * keys + rows, scratch, context.whole(dOut).address],
          ...[dq!.address, dk!.address, dv!.address, room + 2 * keys, startsAt],
        ]
        run(ATTENTION_PACK, shape.batchSize * shape.nKvHead, args, [scale])
        run(ATTENTION_BACKWARD, shape.batchSize * shape.nKvHead, args, [scale])
      }),
    )
    return { dq: dq!, dk: dk!, dv: dv! }
  }

  /** Takes the matrix apart, and over. */
  function columnViews(matrix: SimdArray, widths: readonly number[]): SimdArray[] {
    let offset = 0
    const views = widths.map(width => {
      const view = arrays.view(matrix, offset, [matrix.rows, width], matrix.stride)
      offset += 4 * width
      return view
    })
    arrays.free(matrix)
    return views
  }

  const createCache: Kernels['createCache'] = (batchSize, contextLength, width) =>
    arrays.zeros([batchSize, contextLength, width])

  const writeCache: Kernels['writeCache'] = (cache, x, slots) => {
    const [into, from] = [simd(cache), simd(x)]
    const length = from.rows / slots.length
    const contextLength = into.shape[1]!
    for (const [i, slot] of slots.entries())
      context.copyRows(
        into.address + slot * contextLength * into.stride,
        into.stride,
        from.address + i * length * from.stride,
        from.stride,
        length,
        4 * from.width,
      )
    return into
  }

  const decodeAttention: Kernels['decodeAttention'] = (q, k, v, cache, { slots, positions }, shape) => {
    const [qs, ks, vs] = together(q, k, v)
    const [keys, values] = [simd(cache.k), simd(cache.v)]
    const { nHead, nKvHead, headDim } = shape
    const contextLength = keys.shape[1]!
    const out = arrays.make([slots.length, nHead * headDim])
    const scratch = 4 * wholePanels(contextLength)
    context.borrowIntegers([...slots, ...positions], slotsAt =>
      context.borrow(scratch * pool.threads, room =>
        run(
          DECODE_ATTENTION,
          slots.length * nKvHead,
          [
            ...[qs.address, qs.stride, ks.address, vs.address, ks.stride, contextLength, slotsAt],
            ...[nHead, nKvHead, headDim, slotsAt + 4 * slots.length, out.address],
            ...[keys.address, values.address, 0, room, scratch],
          ],
          [1 / Math.sqrt(headDim)],
        ),
      ),
    )
    return { out, cache: { k: keys, v: values } }
  }

  return { attention, attentionBackward, createCache, writeCache, decodeAttention }
}
