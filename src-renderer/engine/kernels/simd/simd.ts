// The Kernels interface on the CPU cores: WASM SIMD written in AssemblyScript (assembly/), several threads over one
// memory. A DeviceArray is a place in that memory.
import type { DeviceArray, Kernels } from '../kernels.ts'
import { partsOf, type SimdArray, simd, sizeOf } from './simd-arrays.ts'
import { areColumnsOfOne, attentionKernels } from './simd-attention.ts'
import { SimdContext } from './simd-context.ts'
import { embeddingKernels } from './simd-embedding.ts'
import { headKernels } from './simd-head.ts'
import { linearKernels } from './simd-linear.ts'
import { elementwiseKernels, normKernels } from './simd-norm.ts'
import { optimizerKernels } from './simd-optimizer.ts'
import type { ThreadPool } from './thread-pool.ts'

export interface SimdKernels extends Kernels {
  readonly context: SimdContext
}

export function createSimdKernels(pool: ThreadPool): SimdKernels {
  const context = new SimdContext(pool)
  const { arrays, arena } = context

  function upload(values: Float32Array | Int32Array, shape: readonly number[]): DeviceArray {
    if (values.length !== sizeOf(shape))
      throw new Error(`${values.length} values do not fill the shape (${shape.join(', ')})`)
    const made = arrays.make(shape, values instanceof Int32Array ? 'int32' : 'float32')
    const to = values instanceof Int32Array ? Int32Array : Float32Array
    new to(pool.memory.buffer, made.address, values.length).set(values)
    return made
  }

  async function read(x: DeviceArray): Promise<Float32Array<ArrayBuffer>> {
    const out = new Float32Array(sizeOf(x.shape))
    const type = x.dtype === 'int32' ? Int32Array : Float32Array
    let at = 0
    for (const part of partsOf(x))
      for (let row = 0; row < part.rows; row++) {
        out.set(new type(pool.memory.buffer, part.address + row * part.stride, part.width), at)
        at += part.width
      }
    return out
  }

  /** A list over the same memory: AdamW and the norm walk the pieces. */
  function flatten(vectors: readonly DeviceArray[]): DeviceArray {
    const parts = vectors.flatMap(x => partsOf(x).map(part => context.whole(part)))
    return arrays.list(parts.map(of => ({ of, from: 0, count: of.size })))
  }

  /** Views into the pieces, no copies. @throws Error for an array that would lie in two of them */
  function unflatten(flat: DeviceArray, shapes: readonly (readonly number[])[], offset = 0): DeviceArray[] {
    return shapes.map(shape => {
      const size = sizeOf(shape)
      const pieces = slice(flat, offset, size)
      offset += size
      if (pieces.length === 1) return arrays.view(pieces[0]!.of, 4 * pieces[0]!.from, shape)
      if (shape.length === 1) return arrays.list(pieces)
      throw new Error('an array cannot be a view of two pieces')
    })
  }

  function slice(flat: DeviceArray, offset: number, size: number) {
    const pieces: { of: SimdArray; from: number; count: number }[] = []
    for (const part of partsOf(flat)) {
      const from = Math.max(0, offset)
      const count = Math.min(part.size, offset + size) - from
      if (count > 0) pieces.push({ of: part, from, count })
      offset -= part.size
    }
    return pieces
  }

  function splitColumns(x: DeviceArray, widths: readonly number[]): DeviceArray[] {
    const from = simd(x)
    let offset = 0
    return widths.map(width => {
      const view = arrays.view(from, offset, [from.rows, width], from.stride)
      offset += 4 * width
      return view
    })
  }

  function joinColumns(parts: readonly DeviceArray[]): DeviceArray {
    const from = parts.map(simd)
    const [{ rows }] = from as [SimdArray]
    const width = from.reduce((sum, x) => sum + x.width, 0)
    if (areColumnsOfOne(from)) return arrays.view(from[0]!, 0, [rows, width])
    const out = arrays.make([rows, width])
    let offset = 0
    for (const x of from) {
      context.copyRows(out.address + offset, out.stride, x.address, x.stride, rows, 4 * x.width)
      offset += 4 * x.width
    }
    return out
  }

  /** Frees what a kernel makes on the way: copies of arrays whose rows have gaps. */
  function scoped<K extends object>(kernels: K): K {
    const each = Object.entries(kernels).map(([name, kernel]) => [
      name,
      (...args: unknown[]) => arrays.scope(() => kernel(...args)),
    ])
    return Object.fromEntries(each) as K
  }

  return {
    name: 'simd',
    version: 1,
    context,
    upload,
    read,
    free: (...freed) => {
      for (const x of freed) arrays.free(x)
    },
    scope: body => arrays.scope(body),
    keep: x => arrays.keep(x),
    memory: () => ({ arrays: arrays.alive, bytes: arena.bytes }),
    ...scoped({
      flatten,
      unflatten,
      splitColumns,
      joinColumns,
      ...embeddingKernels(context),
      ...normKernels(context),
      ...linearKernels(context),
      ...elementwiseKernels(context),
      ...attentionKernels(context),
      ...headKernels(context),
      ...optimizerKernels(context),
    }),
  }
}
