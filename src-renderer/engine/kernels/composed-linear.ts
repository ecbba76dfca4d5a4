// Matrix products and the linear layer in TF.js ops.
// Under WASM only a plain 2-D product (no transposed operand) runs on XNNPACK, at 40 GFLOP/s; everything else runs in a
// scalar loop at 2–4. So operands are transposed beforehand and batches are taken apart.
import * as tf from '@tensorflow/tfjs-core'
import { activationKernels } from './composed-activation.ts'
import {
  accumulated,
  array,
  latest,
  literal,
  matrix,
  onesRow,
  onWasm,
  onWebgpu,
  part,
  tensor,
  transpose,
} from './composed-arrays.ts'
import type { DeviceArray, Kernels } from './kernels.ts'

/** TF.js's number of its tiled WGSL program. Left to itself it may take split-K, which adds with float atomics. */
const PACKED_PROGRAM = 3

/** a (n, k) · b (k, m), or batches of them (batch, n, k) · (batch, k, m), in a fixed order of summation. */
export function matMul<T extends tf.Tensor>(a: T, b: T): T {
  if (onWasm() && a.rank === 3) return batchedOnWasm(a, b) as T
  return product(a, b, false, false)
}

export function product<T extends tf.Tensor>(a: T, b: T, transposeA: boolean, transposeB: boolean): T {
  if (onWebgpu()) tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', PACKED_PROGRAM)
  return tf.matMul(a, b, transposeA, transposeB) as T
}

/** Products of so few multiplications are cheaper in the scalar loop than taken apart. */
const SCALAR_BELOW = 16_384

function batchedOnWasm(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [batch, n, k] = a.shape as [number, number, number]
  const m = b.shape[2]!
  if (n * k * m < SCALAR_BELOW) return tf.matMul(a, b)
  return tf.tidy(() => {
    const products: tf.Tensor[] = []
    for (let i = 0; i < batch; i++) {
      const left = part(a, i * n * k, [n, k])
      const right = part(b, i * k * m, [k, m])
      products.push(tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D))
      tf.dispose([left, right])
    }
    return tf.reshape(tf.concat(products, 0), [batch, n, m])
  })
}

/** x (n, m) → (m): sums of the columns. `tf.sum` over rows would transpose x first. */
export const columnSums = (x: tf.Tensor2D): tf.Tensor =>
  tf.tidy(() => tf.reshape(matMul(onesRow(x.shape[0]), x), [x.shape[1]]))

/**
 * x (…, m) → (…, 1): sums of the rows, each value times `weight`. On webgpu the product of a row with xᵀ, since TF.js's
 * reduction waits at a barrier per halving.
 */
export function rowSums(x: tf.Tensor, weight = 1): tf.Tensor {
  const width = x.shape.at(-1)!
  if (!onWebgpu()) return weight === 1 ? tf.sum(x, -1, true) : tf.mul(tf.sum(x, -1, true), literal(weight))
  const row = latest(`row-${weight}`, width, () => tf.fill([1, width], weight)) as tf.Tensor2D
  const sums = product(row, tf.reshape(x, [x.size / width, width]) as tf.Tensor2D, false, true)
  return tf.reshape(sums, [...x.shape.slice(0, -1), 1])
}

/** x (…, m) → (…, 1): means of the rows. */
export const rowMeans = (x: tf.Tensor): tf.Tensor => rowSums(x, 1 / x.shape.at(-1)!)

/** aᵀ · b for a (n, p), b (n, q) → (p, q) */
export function transposedProduct(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  if (!onWasm()) return product(a, b, true, false)
  // The narrower one is transposed, or what comes of it.
  return tf.tidy(() =>
    a.shape[1] <= b.shape[1] ? matMul(transpose(a), b) : transpose(matMul(transpose(b), a)),
  )
}

/** a · bᵀ for a (n, k), b (m, k) → (n, m) */
export function productTransposed(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  if (!onWasm()) return product(a, b, false, true)
  return tf.tidy(() => matMul(a, transpose(b)))
}

function linear(
  x: DeviceArray,
  weight: DeviceArray,
  bias?: DeviceArray,
  residual?: DeviceArray,
): DeviceArray {
  return array(
    tf.tidy(() => {
      let out: tf.Tensor = matMul(matrix(x), matrix(weight))
      if (bias) out = tf.add(out, tensor(bias))
      if (residual) out = tf.add(out, tensor(residual))
      return out
    }),
  )
}

function linearGelu(x: DeviceArray, weight: DeviceArray, bias?: DeviceArray) {
  const inner = linear(x, weight, bias)
  return { out: activationKernels.gelu(inner), inner }
}

function linearBackward(
  dOut: DeviceArray,
  x: DeviceArray,
  weight: DeviceArray,
  hasBias: boolean,
  {
    inner,
    residual,
    dWeight: dWeightSoFar,
    dBias: dBiasSoFar,
  }: { inner?: DeviceArray; residual?: DeviceArray; dWeight?: DeviceArray; dBias?: DeviceArray } = {},
) {
  const d = matrix(dOut)
  const dx = tf.tidy(() => {
    const product = array(productTransposed(d, matrix(weight)))
    const dInner = tensor(inner ? activationKernels.geluBackward(product, inner) : product)
    return residual ? tf.add(dInner, tensor(residual)) : dInner
  })
  const dWeight = accumulated(transposedProduct(matrix(x), d), dWeightSoFar)
  if (!hasBias) return { dx: array(dx), dWeight }
  return { dx: array(dx), dWeight, dBias: accumulated(columnSums(d), dBiasSoFar) }
}

export const linearKernels: Pick<Kernels, 'linear' | 'linearGelu' | 'linearBackward'> = {
  linear,
  linearGelu,
  linearBackward,
}
