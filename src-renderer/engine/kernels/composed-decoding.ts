// Cached decoding in TF.js ops: new rows are scattered into a copy of the cache, whose other rows stay as they were.
import * as tf from '@tensorflow/tfjs-core'
import { array, latest, matrix, tableRows, tensor } from './composed-arrays.ts'
import { byHead, NEVER, scaleOf } from './composed-attention.ts'
import { product } from './composed-linear.ts'
import type { AttentionShape, DecodePlace, DeviceArray, Kernels } from './kernels.ts'

/** The cache, which is used up, with rows (n, width) at places (n, 1): slot · contextLength + position. */
function write(cache: DeviceArray, rows: DeviceArray, places: tf.Tensor): DeviceArray {
  const [batchSize, contextLength, width] = cache.shape as [number, number, number]
  const next = tf.tidy(() => {
    const flat = tf.reshape(tensor(cache), [batchSize * contextLength, width])
    return tf.reshape(tf.tensorScatterUpdate(flat, places, matrix(rows)), [batchSize, contextLength, width])
  })
  tensor(cache).dispose()
  return array(next)
}

function writeCache(cache: DeviceArray, x: DeviceArray, slots: Int32Array): DeviceArray {
  const contextLength = cache.shape[1]!
  const length = x.shape[0]! / slots.length
  const places = latest('prefix-places', `${contextLength}-${length}-${slots}`, () => {
    const values = Array.from(slots, slot => Array.from({ length }, (_, t) => slot * contextLength + t))
    return tf.tensor(Int32Array.from(values.flat()), [slots.length * length, 1], 'int32')
  })
  return write(cache, x, places)
}

const stepPlaces = ({ slots, positions }: DecodePlace, contextLength: number): tf.Tensor =>
  latest('step-places', `${contextLength}-${slots}-${positions}`, () =>
    tf.tensor(
      slots.map((slot, i) => slot * contextLength + positions[i]!),
      [slots.length, 1],
      'int32',
    ),
  )

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

/** The rows of the cache that take part, (A, contextLength, width); the cache itself when all do, in order. */
function read(cache: DeviceArray, slots: Int32Array): DeviceArray {
  if (slots.length === cache.shape[0] && slots.every((slot, i) => slot === i)) return cache
  const rows = latest('step-slots', `${slots}`, () => tf.tensor1d(slots.slice(), 'int32'))
  return array(tf.gather(tensor(cache), rows as tf.Tensor1D))
}

function decodeAttention(
  q: DeviceArray,
  k: DeviceArray,
  v: DeviceArray,
  cache: { k: DeviceArray; v: DeviceArray },
  place: DecodePlace,
  shape: AttentionShape,
) {
  const { batchSize, nHead, nKvHead, headDim } = shape
  const contextLength = cache.k.shape[1]!
  const places = stepPlaces(place, contextLength)
  const mask = pastMask(place.positions, contextLength)
  const next = { k: write(cache.k, k, places), v: write(cache.v, v, places) }
  const past = { ...shape, length: contextLength }
  const groups = batchSize * nKvHead
  const out = tf.tidy(() => {
    const queries = tf.reshape(tf.mul(matrix(q), scaleOf(headDim)), [groups, nHead / nKvHead, headDim])
    // One row per head: too little to pay for transposing the keys.
    const scores = product(queries, byHead(read(next.k, place.slots), past) as tf.Tensor, false, true)
    const masked = tf.add(tf.reshape(scores, [batchSize, nHead, contextLength]), mask)
    const probabilities = tf.reshape(tf.softmax(masked), [groups, nHead / nKvHead, contextLength])
    const heads = product(probabilities, byHead(read(next.v, place.slots), past) as tf.Tensor, false, false)
    return tf.reshape(heads, [batchSize, nHead * headDim])
  })
  return { out: array(out), cache: next }
}

const createCache = (batchSize: number, contextLength: number, width: number): DeviceArray =>
  array(tf.zeros([batchSize, contextLength, width]))

export const decodingKernels: Pick<Kernels, 'createCache' | 'writeCache' | 'decodeAttention'> = {
  createCache,
  writeCache,
  decodeAttention,
}
