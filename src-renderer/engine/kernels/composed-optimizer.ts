// AdamW and the gradient's norm in TF.js ops, over one flat vector per parameter group.
// Nothing is updated in place: XNNPACK keeps packed weights per tensor and would never see the change.
import * as tf from '@tensorflow/tfjs-core'
import { array, literal, part, tensor } from './composed-arrays.ts'
import { rowSums } from './composed-linear.ts'
import type { AdamWStep, DeviceArray, Kernels } from './kernels.ts'

/** Values summed one after the other before the partial sums are: keeps float32 exact enough over millions. */
const ROW = 512

function sumOfSquares(x: tf.Tensor): tf.Tensor {
  const rows = Math.floor(x.size / ROW)
  const rest = x.size - rows * ROW
  const sums: tf.Tensor[] = []
  if (rows > 0) sums.push(tf.sum(rowSums(tf.square(part(x, 0, [rows, ROW])))))
  if (rest > 0) sums.push(tf.sum(tf.square(part(x, rows * ROW, [rest]))))
  return sums.reduce((a, b) => tf.add(a, b))
}

async function globalNorm(arrays: readonly DeviceArray[]): Promise<number> {
  const sum = tf.tidy(() => arrays.map(a => sumOfSquares(tensor(a))).reduce((a, b) => tf.add(a, b)))
  const [value] = await sum.data()
  sum.dispose()
  return Math.sqrt(value!)
}

/**
 * Loshchilov & Hutter 2019, Algorithm 2, in PyTorch's order: decay first, ε outside the bias-corrected root.
 * With c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ: α·(m/c₁)/(√(v/c₂) + ε) = (α√c₂/c₁)·m/(√v + ε√c₂), which saves two passes.
 */
function adamW(
  group: { value: DeviceArray; gradient: DeviceArray; m: DeviceArray; v: DeviceArray },
  { learningRate, beta1, beta2, epsilon, weightDecay, step, gradientScale }: AdamWStep,
) {
  const old = { value: tensor(group.value), m: tensor(group.m), v: tensor(group.v) }
  const gradient = tensor(group.gradient)
  const rootC2 = Math.sqrt(1 - beta2 ** step)
  const rate = (learningRate * rootC2) / (1 - beta1 ** step)
  const { value, m, v } = tf.tidy(() => {
    const scaled = tf.mul(gradient, tf.scalar(gradientScale))
    const m = tf.add(tf.mul(old.m, literal(beta1)), tf.mul(scaled, literal(1 - beta1)))
    const v = tf.add(tf.mul(old.v, literal(beta2)), tf.mul(tf.square(scaled), literal(1 - beta2)))
    const update = tf.mul(tf.div(m, tf.add(tf.sqrt(v), tf.scalar(epsilon * rootC2))), tf.scalar(rate))
    const decayed =
      weightDecay === 0 ? old.value : tf.mul(old.value, tf.scalar(1 - learningRate * weightDecay))
    return { value: tf.sub(decayed, update), m, v }
  })
  tf.dispose([old.value, old.m, old.v])
  return { value: array(value), m: array(m), v: array(v) }
}

export const optimizerKernels: Pick<Kernels, 'globalNorm' | 'adamW'> = { globalNorm, adamW }
