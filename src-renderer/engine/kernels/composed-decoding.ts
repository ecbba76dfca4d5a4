// Cached decoding in TF.js ops. A cache is made anew by every write: its old values where the mark is 0, the new ones
// where it is 1. What stood there before never shows through, so slots are used again without being cleared.
import * as tf from '@tensorflow/tfjs-core'
import { array, latest, literal, matrix, tableRows, tensor } from './composed-arrays.ts'
import { byHead, byHeadTransposed, NEVER, scaleOf } from './composed-attention.ts'
import { matMul } from './composed-linear.ts'
import type { AttentionShape, DecodePlace, DeviceArray, Kernels } from './kernels.ts'

/** Every slot of the cache, one after the other: nothing has to be gathered. */
const allInOrder = (slots: Int32Array, batchSize: number) =>
  slots.length === batchSize && slots.every((slot, i) => slot === i)

/** Of an array whose rows are those of `slots`, one row for every slot of the cache; slots without one get any. */
function spread(x: tf.Tensor, slots: Int32Array, batchSize: number): tf.Tensor {
  if (allInOrder(slots, batchSize)) return x
  const rows = new Int32Array(batchSize)
  for (const [row, slot] of slots.entries()) rows[slot] = row
  return tf.gather(x, tf.tensor1d(rows, 'int32'))
}

/** The cache, which is used up, with x where `mark` is 1. */
function overwrite(cache: DeviceArray, x: tf.Tensor, mark: tf.Tensor): tf.Tensor {
  const next = tf.tidy(() => tf.add(tf.mul(tensor(cache), tf.sub(literal(1), mark)), tf.mul(x, mark)))
  tensor(cache).dispose()
  return next
}

function writeCache(cache: DeviceArray, x: DeviceArray, slots: Int32Array): DeviceArray {
  const [batchSize, contextLength, width] = cache.shape as [number, number, number]
  const length = x.shape[0]! / slots.length
  const mark = latest('prefix-mark', `${batchSize}-${contextLength}-${length}-${slots}`, () => {
    const values = new Float32Array(batchSize * contextLength)
    for (const slot of slots) values.fill(1, slot * contextLength, slot * contextLength + length)
    return tf.tensor(values, [batchSize, contextLength, 1])
  })
  return array(
    tf.tidy(() => {
      const rows = spread(tf.reshape(matrix(x), [slots.length, length, width]), slots, batchSize)
      const padded = tf.pad(rows, [
        [0, 0],
        [0, contextLength - length],
        [0, 0],
      ])
      return overwrite(cache, padded, mark)
    }),
  )
}

/** (B or 1, contextLength, 1): 1 where this step writes. One row for all when they write at the same place. */
function stepMark({ slots, positions }: DecodePlace, batchSize: number, contextLength: number): tf.Tensor {
  const alike = allInOrder(slots, batchSize) && tableRows(positions).length === 1
  const place = alike ? positions[0]! : `${batchSize}-${slots}-${positions}`
  return latest('step-mark', `${contextLength}-${place}`, () => {
    const rows = alike ? 1 : batchSize
    const values = new Float32Array(rows * contextLength)
    if (alike) values[positions[0]!] = 1
    else for (const [i, slot] of slots.entries()) values[slot * contextLength + positions[i]!] = 1
    return tf.tensor(values, [rows, contextLength, 1])
  })
}

/** (A or 1, 1, contextLength): 0 up to each sequence's position, NEVER after it. */
function pastMask(positions: Int32Array, contextLength: number): tf.Tensor {
  const rows = tableRows(positions)
  return latest('past-mask', `${contextLength}-${rows}`, () => {
    const values = new Float32Array(rows.length * contextLength)
    for (const [i, position] of rows.entries())
      values.fill(NEVER, i * contextLength + position + 1, (i + 1) * contextLength)
    return tf.tensor(values, [rows.length, 1, contextLength])
  })
}

function decodeAttention(
  q: DeviceArray,
  k: DeviceArray,
  v: DeviceArray,
  cache: { k: DeviceArray; v: DeviceArray },
  place: DecodePlace,
  shape: AttentionShape,
) {
  const { batchSize: active, nHead, nKvHead, headDim } = shape
  const [batchSize, contextLength, width] = cache.k.shape as [number, number, number]
  const mark = stepMark(place, batchSize, contextLength)
  const mask = pastMask(place.positions, contextLength)
  const result = tf.tidy(() => {
    const write = (into: DeviceArray, x: DeviceArray) =>
      overwrite(into, spread(tf.reshape(matrix(x), [active, 1, width]), place.slots, batchSize), mark)
    const keys = write(cache.k, k)
    const values = write(cache.v, v)
    const read = (from: tf.Tensor) =>
      array(
        allInOrder(place.slots, batchSize)
          ? from
          : tf.gather(from, tf.tensor1d(place.slots.slice(), 'int32')),
      )
    const past = { ...shape, length: contextLength }
    const grouped: [number, number, number] = [active * nKvHead, nHead / nKvHead, headDim]
    const queries = tf.reshape(tf.mul(matrix(q), scaleOf(headDim)), grouped)
    const scores = tf.reshape(matMul(queries, byHeadTransposed(read(keys), past)), [
      active,
      nHead,
      contextLength,
    ])
    const probabilities = tf.reshape(tf.softmax(tf.add(scores, mask)), [
      active * nKvHead,
      nHead / nKvHead,
      contextLength,
    ]) as tf.Tensor3D
    const out = matMul(probabilities, byHead(read(values), past))
    return { out: tf.reshape(out, [active, nHead * headDim]), keys, values }
  })
  return { out: array(result.out), cache: { k: array(result.keys), v: array(result.values) } }
}

const createCache = (batchSize: number, contextLength: number, width: number): DeviceArray =>
  array(tf.zeros([batchSize, contextLength, width]))

export const decodingKernels: Pick<Kernels, 'createCache' | 'writeCache' | 'decodeAttention'> = {
  createCache,
  writeCache,
  decodeAttention,
}
