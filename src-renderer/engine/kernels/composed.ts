// The Kernels interface in TF.js ops: runs on every TF.js backend, and is what hand-written kernels are tested against.
// A DeviceArray is a TF.js tensor here.
import * as tf from '@tensorflow/tfjs-core'
import { activationKernels } from './composed-activation.ts'
import { array, matrix, onWasm, part, tensor } from './composed-arrays.ts'
import { attentionKernels } from './composed-attention.ts'
import { decodingKernels } from './composed-decoding.ts'
import { embeddingKernels } from './composed-embedding.ts'
import { HEAD_CHUNK_VALUES, headKernels } from './composed-head.ts'
import { linearKernels } from './composed-linear.ts'
import { normKernels } from './composed-norm.ts'
import { optimizerKernels } from './composed-optimizer.ts'
import type { DeviceArray, Kernels } from './kernels.ts'

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)

function splitColumns(x: DeviceArray, widths: readonly number[]): DeviceArray[] {
  const n = x.shape[0]!
  const parts = tf.tidy(() => {
    // Equal widths become contiguous by one transpose of rows, which WASM does at memory speed.
    if (onWasm() && widths.every(w => w === widths[0])) {
      const size = n * widths[0]!
      const apart = tf.transpose(tf.reshape(tensor(x), [n, widths.length, widths[0]!]), [1, 0, 2])
      return widths.map((width, i) => part(apart, i * size, [n, width]))
    }
    return tf.split(matrix(x), [...widths], 1)
  })
  return parts.map(array)
}

function joinColumns(arrays: readonly DeviceArray[]): DeviceArray {
  const [n, width] = matrix(arrays[0]!).shape
  if (!onWasm() || arrays.some(x => x.shape[1] !== width)) return array(tf.concat(arrays.map(matrix), 1))
  return array(
    tf.tidy(() => {
      const apart = tf.reshape(tf.concat(arrays.map(matrix), 0), [arrays.length, n, width])
      return tf.reshape(tf.transpose(apart, [1, 0, 2]), [n, arrays.length * width])
    }),
  )
}

function unflatten(flat: DeviceArray, shapes: readonly (readonly number[])[], offset = 0): DeviceArray[] {
  return shapes.map(shape => {
    const piece = part(tensor(flat), offset, [...shape])
    offset += sizeOf(shape)
    return array(piece)
  })
}

/** @param headChunkValues logits held at once */
export function createComposedKernels(headChunkValues = HEAD_CHUNK_VALUES): Kernels {
  return {
    name: 'composed',
    version: 1,
    // A copy: TF.js uploads to a GPU only at first use, and its CPU backend would go on using the caller's array.
    upload: (values, shape) =>
      array(tf.tensor(values.slice(), [...shape], values instanceof Int32Array ? 'int32' : 'float32')),
    read: async x => Float32Array.from(await tensor(x).data()),
    free: (...arrays) => {
      for (const x of arrays) tensor(x).dispose()
    },
    scope: body => tf.tidy(body as never) as ReturnType<typeof body>,
    keep: x => {
      tf.keep(tensor(x))
      return x
    },
    memory: () => {
      const { numTensors, numBytes } = tf.memory()
      return { arrays: numTensors, bytes: numBytes }
    },
    flatten: arrays =>
      array(
        tf.tidy(() => tf.concat(arrays.map(x => tf.reshape(tensor(x), [tensor(x).size]) as tf.Tensor1D))),
      ),
    unflatten,
    splitColumns,
    joinColumns,
    ...embeddingKernels,
    ...normKernels,
    ...linearKernels,
    ...activationKernels,
    ...attentionKernels,
    ...decodingKernels,
    ...headKernels(headChunkValues),
    ...optimizerKernels,
  }
}
