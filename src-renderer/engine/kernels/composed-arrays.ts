// What the composed kernels share: DeviceArray ↔ TF.js tensor, constants that are uploaded once, and the two copies
// that TF.js's WASM backend does slowly (contiguous slices, transposes).
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type { DeviceArray } from './kernels.ts'

export const tensor = (array: DeviceArray): tf.Tensor => array as unknown as tf.Tensor
export const matrix = (array: DeviceArray): tf.Tensor2D => array as unknown as tf.Tensor2D
export const array = (of: tf.Tensor): DeviceArray => of as unknown as DeviceArray

export const onWasm = (): boolean => tf.getBackend() === 'wasm'
export const onWebgpu = (): boolean => tf.getBackend() === 'webgpu'

/** A parameter's gradient, added to what there is of it so far, which is used up. */
export function accumulated(gradient: tf.Tensor, soFar: DeviceArray | undefined): DeviceArray {
  if (!soFar) return array(gradient)
  const sum = tf.add(tensor(soFar), gradient)
  tf.dispose([tensor(soFar), gradient])
  return array(sum)
}

const constants = new Map<string, tf.Tensor>()

/**
 * An array that never changes, made at first use and kept. On webgpu every `tf.mul(x, 2)` would upload its scalar anew,
 * which ends the compute pass. Names carry all that the values depend on.
 */
function constant(name: string, make: () => tf.Tensor): tf.Tensor {
  const key = `${tf.getBackend()}/${name}`
  let value = constants.get(key)
  if (!value || value.isDisposed) {
    value = tf.keep(tf.tidy(make))
    constants.set(key, value)
  }
  return value
}

/** Positions as the rows of such a table: one row, for TF.js to broadcast, when all are alike. */
export const tableRows = (positions: Int32Array): Int32Array =>
  positions.every(position => position === positions[0]) ? positions.subarray(0, 1) : positions

/** A literal of a formula, as a scalar. Numbers that change from step to step do not belong here. */
export const literal = (x: number): tf.Tensor => constant(`literal/${x}`, () => tf.scalar(x, 'float32'))

/**
 * A table that is kept only for the last `key` asked for under `name`: a causal mask, ones, angles of rotation.
 * Training asks for the same one in every step.
 */
export function latest(name: string, key: string | number, make: () => tf.Tensor): tf.Tensor {
  const slot = `${tf.getBackend()}/${name}`
  const full = `${slot}/${key}`
  const known = constants.get(full)
  if (known && !known.isDisposed) return known
  for (const [k, old] of constants) {
    if (k.startsWith(`${slot}/`)) {
      old.dispose()
      constants.delete(k)
    }
  }
  return constant(`${name}/${key}`, make)
}

/** Before a backend is replaced: its constants go with it. */
export function forgetConstants(): void {
  for (const value of constants.values()) value.dispose()
  constants.clear()
}

/** Ones as a row (1, n): a column sum is one product with it. */
export const onesRow = (n: number): tf.Tensor2D => latest('ones', n, () => tf.ones([1, n])) as tf.Tensor2D

/**
 * `size` values from `offset` of x (row-major), as `shape`: a copy of that part alone.
 * TF.js's WASM slice first copies the whole of x out of the heap, which costs 32 times as much per head.
 */
export function part(x: tf.Tensor, offset: number, shape: number[]): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1)
  if (!onWasm()) return tf.tidy(() => tf.reshape(tf.slice(tf.reshape(x, [x.size]), [offset], [size]), shape))
  const backend = tf.backend() as BackendWasm
  const out = backend.makeOutput(shape, x.dtype)
  const from = backend.typedArrayFromHeap(x) // after makeOutput: the heap may have moved
  backend.typedArrayFromHeap(out).set(from.subarray(offset, offset + size))
  return tf.engine().makeTensorFromTensorInfo(out)
}

/** Rows per block, so that a block's columns stay in the first-level cache. */
const TRANSPOSE_BLOCKS = [64, 32, 16, 8]

/**
 * x (n, m) → (m, n). Under WASM in two steps, blocks of rows then the order of the blocks: 14 times as fast as
 * `tf.transpose`, which strides through the whole matrix.
 */
export function transpose(x: tf.Tensor2D): tf.Tensor2D {
  const [n, m] = x.shape
  const block = onWasm() ? TRANSPOSE_BLOCKS.find(b => n % b === 0 && n > b) : undefined
  if (!block) return tf.transpose(x)
  return tf.tidy(() => {
    const blocks = tf.transpose(tf.reshape(x, [n / block, block, m]), [0, 2, 1])
    return tf.reshape(tf.transpose(blocks, [1, 0, 2]), [m, n])
  })
}

/** ids (n) int32 → (n, depth) float32, rows of 0 for ids outside. TF.js's WASM kernel writes the bits of the *integer* 1 even when asked for floats. */
export const oneHot = (ids: tf.Tensor1D, depth: number): tf.Tensor2D =>
  tf.tidy(() => tf.cast(tf.oneHot(ids, depth, 1, 0, 'int32'), 'float32') as tf.Tensor2D)
