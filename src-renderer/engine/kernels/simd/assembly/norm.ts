// LayerNorm (Ba et al. 2016) and RMSNorm (Zhang & Sennrich 2019) over rows of C values. A chunk is `NORM_ROWS` rows; the
// gradients of gain and bias are summed within a chunk and the chunks' sums added in order by `sumPartials`.
import { NORM_ROWS, SUMMED_COLUMNS } from '../chunk-sizes'
import { address, float, integer } from './pool'
import { firstLanes, fma, loadPart, storePart, sumOf } from './vector'

function meanOf(x: usize, width: i32): f32 {
  let sum = f32x4.splat(0)
  let i = 0
  for (; i + 4 <= width; i += 4) sum = f32x4.add(sum, v128.load(x + ((i as usize) << 2)))
  if (i < width) sum = f32x4.add(sum, loadPart(x + ((i as usize) << 2), width - i))
  return sumOf(sum) / (width as f32)
}

/** 1 / √(mean of (x − mean)² + ε) */
function inverseDeviation(x: usize, width: i32, mean: f32, epsilon: f32): f32 {
  const m = f32x4.splat(mean)
  let sum = f32x4.splat(0)
  let i = 0
  for (; i + 4 <= width; i += 4) {
    const d = f32x4.sub(v128.load(x + ((i as usize) << 2)), m)
    sum = fma(d, d, sum)
  }
  if (i < width) {
    const left = width - i
    const d = v128.and(f32x4.sub(loadPart(x + ((i as usize) << 2), left), m), firstLanes(left))
    sum = fma(d, d, sum)
  }
  return <f32>1 / Mathf.sqrt(sumOf(sum) / (width as f32) + epsilon)
}

/** out = (x − mean)·scale·gain [+ bias] */
function writeNormed(
  out: usize,
  x: usize,
  gain: usize,
  bias: usize,
  width: i32,
  mean: f32,
  scale: f32,
): void {
  const m = f32x4.splat(mean)
  const s = f32x4.splat(scale)
  for (let i = 0; i < width; i += 4) {
    const at = (i as usize) << 2
    const left = width - i
    if (left >= 4) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + at), m), s)
      let y = f32x4.mul(normal, v128.load(gain + at))
      if (bias !== 0) y = f32x4.add(y, v128.load(bias + at))
      v128.store(out + at, y)
    } else {
      const normal = f32x4.mul(f32x4.sub(loadPart(x + at, left), m), s)
      let y = f32x4.mul(normal, loadPart(gain + at, left))
      if (bias !== 0) y = f32x4.add(y, loadPart(bias + at, left))
      storePart(out + at, y, left)
    }
  }
}

/**
 * dx = scale·(d − [mean(d)] − normal·mean(d·normal)) [+ residual] with d = dOut·gain; adds dOut·normal to dGain and,
 * where there is a bias, dOut to dBias.
 */
function backwardRow(
  dx: usize,
  dOut: usize,
  x: usize,
  gain: usize,
  residual: usize,
  dGain: usize,
  dBias: usize,
  width: i32,
  mean: f32,
  scale: f32,
): void {
  const m = f32x4.splat(mean)
  const s = f32x4.splat(scale)
  let sum = f32x4.splat(0)
  let along = f32x4.splat(0)
  for (let i = 0; i < width; i += 4) {
    const at = (i as usize) << 2
    const left = width - i
    const whole = left >= 4
    const dy = whole ? v128.load(dOut + at) : loadPart(dOut + at, left)
    const xs = whole ? v128.load(x + at) : loadPart(x + at, left)
    const g = whole ? v128.load(gain + at) : loadPart(gain + at, left)
    const normal = f32x4.mul(f32x4.sub(xs, m), s)
    const d = f32x4.mul(dy, g)
    sum = f32x4.add(sum, d)
    along = fma(d, normal, along)
    if (whole) {
      v128.store(dGain + at, fma(dy, normal, v128.load(dGain + at)))
      if (dBias !== 0) v128.store(dBias + at, f32x4.add(v128.load(dBias + at), dy))
    } else {
      storePart(dGain + at, fma(dy, normal, loadPart(dGain + at, left)), left)
      if (dBias !== 0) storePart(dBias + at, f32x4.add(loadPart(dBias + at, left), dy), left)
    }
  }
  const meanAlong = f32x4.splat(sumOf(along) / (width as f32))
  const meanD = f32x4.splat(dBias !== 0 ? sumOf(sum) / (width as f32) : 0)
  for (let i = 0; i < width; i += 4) {
    const at = (i as usize) << 2
    const left = width - i
    const whole = left >= 4
    const dy = whole ? v128.load(dOut + at) : loadPart(dOut + at, left)
    const xs = whole ? v128.load(x + at) : loadPart(x + at, left)
    const g = whole ? v128.load(gain + at) : loadPart(gain + at, left)
    const normal = f32x4.mul(f32x4.sub(xs, m), s)
    const d = f32x4.sub(f32x4.sub(f32x4.mul(dy, g), meanD), f32x4.mul(normal, meanAlong))
    let result = f32x4.mul(d, s)
    if (residual !== 0)
      result = f32x4.add(result, whole ? v128.load(residual + at) : loadPart(residual + at, left))
    if (whole) v128.store(dx + at, result)
    else storePart(dx + at, result, left)
  }
}

/** 0 out, 1 x, 2 gain, 3 bias, 4 rows, 5 C; float 0 ε */
export function layerNorm(chunk: i32): void {
  const width = integer(5)
  const end = min(integer(4), (chunk + 1) * NORM_ROWS)
  for (let row = chunk * NORM_ROWS; row < end; row++) {
    const at = ((row as usize) * (width as usize)) << 2
    const mean = meanOf(address(1) + at, width)
    const scale = inverseDeviation(address(1) + at, width, mean, float(0))
    writeNormed(address(0) + at, address(1) + at, address(2), address(3), width, mean, scale)
  }
}

/** 0 out, 1 x, 2 gain, 3 rows, 4 C; float 0 ε */
export function rmsNorm(chunk: i32): void {
  const width = integer(4)
  const end = min(integer(3), (chunk + 1) * NORM_ROWS)
  for (let row = chunk * NORM_ROWS; row < end; row++) {
    const at = ((row as usize) * (width as usize)) << 2
    const scale = inverseDeviation(address(1) + at, width, 0, float(0))
    writeNormed(address(0) + at, address(1) + at, address(2), 0, width, 0, scale)
  }
}

/** 0 dx, 1 dOut, 2 x, 3 gain, 4 residual or 0, 5 partial dGain (chunks, C), 6 partial dBias, 7 rows, 8 C; float 0 ε */
export function layerNormBackward(chunk: i32): void {
  const width = integer(8)
  const bytes = (width as usize) << 2
  const dGain = address(5) + (chunk as usize) * bytes
  const dBias = address(6) + (chunk as usize) * bytes
  memory.fill(dGain, 0, bytes)
  memory.fill(dBias, 0, bytes)
  const end = min(integer(7), (chunk + 1) * NORM_ROWS)
  for (let row = chunk * NORM_ROWS; row < end; row++) {
    const at = (row as usize) * bytes
    const x = address(2) + at
    const mean = meanOf(x, width)
    const scale = inverseDeviation(x, width, mean, float(0))
    const residual: usize = address(4) === 0 ? 0 : address(4) + at
    backwardRow(
      address(0) + at,
      address(1) + at,
      x,
      address(3),
      residual,
      dGain,
      dBias,
      width,
      mean,
      scale,
    )
  }
}

/** 0 dx, 1 dOut, 2 x, 3 gain, 4 residual or 0, 5 partial dGain (chunks, C), 6 rows, 7 C; float 0 ε */
export function rmsNormBackward(chunk: i32): void {
  const width = integer(7)
  const bytes = (width as usize) << 2
  const dGain = address(5) + (chunk as usize) * bytes
  memory.fill(dGain, 0, bytes)
  const end = min(integer(6), (chunk + 1) * NORM_ROWS)
  for (let row = chunk * NORM_ROWS; row < end; row++) {
    const at = (row as usize) * bytes
    const x = address(2) + at
    const scale = inverseDeviation(x, width, 0, float(0))
    const residual: usize = address(4) === 0 ? 0 : address(4) + at
    backwardRow(address(0) + at, address(1) + at, x, address(3), residual, dGain, 0, width, 0, scale)
  }
}

/** to (C) = [to +] Σ of partials (n, C), in order. 0 to, 1 partials, 2 n, 3 C, 4 whether it is added */
export function sumPartials(chunk: i32): void {
  const width = integer(3)
  const end = min(width, (chunk + 1) * SUMMED_COLUMNS)
  for (let i = chunk * SUMMED_COLUMNS; i < end; i++) {
    const at = (i as usize) << 2
    let sum: f32 = integer(4) !== 0 ? load<f32>(address(0) + at) : 0
    for (let n = 0; n < integer(2); n++)
      sum += load<f32>(address(1) + (((n * width) as usize) << 2) + at)
    store<f32>(address(0) + at, sum)
  }
}
