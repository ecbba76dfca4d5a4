// AdamW in place and sums of squares, over lists of pieces: a table says where each piece of value, gradient and moments
// is. A chunk is one row of the table.
import { address, float, integer } from './pool'
import { fma, loadPart, storePart } from './vector'

/** Sums in float64. 0 table (pieces, 2): address, values; 1 sums (pieces) float64 */
export function squares(chunk: i32): void {
  const row = address(0) + ((chunk as usize) << 3)
  const x = load<u32>(row) as usize
  const count = load<i32>(row, 4)
  let even = f64x2.splat(0)
  let odd = f64x2.splat(0)
  for (let i = 0; i < count; i += 4) {
    const at = (i as usize) << 2
    const left = count - i
    const v = left >= 4 ? v128.load(x + at) : loadPart(x + at, left)
    const low = f64x2.promote_low_f32x4(v)
    const high = f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 0))
    even = f64x2.add(even, f64x2.mul(low, low))
    odd = f64x2.add(odd, f64x2.mul(high, high))
  }
  const sum = f64x2.add(even, odd)
  store<f64>(
    address(1) + ((chunk as usize) << 3),
    f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1),
  )
}

const LEAST_M: f32 = 1e-30
const LEAST_V: f32 = 1e-37

/**
 * 0 where |x| is below `least`. The moments of a parameter that gets no gradient (the row of a rare token) shrink by a
 * factor a step until they are denormal, and there they stay for good, each step at fifty times its time.
 */
@inline
function withoutDenormals(x: v128, least: f32): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(least)))
}

/**
 * Loshchilov & Hutter 2019, Algorithm 2, in PyTorch's order: decay first, ε outside the bias-corrected root.
 * 0 table (pieces, 5): value, gradient, m, v, values; floats: 0 scale of the gradient, 1 β₁, 2 1 − β₁, 3 β₂, 4 1 − β₂,
 * 5 rate/(1 − β₁ᵗ)·√(1 − β₂ᵗ), 6 ε·√(1 − β₂ᵗ), 7 1 − rate·decay
 */
export function adamW(chunk: i32): void {
  const row = address(0) + (chunk as usize) * 20
  const value = load<u32>(row) as usize
  const gradient = load<u32>(row, 4) as usize
  const first = load<u32>(row, 8) as usize
  const second = load<u32>(row, 12) as usize
  const count = load<i32>(row, 16)
  const scale = f32x4.splat(float(0))
  const beta1 = f32x4.splat(float(1))
  const rest1 = f32x4.splat(float(2))
  const beta2 = f32x4.splat(float(3))
  const rest2 = f32x4.splat(float(4))
  const rate = f32x4.splat(float(5))
  const epsilon = f32x4.splat(float(6))
  const keep = f32x4.splat(float(7))
  for (let i = 0; i < count; i += 4) {
    const at = (i as usize) << 2
    const left = count - i
    const whole = left >= 4
    const g = f32x4.mul(whole ? v128.load(gradient + at) : loadPart(gradient + at, left), scale)
    const m0 = whole ? v128.load(first + at) : loadPart(first + at, left)
    const v0 = whole ? v128.load(second + at) : loadPart(second + at, left)
    const x0 = whole ? v128.load(value + at) : loadPart(value + at, left)
    const m = withoutDenormals(fma(m0, beta1, f32x4.mul(g, rest1)), LEAST_M)
    const v = withoutDenormals(fma(v0, beta2, f32x4.mul(f32x4.mul(g, g), rest2)), LEAST_V)
    const update = f32x4.mul(f32x4.div(m, f32x4.add(f32x4.sqrt(v), epsilon)), rate)
    const x = f32x4.sub(f32x4.mul(x0, keep), update)
    if (whole) {
      v128.store(first + at, m)
      v128.store(second + at, v)
      v128.store(value + at, x)
    } else {
      storePart(first + at, m, left)
      storePart(second + at, v, left)
      storePart(value + at, x, left)
    }
  }
}
