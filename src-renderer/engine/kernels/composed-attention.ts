// Causal self-attention (Vaswani et al. 2017, §3.2.1; grouped heads: Ainslie et al. 2023) in TF.js ops.
// The G query heads that share a key/value head are stacked as G·T rows of one product, so keys are never repeated and
// their gradients are summed by the product itself.
import * as tf from '@tensorflow/tfjs-core'
import { array, latest, literal, tensor } from './composed-arrays.ts'
import { matMul, rowSums } from './composed-linear.ts'
import type { AttentionShape, DeviceArray, Kernels } from './kernels.ts'

/** Large enough that exp makes it 0, small enough that no sum overflows. */
export const NEVER = -1e9

/** (T, T): 0 where a row may look, NEVER where the column is in its future. */
const causalMask = (length: number) =>
  latest('causal-mask', length, () => {
    const values = new Float32Array(length * length)
    for (let row = 0; row < length; row++) values.fill(NEVER, row * length + row + 1, (row + 1) * length)
    return tf.tensor(values, [length, length])
  })

/** (B, 1, T, T): the same where every row has a first position too. A packing lasts one step, so only the last is kept. */
const segmentMask = ({ batchSize, length }: AttentionShape, segmentStarts: Int32Array) =>
  latest('segment-mask', `${length}/${segmentStarts}`, () => {
    const values = new Float32Array(segmentStarts.length * length)
    for (const [n, start] of segmentStarts.entries()) {
      values.fill(NEVER, n * length, n * length + start)
      values.fill(NEVER, n * length + (n % length) + 1, (n + 1) * length)
    }
    return tf.tensor(values, [batchSize, 1, length, length])
  })

/** scores (B·nKvHead, G·T, T) → (B·nHead, T, T) or (B, nHead, T, T), about NEVER where a row may not look. */
function masked(scores: tf.Tensor, shape: AttentionShape): tf.Tensor {
  const { batchSize, length, nHead, segmentStarts } = shape
  return segmentStarts
    ? tf.add(tf.reshape(scores, [batchSize, nHead, length, length]), segmentMask(shape, segmentStarts))
    : tf.add(tf.reshape(scores, [batchSize * nHead, length, length]), causalMask(length))
}

/** (B·T, heads·D) → (B·groups, heads/groups·T, D): the heads of a group under one another. */
export function byHead(x: DeviceArray, { batchSize, length, nKvHead, headDim }: AttentionShape): tf.Tensor3D {
  const heads = tensor(x).size / (batchSize * length * headDim)
  const perHead = tf.transpose(tf.reshape(tensor(x), [batchSize, length, heads, headDim]), [0, 2, 1, 3])
  return tf.reshape(perHead, [batchSize * nKvHead, (heads / nKvHead) * length, headDim])
}

/** The same, transposed: (B·nKvHead, D, T). Only for arrays with nKvHead heads. */
export function byHeadTransposed(x: DeviceArray, { batchSize, length, nKvHead, headDim }: AttentionShape) {
  const perHead = tf.transpose(tf.reshape(tensor(x), [batchSize, length, nKvHead, headDim]), [0, 2, 3, 1])
  return tf.reshape(perHead, [batchSize * nKvHead, headDim, length]) as tf.Tensor3D
}

/** The reverse of `byHead`: (B·groups, heads/groups·T, D) → (B·T, heads·D). */
function toRows(x: tf.Tensor, { batchSize, length, headDim }: AttentionShape): tf.Tensor {
  const heads = x.size / (batchSize * length * headDim)
  const perHead = tf.reshape(x, [batchSize, heads, length, headDim])
  return tf.reshape(tf.transpose(perHead, [0, 2, 1, 3]), [batchSize * length, heads * headDim])
}

/** The reverse of `byHeadTransposed`: (B·nKvHead, D, T) → (B·T, nKvHead·D). */
function transposedToRows(x: tf.Tensor, { batchSize, length, nKvHead, headDim }: AttentionShape): tf.Tensor {
  const perHead = tf.reshape(x, [batchSize, nKvHead, headDim, length])
  return tf.reshape(tf.transpose(perHead, [0, 3, 1, 2]), [batchSize * length, nKvHead * headDim])
}

export const scaleOf = (headDim: number) => literal(1 / Math.sqrt(headDim))

/** (B·T, C), with 0 in the rows beyond a sequence's length. As no row looks ahead, nothing else needs a mask. */
function counted(x: tf.Tensor, { length, lengths }: AttentionShape): tf.Tensor {
  if (!lengths) return x
  const mask = latest('rows-that-count', `${length}/${lengths}`, () => {
    const values = new Float32Array(lengths.length * length)
    for (const [b, tokens] of lengths.entries()) values.fill(1, b * length, b * length + tokens)
    return tf.tensor(values, [values.length, 1])
  })
  return tf.mul(x, mask)
}

/** saved = the attention probabilities (B·nKvHead, G·T, T). */
function attention(q: DeviceArray, k: DeviceArray, v: DeviceArray, shape: AttentionShape) {
  const { batchSize, length, nHead, nKvHead, headDim } = shape
  const grouped: [number, number, number] = [batchSize * nKvHead, (nHead / nKvHead) * length, length]
  const { out, probabilities } = tf.tidy(() => {
    const queries = byHead(array(tf.mul(tensor(q), scaleOf(headDim))), shape)
    const scores = matMul(queries, byHeadTransposed(k, shape))
    const probabilities = tf.reshape(tf.softmax(masked(scores, shape)), grouped) as tf.Tensor3D
    const out = toRows(matMul(probabilities, byHead(v, shape)), shape)
    return { out: counted(out, shape), probabilities }
  })
  return { out: array(out), saved: [array(probabilities)] }
}

/**
 * dS = P ⊙ (dP − rowsum(dOut ⊙ out)), as FlashAttention's appendix B.2 (Dao et al. 2022). dK and dV are computed
 * transposed, dKᵀ = Qᵀ·dS and dVᵀ = dOutᵀ·P: then only thin (T, D) arrays are transposed, never (T, T) ones.
 */
function attentionBackward(
  dOut: DeviceArray,
  q: DeviceArray,
  k: DeviceArray,
  v: DeviceArray,
  out: DeviceArray,
  saved: DeviceArray[],
  shape: AttentionShape,
) {
  const scale = scaleOf(shape.headDim)
  const { dq, dk, dv } = tf.tidy(() => {
    const probabilities = tensor(saved[0]!) as tf.Tensor3D
    const dHeads = byHead(array(counted(tensor(dOut), shape)), shape)
    const dV = matMul(tf.transpose(dHeads, [0, 2, 1]), probabilities)
    const alongRow = rowSums(tf.mul(dHeads, byHead(out, shape)))
    const dProbabilities = matMul(dHeads, byHeadTransposed(v, shape))
    const dScores = tf.mul(probabilities, tf.sub(dProbabilities, alongRow)) as tf.Tensor3D
    const dQ = matMul(dScores, byHead(k, shape))
    const dK = matMul(tf.transpose(byHead(q, shape), [0, 2, 1]), dScores)
    return {
      dq: tf.mul(toRows(dQ, shape), scale),
      dk: tf.mul(transposedToRows(dK, shape), scale),
      dv: transposedToRows(dV, shape),
    }
  })
  return { dq: array(dq), dk: array(dk), dv: array(dv) }
}

export const attentionKernels: Pick<Kernels, 'attention' | 'attentionBackward'> = {
  attention,
  attentionBackward,
}
