// Token and position embeddings and rotary positions in TF.js ops.
import * as tf from '@tensorflow/tfjs-core'
import {
  accumulated,
  array,
  latest,
  matrix,
  oneHot,
  onWebgpu,
  part,
  tableRows,
  tensor,
} from './composed-arrays.ts'
import { columnSums, transposedProduct } from './composed-linear.ts'
import type { DeviceArray, Kernels } from './kernels.ts'

const asIndices = (tokens: DeviceArray) => tf.reshape(tensor(tokens), [tensor(tokens).size, 1])

const embed = (tokens: DeviceArray, table: DeviceArray): DeviceArray =>
  array(tf.tidy(() => tf.gatherND(matrix(table), asIndices(tokens))))

/** One-hot values held at once on webgpu: 64 MiB. */
const ONE_HOT_VALUES = 2 ** 24

/**
 * Rows are added where their token says. `scatterND` adds them one after the other on the CPU; on webgpu it uses float
 * atomics, whose order changes from run to run, so there it is a product with the one-hot matrix, in chunks of rows.
 */
function rowsByToken(d: tf.Tensor2D, tokens: DeviceArray, vocabularySize: number): tf.Tensor {
  const [n, width] = d.shape
  if (!onWebgpu())
    return tf.tidy(() => tf.scatterND(asIndices(tokens), d, [vocabularySize, width]) as tf.Tensor)
  return tf.tidy(() => {
    const rows = Math.max(1, Math.min(n, Math.floor(ONE_HOT_VALUES / vocabularySize)))
    let sum: tf.Tensor | undefined
    for (let from = 0; from < n; from += rows) {
      const count = Math.min(rows, n - from)
      const next = tf.tidy(() => {
        const ids = part(tensor(tokens), from, [count]) as tf.Tensor1D
        const hot = oneHot(ids, vocabularySize)
        const product = transposedProduct(hot, part(d, from * width, [count, width]) as tf.Tensor2D)
        return sum ? tf.add(sum, product) : product
      })
      sum?.dispose()
      sum = next
    }
    return sum!
  })
}

const embedBackward: Kernels['embedBackward'] = (dOut, tokens, vocabularySize, dTable) =>
  accumulated(rowsByToken(matrix(dOut), tokens, vocabularySize), dTable)

function addPositions(x: DeviceArray, positions: DeviceArray, length: number): DeviceArray {
  const [n, width] = matrix(x).shape
  return array(
    tf.tidy(() => {
      const rows = part(matrix(positions), 0, [1, length, width])
      return tf.reshape(tf.add(tf.reshape(matrix(x), [n / length, length, width]), rows), [n, width])
    }),
  )
}

function addPositionsBackward(
  dOut: DeviceArray,
  length: number,
  contextLength: number,
  dPositions?: DeviceArray,
): DeviceArray {
  const [n, width] = matrix(dOut).shape
  const gradient = tf.tidy(() => {
    const perSequence = tf.reshape(matrix(dOut), [n / length, length * width]) as tf.Tensor2D
    const sum = tf.reshape(columnSums(perSequence), [length, width])
    return length === contextLength
      ? sum
      : tf.pad(sum, [
          [0, contextLength - length],
          [0, 0],
        ])
  })
  return accumulated(gradient, dPositions)
}

/**
 * cos and sin (rows, 1, headDim/2) of the angles position · θ^(−2i/headDim) (Su et al. 2021, §3.2.2), of positions
 * 0 … length − 1 or of those given.
 */
function angles(rows: number | Int32Array, headDim: number, theta: number, of: 'cos' | 'sin') {
  const half = headDim / 2
  const [name, length] = typeof rows === 'number' ? ['rope', rows] : ['rope-at', rows.length]
  return latest(`${name}-${of}`, `${rows}-${headDim}-${theta}`, () => {
    const values = new Float32Array(length * half)
    for (let t = 0; t < length; t++) {
      const position = typeof rows === 'number' ? t : rows[t]!
      for (let i = 0; i < half; i++) values[t * half + i] = Math[of](position * theta ** ((-2 * i) / headDim))
    }
    return tf.tensor(values, [length, 1, half])
  })
}

function rope(
  x: DeviceArray,
  length: number,
  headDim: number,
  theta: number,
  { inverse = false, positions }: { inverse?: boolean; positions?: Int32Array } = {},
): DeviceArray {
  const [n, width] = matrix(x).shape
  const half = headDim / 2
  const vectors = (n * width) / headDim
  return array(
    tf.tidy(() => {
      // The two halves of every head, each as one contiguous (B, T, heads · half)
      const halves = tf.transpose(tf.reshape(matrix(x), [vectors, 2, half]), [1, 0, 2])
      const rows = positions ? tableRows(positions) : length
      const perTable = typeof rows === 'number' ? rows : rows.length
      const shape = [n / perTable, perTable, width / headDim, half]
      const first = part(halves, 0, shape)
      const second = part(halves, vectors * half, shape)
      const cos = angles(rows, headDim, theta, 'cos')
      const sin = angles(rows, headDim, theta, 'sin')
      const [minus, plus] = inverse ? [tf.add, tf.sub] : [tf.sub, tf.add]
      const rotated = tf.stack([
        tf.reshape(minus(tf.mul(first, cos), tf.mul(second, sin)), [vectors, half]),
        tf.reshape(plus(tf.mul(second, cos), tf.mul(first, sin)), [vectors, half]),
      ])
      return tf.reshape(tf.transpose(rotated, [1, 0, 2]), [n, width])
    }),
  )
}

export const embeddingKernels: Pick<
  Kernels,
  'embed' | 'embedBackward' | 'addPositions' | 'addPositionsBackward' | 'rope'
> = { embed, embedBackward, addPositions, addPositionsBackward, rope }
