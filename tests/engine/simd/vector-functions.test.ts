// exp, σ and ln of the CPU kernels against float64 over their whole range: the errors that assembly/vector.ts states.
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createMemory,
  instantiateSimd,
  type SimdExports,
} from '../../../src-renderer/engine/kernels/simd/simd-module.ts'
import { nodePlatform } from '../engine-platform.ts'

/** Every how many of the floats one is tried: two to four million in all. */
const STRIDE = 1009

const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)
const bitsOf = (x: number): number => {
  float[0] = x
  return bits[0]!
}

/** Floats of magnitude `least` … `most` and one sign, by their bits: as many near 0 as far from it. */
function* floats(least: number, most: number, sign: 1 | -1): Generator<number> {
  for (let word = bitsOf(least); word <= bitsOf(most); word += STRIDE) {
    bits[0] = word
    yield sign * float[0]!
  }
}
const bothSigns = function* (least: number, below: number, above: number) {
  yield* floats(least, -below, -1)
  yield* floats(least, above, 1)
}

function largestError(xs: Iterable<number>, error: (x: number) => number): number {
  let largest = 0
  for (const x of xs) {
    const e = error(x)
    if (!(e <= largest)) largest = e
  }
  return largest
}

describe.each(['relaxed', 'plain'] as const)('%s build', build => {
  let simd: SimdExports
  beforeAll(async () => {
    const module = await WebAssembly.compile(await nodePlatform.simdModule(build))
    simd = await instantiateSimd(module, createMemory(false))
    simd.defineConstants()
  })
  const relative = (got: number, exact: number) => Math.abs(got - exact) / exact

  it('exp is right to 1e-7 of its value from -64 to 88.3', () => {
    const error = largestError(bothSigns(1e-30, -64, 88.3), x => relative(simd.exp(x), Math.exp(x)))
    expect(error).toBeLessThan(1e-7)
  })

  it('below it exp is 0, so that no weight of a softmax is denormal; above it stays, so that none is infinite', () => {
    for (const x of [-64.01, -87.4, -1000, -3.4e38, Number.NEGATIVE_INFINITY]) expect(simd.exp(x)).toBe(0)
    for (const x of [88.4, 1000, 3.4e38, Number.POSITIVE_INFINITY])
      expect(simd.exp(x)).toBe(simd.exp(Math.fround(88.3)))
    expect([0, -0, 1e-40].map(x => simd.exp(x))).toEqual([1, 1, 1])
  })

  it('σ is right to 1.5e-7 of its value from -64 on, and 0 below', () => {
    const error = largestError(bothSigns(1e-30, -64, 3.4e38), x =>
      relative(simd.sigmoid(x), 1 / (1 + Math.exp(-x))),
    )
    expect(error).toBeLessThan(1.5e-7)
    for (const x of [-64.01, -1000, Number.NEGATIVE_INFINITY]) expect(simd.sigmoid(x)).toBe(0)
    expect(simd.sigmoid(Number.POSITIVE_INFINITY)).toBe(1)
  })

  it('ln of any normal positive float is right to 1e-13', () => {
    const error = largestError(floats(1.2e-38, 3.4e38, 1), x => Math.abs(simd.log(x) - Math.log(x)))
    expect(error).toBeLessThan(1e-13)
    expect(simd.log(1)).toBe(0)
  })

  it('what is no number stays none', () => {
    expect([simd.exp, simd.sigmoid, simd.log].map(f => f(Number.NaN))).toEqual([NaN, NaN, NaN])
  })
})
