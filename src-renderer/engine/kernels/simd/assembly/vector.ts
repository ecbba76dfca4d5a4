// Four floats at a time: fused multiply-add, partial vectors at the end of a row, sums, exp and what is made of it.
import { CONSTANTS } from '../memory-map'

// A vector constant in code is three instructions each time that it is used, and V8 hoists none out of a loop; in memory
// it is one load. With literals GELU took 1.6 times as long.
const ONE = 0
const MOST = 1
const LEAST = 2
const LOG2_E = 3
const ROUNDER = 4
const MINUS_LN2_HIGH = 5
const LN2_LOW = 6
const P5 = 7
const P4 = 8
const P3 = 9
const P2 = 10
const P1 = 11
const P0 = 12
const EXPONENT_OF_1 = 13
const ROOT_TIMES_CUBIC = 14
const TWICE_ROOT = 15
const THRICE_ROOT_CUBIC = 16

@inline
function constant(i: i32): v128 {
  return v128.load((CONSTANTS as usize) + ((i as usize) << 4))
}

function define(i: i32, value: f32): void {
  v128.store((CONSTANTS as usize) + ((i as usize) << 4), f32x4.splat(value))
}

/** Once, before anything else. */
export function defineConstants(): void {
  define(ONE, 1)
  define(MOST, 88.3)
  define(LEAST, -64)
  define(LOG2_E, 1.44269504)
  // 1.5·2²³: adding it rounds a float to an integer that then stands in the low bits.
  define(ROUNDER, 12582912)
  define(MINUS_LN2_HIGH, -0.693359375)
  define(LN2_LOW, 2.1219444e-4)
  define(P5, 1.98756915e-4)
  define(P4, 1.3981999507e-3)
  define(P3, 8.3334519073e-3)
  define(P2, 4.1665795894e-2)
  define(P1, 1.6666665459e-1)
  define(P0, 5.0000001201e-1)
  define(EXPONENT_OF_1, reinterpret<f32>(127 << 23))
  // 2√(2/π): since ½(1 + tanh u) = σ(2u), GPT-2's GELU is x·σ(2√(2/π)·(x + 0.044715x³)), and no tanh is needed.
  const root: f64 = 1.5957691216057308
  define(TWICE_ROOT, root as f32)
  define(ROOT_TIMES_CUBIC, (root * 0.044715) as f32)
  define(THRICE_ROOT_CUBIC, (3 * root * 0.044715) as f32)
}

/** x·y + z: one rounding where the build has relaxed SIMD and the CPU an FMA unit, two otherwise. */
@inline
export function fma(x: v128, y: v128, z: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, z)
  return f32x4.add(f32x4.mul(x, y), z)
}

/** The first `count` (1 … 3) floats at p, the rest 0. */
export function loadPart(p: usize, count: i32): v128 {
  if (count === 1) return v128.load32_zero(p)
  const two = v128.load64_zero(p)
  return count === 2 ? two : v128.load_lane<f32>(p, two, 2, 8)
}

/** Writes the first `count` (1 … 3) floats of x. */
export function storePart(p: usize, x: v128, count: i32): void {
  if (count === 1) {
    v128.store_lane<f32>(p, x, 0)
    return
  }
  v128.store_lane<f64>(p, x, 0)
  if (count === 3) v128.store_lane<f32>(p, x, 2, 8)
}

/** All bits set in the first `count` (1 … 3) lanes. */
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count))
}

/** ((x₀ + x₂) + (x₁ + x₃)) */
export function sumOf(x: v128): f32 {
  const halves = f32x4.add(x, i64x2.shuffle(x, x, 1, 0))
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1)
}

export function maxOf(x: v128): f32 {
  const halves = f32x4.pmax(x, i64x2.shuffle(x, x, 1, 0))
  return max(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1))
}

/** Σ aᵢ·bᵢ over n floats, in four lanes twice. */
export function dot(a: usize, b: usize, n: i32): f32 {
  let even = f32x4.splat(0)
  let odd = f32x4.splat(0)
  let i = 0
  for (; i + 8 <= n; i += 8) {
    even = fma(v128.load(a), v128.load(b), even)
    odd = fma(v128.load(a, 16), v128.load(b, 16), odd)
    a += 32
    b += 32
  }
  if (i + 4 <= n) {
    even = fma(v128.load(a), v128.load(b), even)
    a += 16
    b += 16
    i += 4
  }
  if (i < n) odd = fma(loadPart(a, n - i), loadPart(b, n - i), odd)
  return sumOf(f32x4.add(even, odd))
}

/**
 * eˣ with a relative error below 10⁻⁷ (8.1·10⁻⁸ measured) for −64 ≤ x ≤ 88.3; above as at 88.3, NaN for NaN, and 0 below:
 * what is left of a weight of 10⁻²⁸ is denormal after the next product, and a denormal costs a multiply-add a hundred
 * times its time. x = n·ln 2 + r, |r| ≤ ½·ln 2; eʳ by the polynomial of Cephes' expf (Moshier), 2ⁿ by its exponent bits.
 */
@inline
export function exp4(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, constant(MOST)), constant(LEAST))
  const rounded = fma(clamped, constant(LOG2_E), constant(ROUNDER))
  const n = f32x4.sub(rounded, constant(ROUNDER))
  const r = fma(n, constant(LN2_LOW), fma(n, constant(MINUS_LN2_HIGH), clamped))
  let p = fma(constant(P5), r, constant(P4))
  p = fma(p, r, constant(P3))
  p = fma(p, r, constant(P2))
  p = fma(p, r, constant(P1))
  p = fma(p, r, constant(P0))
  p = f32x4.add(fma(f32x4.mul(r, r), p, r), constant(ONE))
  const result = f32x4.mul(p, i32x4.add(i32x4.shl(rounded, 23), constant(EXPONENT_OF_1)))
  return v128.andnot(result, f32x4.lt(x, constant(LEAST)))
}

/** σ(x) = 1 / (1 + e⁻ˣ), relative error below 1.5·10⁻⁷ (1.35·10⁻⁷ measured) for x ≥ −64, 0 below. */
@inline
export function sigmoid4(x: v128): v128 {
  const one = constant(ONE)
  const result = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))))
  return v128.andnot(result, f32x4.lt(x, constant(LEAST)))
}

/** ln x of a normal positive float in float64, to 10⁻¹³ (3·10⁻¹⁴ measured): x = 2ᵉ·m, ln m = 2·artanh((m − 1)/(m + 1)). */
export function log1(x: f32): f64 {
  const bits = reinterpret<i32>(x)
  let exponent = (bits >> 23) - 127
  let m = reinterpret<f32>((bits & 0x7fffff) | 0x3f800000) as f64
  if (x !== x) return NaN
  if (m > 1.41421356) {
    m *= 0.5
    exponent += 1
  }
  const s = (m - 1) / (m + 1)
  const s2 = s * s
  let p = 2.0 / 15
  p = p * s2 + 2.0 / 13
  p = p * s2 + 2.0 / 11
  p = p * s2 + 2.0 / 9
  p = p * s2 + 2.0 / 7
  p = p * s2 + 2.0 / 5
  p = p * s2 + 2.0 / 3
  p = p * s2 + 2.0
  return (exponent as f64) * 0.6931471805599453 + s * p
}

@inline
export function gelu4(x: v128): v128 {
  const inner = fma(f32x4.mul(x, x), constant(ROOT_TIMES_CUBIC), constant(TWICE_ROOT))
  return f32x4.mul(x, sigmoid4(f32x4.mul(inner, x)))
}

/** gelu′(x) = σ + x·u′·σ(1 − σ), u′ = 2√(2/π)·(1 + 3·0.044715x²) */
@inline
export function geluSlope4(x: v128): v128 {
  const square = f32x4.mul(x, x)
  const inner = fma(square, constant(ROOT_TIMES_CUBIC), constant(TWICE_ROOT))
  const sigma = sigmoid4(f32x4.mul(inner, x))
  const slope = fma(square, constant(THRICE_ROOT_CUBIC), constant(TWICE_ROOT))
  const bend = f32x4.mul(f32x4.mul(x, slope), f32x4.sub(constant(ONE), sigma))
  return fma(sigma, bend, sigma)
}
