// The linear layer. Three products make its training: forward x·W, backward dOut·Wᵀ and xᵀ·dOut; nothing is transposed
// beforehand, packing reads either way (assembly/gemm.ts).
import type { DeviceArray, Kernels } from '../kernels.ts'
import { PANEL_COLUMNS, PRODUCT_COLUMNS, PRODUCT_ROWS } from './chunk-sizes.ts'
import { DOT_ROWS, GEMM, PACK, PLAIN, TIMES_GELU_SLOPE, WITH_GELU } from './kernel-table.ts'
import { type SimdArray, simd } from './simd-arrays.ts'
import { chunksOf, type SimdContext } from './simd-context.ts'

/** Chunks that a product is cut into where it is large enough, so that many threads are kept busy alike. */
const CHUNKS = 32
/** Up to this many rows, B is read where it is: packing it would cost as much as the product. */
const FEW_ROWS = 24

/** Bytes of a panel of B per step of the sum. */
const STEP = 4 * PANEL_COLUMNS

/** One side of a product: `size` rows of A or columns of B, with the bytes from one to the next and along the sum. */
export interface Operand {
  readonly address: number
  readonly size: number
  readonly stride: number
  readonly strideDepth: number
}

/** The rows of x, or its columns. */
export const rowsOf = (x: SimdArray): Operand => ({
  address: x.address,
  size: x.rows,
  stride: x.stride,
  strideDepth: 4,
})
export const columnsOf = (x: SimdArray): Operand => ({
  address: x.address,
  size: x.width,
  stride: 4,
  strideDepth: x.stride,
})

/** What is done to C beside the sum, in the pass that finishes it. */
export interface Epilogue {
  /** C += instead of C =. */
  readonly accumulate?: boolean
  readonly bias?: SimdArray | undefined
  readonly residual?: SimdArray | undefined
  readonly gelu?: { readonly inner: SimdArray; readonly as: 'forward' | 'slope' } | undefined
  /** Where the columns' sums of B go. */
  readonly columnSums?: { readonly to: SimdArray; readonly accumulate: boolean } | undefined
}

/** B in panels, for several products with it. The caller has borrowed `room(b, depth)` bytes at `to`. */
export class PackedColumns {
  static room = (b: Operand, depth: number): number => STEP * chunksOf(b.size, PANEL_COLUMNS) * depth
  readonly address: number
  readonly size: number

  constructor(
    { run }: SimdContext,
    b: Operand,
    depth: number,
    to: number,
    sums?: { readonly to: SimdArray; readonly accumulate: boolean },
  ) {
    this.address = to
    this.size = b.size
    run(PACK, chunksOf(b.size, PRODUCT_COLUMNS), [
      ...[b.address, b.strideDepth, b.stride, depth, b.size, to],
      ...[sums?.to.address ?? 0, sums?.accumulate ? 1 : 0],
    ])
  }
}

/** C (M, N) = [C +] A (M, depth) · B (depth, N) with an epilogue. c is whole. */
export function multiply(
  context: SimdContext,
  a: Operand,
  b: Operand | PackedColumns,
  depth: number,
  c: SimdArray,
  epilogue: Epilogue = {},
): void {
  if (b instanceof PackedColumns) multiplyBy(context, a, b, STEP * depth, STEP, depth, c, epilogue)
  else if (a.size <= FEW_ROWS && b.stride === 4 && !epilogue.columnSums)
    multiplyBy(context, a, b, STEP, b.strideDepth, depth, c, epilogue)
  else
    context.borrow(PackedColumns.room(b, depth), room => {
      const packed = new PackedColumns(context, b, depth, room, epilogue.columnSums)
      multiplyBy(context, a, packed, STEP * depth, STEP, depth, c, epilogue)
    })
}

/** @param panel bytes from 8 columns of B to the next  @param step bytes from one step of the sum to the next */
function multiplyBy(
  context: SimdContext,
  a: Operand,
  b: { readonly address: number; readonly size: number },
  panel: number,
  step: number,
  depth: number,
  c: SimdArray,
  { accumulate = false, bias, residual, gelu }: Epilogue,
): void {
  const chunksDown = chunksOf(a.size, PRODUCT_ROWS)
  const wide = PRODUCT_COLUMNS * chunksOf(b.size, PRODUCT_COLUMNS * chunksOf(CHUNKS, chunksDown))
  const activation = gelu ? (gelu.as === 'forward' ? WITH_GELU : TIMES_GELU_SLOPE) : PLAIN
  const scratch = 4 * PRODUCT_ROWS * depth
  context.borrow(scratch * context.pool.threads, panels =>
    context.run(GEMM, chunksDown * chunksOf(b.size, wide), [
      ...[a.address, a.stride, a.strideDepth, a.size, depth],
      ...[b.address, panel, step, b.size, wide],
      ...[c.address, c.stride, accumulate ? 1 : 0, bias?.address ?? 0, residual?.address ?? 0],
      ...[activation, gelu?.inner.address ?? 0, panels, scratch],
    ]),
  )
}

const optional = (x: DeviceArray | undefined) => (x ? simd(x) : undefined)

export function linearKernels(
  context: SimdContext,
): Pick<Kernels, 'linear' | 'linearGelu' | 'linearBackward' | 'logits'> {
  const { arrays, run } = context

  function linear(x: DeviceArray, weight: DeviceArray, bias?: DeviceArray, residual?: DeviceArray) {
    const [xs, w] = [simd(x), simd(weight)]
    const out = arrays.make([xs.rows, w.width])
    const added = residual && context.whole(residual)
    multiply(context, rowsOf(xs), columnsOf(w), xs.width, out, { bias: optional(bias), residual: added })
    return out
  }

  function linearGelu(x: DeviceArray, weight: DeviceArray, bias?: DeviceArray) {
    const [xs, w] = [simd(x), simd(weight)]
    const out = arrays.make([xs.rows, w.width])
    const inner = arrays.make([xs.rows, w.width])
    multiply(context, rowsOf(xs), columnsOf(w), xs.width, out, {
      bias: optional(bias),
      gelu: { inner, as: 'forward' },
    })
    return { out, inner }
  }

  const linearBackward: Kernels['linearBackward'] = (dOut, x, weight, hasBias, options = {}) => {
    const [d, xs, w] = [simd(dOut), simd(x), simd(weight)]
    const inner = options.inner && context.whole(options.inner)
    const dx = arrays.make([xs.rows, xs.width])
    multiply(context, rowsOf(d), rowsOf(w), d.width, dx, {
      gelu: inner && { inner, as: 'slope' },
      residual: options.residual && context.whole(options.residual),
    })
    const dWeight = options.dWeight ? simd(options.dWeight) : arrays.make([w.rows, w.width])
    const dBias = hasBias ? (optional(options.dBias) ?? arrays.make([w.width])) : undefined
    multiply(context, columnsOf(xs), columnsOf(d), d.rows, dWeight, {
      accumulate: options.dWeight !== undefined,
      columnSums: dBias && { to: dBias, accumulate: options.dBias !== undefined },
    })
    return dBias ? { dx, dWeight, dBias } : { dx, dWeight }
  }

  function logits(hidden: DeviceArray, weight: DeviceArray) {
    const [h, w] = [simd(hidden), simd(weight)]
    const out = arrays.make([h.rows, w.rows])
    if (h.rows > FEW_ROWS) multiply(context, rowsOf(h), rowsOf(w), h.width, out)
    else
      run(DOT_ROWS, chunksOf(w.rows, PRODUCT_COLUMNS), [
        ...[h.address, h.stride, w.address, w.stride, h.width],
        ...[out.address, out.stride, h.rows, w.rows],
      ])
    return out
  }

  return { linear, linearGelu, linearBackward, logits }
}
