// Element-wise kernels in TF.js ops: sums, GELU, SwiGLU.
import * as tf from '@tensorflow/tfjs-core'
import { array, literal, tensor } from './composed-arrays.ts'
import type { DeviceArray, Kernels } from './kernels.ts'

const CUBIC = 0.044715
/** 2√(2/π): since ½(1 + tanh u) = σ(2u), GELU is x·σ(2u). One sigmoid is a tenth of a tanh under WASM. */
const TWICE_ROOT = 2 * Math.sqrt(2 / Math.PI)

/** σ(2√(2/π)·(x + 0.044715x³)) and x² */
function gate(x: tf.Tensor) {
  const square = tf.square(x)
  const inner = tf.add(tf.mul(square, literal(TWICE_ROOT * CUBIC)), literal(TWICE_ROOT))
  return { sigma: tf.sigmoid(tf.mul(inner, x)), square }
}

const gelu = (x: DeviceArray): DeviceArray => array(tf.tidy(() => tf.mul(tensor(x), gate(tensor(x)).sigma)))

/** d/dx x·σ(u) = σ + x·u′·σ(1 − σ), u′ = 2√(2/π)·(1 + 3·0.044715x²) */
function geluBackward(dOut: DeviceArray, x: DeviceArray): DeviceArray {
  return array(
    tf.tidy(() => {
      const { sigma, square } = gate(tensor(x))
      const slope = tf.add(tf.mul(square, literal(3 * TWICE_ROOT * CUBIC)), literal(TWICE_ROOT))
      const bend = tf.mul(tf.mul(tensor(x), slope), tf.sub(literal(1), sigma))
      return tf.mul(tensor(dOut), tf.mul(sigma, tf.add(bend, literal(1))))
    }),
  )
}

const swiglu = (g: DeviceArray, up: DeviceArray): DeviceArray =>
  array(tf.tidy(() => tf.mul(tf.mul(tensor(g), tf.sigmoid(tensor(g))), tensor(up))))

/** silu′(g) = σ(1 + g(1 − σ)) */
function swigluBackward(dOut: DeviceArray, g: DeviceArray, up: DeviceArray) {
  const { dGate, dUp } = tf.tidy(() => {
    const sigma = tf.sigmoid(tensor(g))
    const bend = tf.mul(tensor(g), tf.sub(literal(1), sigma))
    const slope = tf.mul(sigma, tf.add(bend, literal(1)))
    return {
      dGate: tf.mul(tf.mul(tensor(dOut), tensor(up)), slope),
      dUp: tf.mul(tensor(dOut), tf.mul(tensor(g), sigma)),
    }
  })
  return { dGate: array(dGate), dUp: array(dUp) }
}

export const activationKernels: Pick<Kernels, 'add' | 'gelu' | 'geluBackward' | 'swiglu' | 'swigluBackward'> =
  {
    add: (a, b) => array(tf.add(tensor(a), tensor(b))),
    gelu,
    geluBackward,
    swiglu,
    swigluBackward,
  }
