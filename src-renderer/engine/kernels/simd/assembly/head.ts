// What follows the logits: log-probs of the targets and the gradient of the logits, row by row, in place.
import { HEAD_ROWS } from '../chunk-sizes'
import { address, integer } from './pool'
import { exp4, firstLanes, fma, loadPart, log1, maxOf, storePart, sumOf } from './vector'

/** Values whose exponentials are summed in float32 before they go into a float64. */
const BLOCK = 512

/** ln Σ exp of a row, without overflow. */
function logSumExp(row: usize, width: i32): f32 {
  let largest = f32x4.splat(-Infinity)
  let i = 0
  for (; i + 4 <= width; i += 4) largest = f32x4.pmax(largest, v128.load(row + ((i as usize) << 2)))
  let top = maxOf(largest)
  for (; i < width; i++) top = max(top, load<f32>(row + ((i as usize) << 2)))
  const shift = f32x4.splat(top)
  let total: f64 = 0
  for (let from = 0; from < width; from += BLOCK) {
    const end = min(width, from + BLOCK)
    let sum = f32x4.splat(0)
    for (i = from; i + 4 <= end; i += 4)
      sum = f32x4.add(sum, exp4(f32x4.sub(v128.load(row + ((i as usize) << 2)), shift)))
    if (i < end) {
      const left = end - i
      const part = exp4(f32x4.sub(loadPart(row + ((i as usize) << 2), left), shift))
      sum = f32x4.add(sum, v128.and(part, firstLanes(left)))
    }
    total += sumOf(sum) as f64
  }
  return ((top as f64) + log1(total as f32)) as f32
}

/** −Σ p·ln p of a row in nats; the terms have one sign, so nothing cancels. */
function entropy(row: usize, width: i32, normalizer: f32): f32 {
  const shift = f32x4.splat(normalizer)
  let total: f64 = 0
  for (let from = 0; from < width; from += BLOCK) {
    const end = min(width, from + BLOCK)
    let sum = f32x4.splat(0)
    let i = from
    for (; i + 4 <= end; i += 4) {
      const log = f32x4.sub(v128.load(row + ((i as usize) << 2)), shift)
      sum = fma(exp4(log), log, sum)
    }
    if (i < end) {
      const left = end - i
      const log = f32x4.sub(loadPart(row + ((i as usize) << 2), left), shift)
      sum = fma(v128.and(exp4(log), firstLanes(left)), log, sum)
    }
    total -= sumOf(sum) as f64
  }
  return max<f64>(total, 0) as f32
}

/** Whether no token is likelier than the target, and none that is as likely has a lower id. */
function isLikeliest(row: usize, width: i32, target: i32): bool {
  const chosen = v128.load32_splat(row + ((target as usize) << 2))
  const from = i32x4.splat(target)
  for (let i = 0; i < width; i += 4) {
    const at = row + ((i as usize) << 2)
    const left = width - i
    const logits = left >= 4 ? v128.load(at) : loadPart(at, left)
    const notLower = i32x4.ge_s(i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3)), from)
    let behind = v128.or(f32x4.lt(logits, chosen), v128.and(f32x4.eq(logits, chosen), notLower))
    if (left < 4) behind = v128.or(behind, v128.not(firstLanes(left)))
    if (!i32x4.all_true(behind)) return false
  }
  return true
}

/**
 * 0 logits (rows, V), 1 V, 2 rows, 3 targets (rows), 4 log-probs (rows), 5 log-sum-exp (rows), 6 entropies (rows) or 0,
 * 7 hits (rows), where there are entropies
 */
export function headLogProbs(chunk: i32): void {
  const width = integer(1)
  const end = min(integer(2), (chunk + 1) * HEAD_ROWS)
  for (let row = chunk * HEAD_ROWS; row < end; row++) {
    const logits = address(0) + (((row as usize) * (width as usize)) << 2)
    const normalizer = logSumExp(logits, width)
    const at = (row as usize) << 2
    store<f32>(address(5) + at, normalizer)
    const target = load<i32>(address(3) + at)
    const counts = target >= 0 && target < width
    store<f32>(address(4) + at, counts ? load<f32>(logits + ((target as usize) << 2)) - normalizer : 0)
    if (address(6) === 0) continue
    store<f32>(address(6) + at, counts ? entropy(logits, width, normalizer) : 0)
    store<f32>(address(7) + at, counts && isLikeliest(logits, width, target) ? 1 : 0)
  }
}

/**
 * dLogits = dLogProb·(one-hot(target) − softmax), over the logits.
 * 0 logits (rows, V), 1 V, 2 rows, 3 targets, 4 log-sum-exp, 5 dLogProbs
 */
export function headDLogits(chunk: i32): void {
  const width = integer(1)
  const end = min(integer(2), (chunk + 1) * HEAD_ROWS)
  for (let row = chunk * HEAD_ROWS; row < end; row++) {
    const logits = address(0) + (((row as usize) * (width as usize)) << 2)
    const at = (row as usize) << 2
    const target = load<i32>(address(3) + at)
    if (target < 0 || target >= width) {
      memory.fill(logits, 0, (width as usize) << 2)
      continue
    }
    const normalizer = f32x4.splat(load<f32>(address(4) + at))
    const d = load<f32>(address(5) + at)
    const scale = f32x4.splat(-d)
    for (let i = 0; i < width; i += 4) {
      const p = logits + ((i as usize) << 2)
      const left = width - i
      if (left >= 4) v128.store(p, f32x4.mul(exp4(f32x4.sub(v128.load(p), normalizer)), scale))
      else storePart(p, f32x4.mul(exp4(f32x4.sub(loadPart(p, left), normalizer)), scale), left)
    }
    const p = logits + ((target as usize) << 2)
    store<f32>(p, load<f32>(p) + d)
  }
}
