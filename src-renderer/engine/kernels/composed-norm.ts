// Normalisation over the last axis in TF.js ops. The backward passes recompute what they need from x, so that a norm
// keeps nothing of its own in memory.
import * as tf from '@tensorflow/tfjs-core'
import { accumulated, array, literal, matrix } from './composed-arrays.ts'
import { columnSums, rowMeans } from './composed-linear.ts'
import type { DeviceArray, Kernels } from './kernels.ts'

/** (x − mean) / √(variance + ε) and 1 / √(variance + ε) */
function standardize(x: tf.Tensor, epsilon: number) {
  const centred = tf.sub(x, rowMeans(x))
  const variance = rowMeans(tf.square(centred))
  const scale = tf.rsqrt(tf.add(variance, literal(epsilon)))
  return { normal: tf.mul(centred, scale), scale }
}

const plus = (dx: tf.Tensor, residual: DeviceArray | undefined): tf.Tensor =>
  residual ? tf.add(dx, matrix(residual)) : dx

/** Ba, Kiros & Hinton 2016, equations 3–4. */
function layerNorm(x: DeviceArray, gain: DeviceArray, bias: DeviceArray, epsilon: number): DeviceArray {
  return array(
    tf.tidy(() => tf.add(tf.mul(standardize(matrix(x), epsilon).normal, matrix(gain)), matrix(bias))),
  )
}

function layerNormBackward(
  dOut: DeviceArray,
  x: DeviceArray,
  gain: DeviceArray,
  epsilon: number,
  options: { residual?: DeviceArray; dGain?: DeviceArray; dBias?: DeviceArray } = {},
) {
  const { dx, dGain } = tf.tidy(() => {
    const { normal, scale } = standardize(matrix(x), epsilon)
    const d = tf.mul(matrix(dOut), matrix(gain))
    // dx = scale · (d − mean(d) − normal · mean(d · normal))
    const along = tf.mul(normal, rowMeans(tf.mul(d, normal)))
    const dx = tf.mul(tf.sub(tf.sub(d, rowMeans(d)), along), scale)
    return { dx: plus(dx, options.residual), dGain: columnSums(tf.mul(matrix(dOut), normal)) }
  })
  return {
    dx: array(dx),
    dGain: accumulated(dGain, options.dGain),
    dBias: accumulated(columnSums(matrix(dOut)), options.dBias),
  }
}

function rootMeanSquare(x: tf.Tensor, epsilon: number) {
  const scale = tf.rsqrt(tf.add(rowMeans(tf.square(x)), literal(epsilon)))
  return { normal: tf.mul(x, scale), scale }
}

/** Zhang & Sennrich 2019, equation 4, with ε as Llama. */
function rmsNorm(x: DeviceArray, gain: DeviceArray, epsilon: number): DeviceArray {
  return array(tf.tidy(() => tf.mul(rootMeanSquare(matrix(x), epsilon).normal, matrix(gain))))
}

function rmsNormBackward(
  dOut: DeviceArray,
  x: DeviceArray,
  gain: DeviceArray,
  epsilon: number,
  options: { residual?: DeviceArray; dGain?: DeviceArray } = {},
) {
  const { dx, dGain } = tf.tidy(() => {
    const { normal, scale } = rootMeanSquare(matrix(x), epsilon)
    const d = tf.mul(matrix(dOut), matrix(gain))
    const along = tf.mul(normal, rowMeans(tf.mul(d, normal)))
    const dx = tf.mul(tf.sub(d, along), scale)
    return { dx: plus(dx, options.residual), dGain: columnSums(tf.mul(matrix(dOut), normal)) }
  })
  return { dx: array(dx), dGain: accumulated(dGain, options.dGain) }
}

export const normKernels: Pick<Kernels, 'layerNorm' | 'layerNormBackward' | 'rmsNorm' | 'rmsNormBackward'> = {
  layerNorm,
  layerNormBackward,
  rmsNorm,
  rmsNormBackward,
}
