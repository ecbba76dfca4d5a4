// LayerNorm, RMSNorm and the element-wise kernels.
import type { DeviceArray, Kernels } from '../kernels.ts'
import { NORM_ROWS, SUMMED_COLUMNS, VALUES } from './chunk-sizes.ts'
import {
  ADD,
  GELU,
  GELU_BACKWARD,
  LAYER_NORM,
  LAYER_NORM_BACKWARD,
  RMS_NORM,
  RMS_NORM_BACKWARD,
  SUM_PARTIALS,
  SWIGLU,
  SWIGLU_BACKWARD,
} from './kernel-table.ts'
import { type SimdArray, simd } from './simd-arrays.ts'
import { chunksOf, type SimdContext } from './simd-context.ts'

export function normKernels(
  context: SimdContext,
): Pick<Kernels, 'layerNorm' | 'layerNormBackward' | 'rmsNorm' | 'rmsNormBackward'> {
  const { arrays, run } = context

  function layerNorm(x: DeviceArray, gain: DeviceArray, bias: DeviceArray, epsilon: number) {
    const xs = context.whole(x)
    const out = arrays.make(xs.shape)
    const args = [out.address, xs.address, simd(gain).address, simd(bias).address, xs.rows, xs.width]
    run(LAYER_NORM, chunksOf(xs.rows, NORM_ROWS), args, [epsilon])
    return out
  }

  function rmsNorm(x: DeviceArray, gain: DeviceArray, epsilon: number) {
    const xs = context.whole(x)
    const out = arrays.make(xs.shape)
    const args = [out.address, xs.address, simd(gain).address, xs.rows, xs.width]
    run(RMS_NORM, chunksOf(xs.rows, NORM_ROWS), args, [epsilon])
    return out
  }

  /** The sum of the chunks' sums, added to what there is. */
  function sumPartials(partials: number, chunks: number, width: number, before?: DeviceArray): SimdArray {
    const to = before ? simd(before) : arrays.make([width])
    const args = [to.address, partials, chunks, width, before ? 1 : 0]
    run(SUM_PARTIALS, chunksOf(width, SUMMED_COLUMNS), args)
    return to
  }

  const layerNormBackward: Kernels['layerNormBackward'] = (dOut, x, gain, epsilon, options = {}) => {
    const [d, xs] = [context.whole(dOut), context.whole(x)]
    const dx = arrays.make(xs.shape)
    const chunks = chunksOf(xs.rows, NORM_ROWS)
    const bytes = 4 * chunks * xs.width
    const residual = options.residual ? context.whole(options.residual).address : 0
    return context.borrow(2 * bytes, partials => {
      const args = [dx.address, d.address, xs.address, simd(gain).address, residual]
      run(LAYER_NORM_BACKWARD, chunks, [...args, partials, partials + bytes, xs.rows, xs.width], [epsilon])
      const dGain = sumPartials(partials, chunks, xs.width, options.dGain)
      const dBias = sumPartials(partials + bytes, chunks, xs.width, options.dBias)
      return { dx, dGain, dBias }
    })
  }

  const rmsNormBackward: Kernels['rmsNormBackward'] = (dOut, x, gain, epsilon, options = {}) => {
    const [d, xs] = [context.whole(dOut), context.whole(x)]
    const dx = arrays.make(xs.shape)
    const chunks = chunksOf(xs.rows, NORM_ROWS)
    const residual = options.residual ? context.whole(options.residual).address : 0
    return context.borrow(4 * chunks * xs.width, partials => {
      const args = [dx.address, d.address, xs.address, simd(gain).address, residual]
      run(RMS_NORM_BACKWARD, chunks, [...args, partials, xs.rows, xs.width], [epsilon])
      return { dx, dGain: sumPartials(partials, chunks, xs.width, options.dGain) }
    })
  }

  return { layerNorm, layerNormBackward, rmsNorm, rmsNormBackward }
}

export function elementwiseKernels(
  context: SimdContext,
): Pick<Kernels, 'add' | 'gelu' | 'geluBackward' | 'swiglu' | 'swigluBackward'> {
  /** A kernel over as many values as the first input has, with `outputs` results of its shape. */
  function overValues(kernel: number, outputs: number, ...inputs: DeviceArray[]): SimdArray[] {
    const wholes = inputs.map(x => context.whole(x))
    const { shape, size } = wholes[0]!
    const made = Array.from({ length: outputs }, () => context.arrays.make(shape))
    const addresses = [...made, ...wholes].map(x => x.address)
    context.run(kernel, chunksOf(size, VALUES), [...addresses, size])
    return made
  }
  return {
    add: (a, b) => overValues(ADD, 1, a, b)[0]!,
    gelu: x => overValues(GELU, 1, x)[0]!,
    geluBackward: (dOut, x) => overValues(GELU_BACKWARD, 1, dOut, x)[0]!,
    swiglu: (gate, up) => overValues(SWIGLU, 1, gate, up)[0]!,
    swigluBackward: (dOut, gate, up) => {
      const [dGate, dUp] = overValues(SWIGLU_BACKWARD, 2, dOut, gate, up)
      return { dGate: dGate!, dUp: dUp! }
    },
  }
}
