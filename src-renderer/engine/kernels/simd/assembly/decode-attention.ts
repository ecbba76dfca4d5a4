// Cached decoding: one new token per sequence attends over its cache, key by key.
import { softmaxRow, upTo8 } from './attention'
import { address, float, integer, threadNumber } from './pool'
import { dot, fma, loadPart, storePart } from './vector'

/**
 * One new token per sequence, over its cache. A chunk is one key/value head of one sequence.
 * 0 q (A, nHead·D), 1 strideQ, 2 k, 3 v, 4 strideKv, 5 contextLength, 6 slots (A), 7 nHead, 8 nKvHead, 9 D, 10 positions
 * (A), 11 out (A, nHead·D), 12 cache of keys (B, contextLength, nKvHead·D), 13 of values, 15 scratch, 16 bytes of it per
 * thread; float 0: 1/√D
 */
export function decodeAttention(chunk: i32): void {
  const D = integer(9)
  const kvHeads = integer(8)
  const kvHead = chunk % kvHeads
  const a = chunk / kvHeads
  const slot = load<i32>(address(6) + ((a as usize) << 2))
  const position = load<i32>(address(10) + ((a as usize) << 2))
  const stride = ((kvHeads * D) as usize) << 2
  const bytes = (D as usize) << 2
  const at = ((slot * integer(5)) as usize) * stride + (kvHead as usize) * bytes
  const keys = address(12) + at
  const values = address(13) + at
  const here = (position as usize) * stride
  const from = (a as usize) * address(4) + (kvHead as usize) * bytes
  memory.copy(keys + here, address(2) + from, bytes)
  memory.copy(values + here, address(3) + from, bytes)
  const seen = position + 1
  const weights = address(15) + threadNumber() * address(16)
  const shared = integer(7) / kvHeads
  for (let g = 0; g < shared; g++) {
    const head = ((kvHead * shared + g) as usize) * bytes
    const q = address(0) + (a as usize) * address(1) + head
    for (let t = 0; t < seen; t++)
      store<f32>(weights + ((t as usize) << 2), dot(q, keys + (t as usize) * stride, D))
    softmaxRow(weights, seen, upTo8(seen), float(0))
    weightedSum(
      address(11) + ((a * integer(7) * D) as usize) * 4 + head,
      weights,
      values,
      stride,
      seen,
      D,
    )
  }
}

/** out (D) = Σ weightₜ·valueₜ, in order of t */
function weightedSum(out: usize, weights: usize, values: usize, stride: usize, seen: i32, D: i32): void {
  let d = 0
  for (; d + 8 <= D; d += 8) {
    let left = f32x4.splat(0)
    let right = f32x4.splat(0)
    let value = values + ((d as usize) << 2)
    for (let t = 0; t < seen; t++) {
      const weight = v128.load32_splat(weights + ((t as usize) << 2))
      left = fma(weight, v128.load(value), left)
      right = fma(weight, v128.load(value, 16), right)
      value += stride
    }
    v128.store(out + ((d as usize) << 2), left)
    v128.store(out + ((d as usize) << 2), right, 16)
  }
  for (; d < D; d += 4) {
    const count = D - d
    let sum = f32x4.splat(0)
    let value = values + ((d as usize) << 2)
    for (let t = 0; t < seen; t++) {
      const weight = v128.load32_splat(weights + ((t as usize) << 2))
      sum = fma(weight, count >= 4 ? v128.load(value) : loadPart(value, count), sum)
      value += stride
    }
    if (count >= 4) v128.store(out + ((d as usize) << 2), sum)
    else storePart(out + ((d as usize) << 2), sum, count)
  }
}
