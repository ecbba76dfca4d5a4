// The output head in TF.js ops: log-probs of the targets and their gradient, a chunk of rows at a time, so that the
// (N, V) logits never exist whole. The backward pass computes the logits again instead of keeping them.
import * as tf from '@tensorflow/tfjs-core'
import {
  accumulated,
  array,
  latest,
  literal,
  matrix,
  oneHot,
  onWasm,
  part,
  tensor,
  transpose,
} from './composed-arrays.ts'
import { matMul, productTransposed, rowSums, transposedProduct } from './composed-linear.ts'
import type { DeviceArray, Kernels } from './kernels.ts'

/** Logits held at once: 16 MiB. */
export const HEAD_CHUNK_VALUES = 2 ** 22

const zero = () => latest('zero', 'int32', () => tf.scalar(0, 'int32'))
const rowNumbers = (n: number) => latest('rows', n, () => tf.range(0, n, 1, 'int32'))

interface Chunk {
  readonly rows: number
  readonly hidden: tf.Tensor2D
  readonly targets: tf.Tensor1D
  /** The chunk's rows of a vector (N). */
  of(vector: DeviceArray): tf.Tensor2D
}

/** Runs `body` on consecutive chunks of rows; what it does not return is freed before the next. */
function overChunks<T extends tf.TensorContainer>(
  hidden: DeviceArray,
  targets: DeviceArray,
  vocabularySize: number,
  chunkValues: number,
  body: (chunk: Chunk) => T,
): T[] {
  const [n, width] = matrix(hidden).shape
  const rows = Math.max(1, Math.min(n, Math.floor(chunkValues / vocabularySize)))
  const results: T[] = []
  for (let from = 0; from < n; from += rows) {
    const count = Math.min(rows, n - from)
    results.push(
      tf.tidy(() =>
        body({
          rows: count,
          hidden:
            count === n
              ? matrix(hidden)
              : (part(matrix(hidden), from * width, [count, width]) as tf.Tensor2D),
          targets: part(tensor(targets), from, [count]) as tf.Tensor1D,
          of: vector => part(tensor(vector), from, [count, 1]) as tf.Tensor2D,
        }),
      ),
    )
  }
  return results
}

const isCounted = (targets: tf.Tensor) => tf.greaterEqual(targets, zero())

/** x (rows, 1) → (rows), 0 where the target is not counted. */
function ofCounted(x: tf.Tensor, targets: tf.Tensor1D): tf.Tensor {
  const values = tf.reshape(x, targets.shape)
  return tf.where(isCounted(targets), values, tf.zerosLike(values))
}

/** entropies (rows) and hits (rows); the terms −p·ln p have one sign, so nothing cancels. */
function statisticsOf(
  logits: tf.Tensor2D,
  logSumExp: tf.Tensor2D,
  chosen: tf.Tensor2D,
  targets: tf.Tensor1D,
) {
  const [rows, vocabularySize] = logits.shape
  const logs = tf.sub(logits, logSumExp)
  const entropies = tf.maximum(rowSums(tf.mul(tf.exp(logs), tf.neg(logs))), literal(0))
  const ids = latest('ids', vocabularySize, () => tf.range(0, vocabularySize, 1, 'int32'))
  const notLower = tf.greaterEqual(ids, tf.reshape(targets, [rows, 1]))
  const behind = tf.logicalOr(tf.less(logits, chosen), tf.logicalAnd(tf.equal(logits, chosen), notLower))
  const hits = tf.equal(rowSums(tf.cast(behind, 'float32')), literal(vocabularySize))
  return { entropies: ofCounted(entropies, targets), hits: ofCounted(tf.cast(hits, 'float32'), targets) }
}

export function headKernels(
  chunkValues: number,
): Pick<Kernels, 'headLogProbs' | 'headLogProbsBackward' | 'logits'> {
  const headLogProbs: Kernels['headLogProbs'] = (hidden, weight, targets, { statistics = false } = {}) => {
    const { logProbs, logSumExp, entropies, hits } = tf.tidy(() => {
      const chunks = overChunks(hidden, targets, weight.shape[0]!, chunkValues, chunk => {
        const logits = productTransposed(chunk.hidden, matrix(weight))
        const largest = tf.max(logits, -1, true)
        const sum = rowSums(tf.exp(tf.sub(logits, largest)))
        const logSumExp = tf.add(largest, tf.log(sum)) as tf.Tensor2D
        const column = tf.maximum(chunk.targets, zero())
        const at = tf.stack([rowNumbers(chunk.rows), column], 1)
        const chosen = tf.reshape(tf.gatherND(logits, at), [chunk.rows, 1]) as tf.Tensor2D
        return {
          logProbs: ofCounted(tf.sub(chosen, logSumExp), chunk.targets),
          logSumExp: tf.reshape(logSumExp, [chunk.rows]),
          ...(statistics && statisticsOf(logits, logSumExp, chosen, chunk.targets)),
        }
      })
      const joined = (name: keyof (typeof chunks)[0]) => tf.concat(chunks.map(chunk => chunk[name]!))
      return {
        ...{ logProbs: joined('logProbs'), logSumExp: joined('logSumExp') },
        ...(statistics && { entropies: joined('entropies'), hits: joined('hits') }),
      }
    })
    return {
      ...{ logProbs: array(logProbs), saved: [array(logSumExp)] },
      ...{ entropies: entropies && array(entropies), hits: hits && array(hits) },
    }
  }

  /** d logits = dLogProb · (one-hot(target) − softmax) */
  function headLogProbsBackward(
    dLogProbs: DeviceArray,
    hidden: DeviceArray,
    weight: DeviceArray,
    targets: DeviceArray,
    saved: DeviceArray[],
    dWeightSoFar?: DeviceArray,
  ) {
    const vocabularySize = weight.shape[0]!
    const { dHidden, dWeight } = tf.tidy(() => {
      let dWeight: tf.Tensor | undefined
      const parts = overChunks(hidden, targets, vocabularySize, chunkValues, chunk => {
        const softmax = tf.exp(tf.sub(productTransposed(chunk.hidden, matrix(weight)), chunk.of(saved[0]!)))
        const hot = oneHot(chunk.targets, vocabularySize)
        const scale = tf.mul(
          chunk.of(dLogProbs),
          tf.reshape(tf.cast(isCounted(chunk.targets), 'float32'), [chunk.rows, 1]),
        )
        const dLogits = tf.mul(tf.sub(hot, softmax), scale) as tf.Tensor2D
        const product = transposedProduct(dLogits, chunk.hidden)
        const before = dWeight
        dWeight = tf.keep(before ? tf.add(before, product) : product)
        before?.dispose()
        return matMul(dLogits, matrix(weight))
      })
      return { dHidden: tf.concat(parts, 0), dWeight: dWeight! }
    })
    return { dHidden: array(dHidden), dWeight: accumulated(adopt(dWeight), dWeightSoFar) }
  }

  /** Under WASM for few rows as weight · hiddenᵀ: transposing the weight would cost more than the product. */
  function logits(hidden: DeviceArray, weight: DeviceArray): DeviceArray {
    const few = onWasm() && hidden.shape[0]! <= 32
    return array(
      tf.tidy(() =>
        few
          ? transpose(productTransposed(matrix(weight), matrix(hidden)))
          : productTransposed(matrix(hidden), matrix(weight)),
      ),
    )
  }

  return { headLogProbs, headLogProbsBackward, logits }
}

/** A kept tensor as one that the scope around owns again. */
const adopt = (kept: tf.Tensor): tf.Tensor => {
  const own = kept.clone()
  kept.dispose()
  return own
}
