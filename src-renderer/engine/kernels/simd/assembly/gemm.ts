// Matrix products. Both operands are first copied into panels, A in 6 rows and B in 8 columns side by side along the
// summed axis, so that the innermost loop reads both without a stride; then C is computed in tiles of 6 × 8, twelve
// vectors that stay in registers (Goto & van de Geijn 2008). Any orientation is only another way of packing.
import { PANEL_COLUMNS as COLUMNS, PANEL_ROWS as ROWS } from '../chunk-sizes'
import { edgeTile } from './pool'
import { fma } from './vector'

/** Steps of the summed axis after which the next panels are taken: two panels of it fit the first-level cache. */
const DEPTH = 384

// Two rounds of these transpose 4 × 4.
function interleaveLow(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5)
}
function interleaveHigh(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7)
}
function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2)
}
function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3)
}

/**
 * Panels of A: `rows` rows, element (m, k) at a + m·strideM + k·strideK, one of the strides 4 → (depth, 6) for every six,
 * missing rows 0.
 */
export function packRows(a: usize, strideM: usize, strideK: usize, rows: i32, depth: i32, to: usize): void {
  const panel = (depth as usize) * 24
  const whole = rows / ROWS
  if (strideM === 4) packAcrossRows(a, strideK, whole, depth, to)
  else
    for (let i = 0; i < whole; i++)
      packSixRows(a + ((i * ROWS) as usize) * strideM, strideM, depth, to + (i as usize) * panel)
  const left = rows - whole * ROWS
  if (left === 0) return
  a += ((rows - left) as usize) * strideM
  to += (whole as usize) * panel
  for (let k = 0; k < depth; k++)
    for (let m = 0; m < ROWS; m++) {
      const value = m < left ? load<f32>(a + (m as usize) * strideM + (k as usize) * strideK) : <f32>0
      store<f32>(to + (((k * ROWS + m) as usize) << 2), value)
    }
}

/** Where neighbouring rows are neighbours in memory: step by step over all panels, each cache line is read once. */
function packAcrossRows(a: usize, strideK: usize, panels: i32, depth: i32, to: usize): void {
  const panel = (depth as usize) * 24
  for (let k = 0; k < depth; k++) {
    let from = a
    let into = to
    for (let i = 0; i < panels; i++) {
      v128.store(into, v128.load(from))
      store<u64>(into, load<u64>(from, 16), 16)
      from += 24
      into += panel
    }
    a += strideK
    to += 24
  }
}

/** Six rows of `depth` floats → (depth, 6), four steps at a time. */
function packSixRows(a: usize, strideM: usize, depth: i32, to: usize): void {
  const a1 = a + strideM
  const a2 = a1 + strideM
  const a3 = a2 + strideM
  const a4 = a3 + strideM
  const a5 = a4 + strideM
  let k = 0
  for (; k + 4 <= depth; k += 4) {
    const at = (k as usize) << 2
    const r0 = v128.load(a + at)
    const r1 = v128.load(a1 + at)
    const r2 = v128.load(a2 + at)
    const r3 = v128.load(a3 + at)
    const r4 = v128.load(a4 + at)
    const r5 = v128.load(a5 + at)
    const low01 = interleaveLow(r0, r1)
    const low23 = interleaveLow(r2, r3)
    const high01 = interleaveHigh(r0, r1)
    const high23 = interleaveHigh(r2, r3)
    const low45 = interleaveLow(r4, r5)
    const high45 = interleaveHigh(r4, r5)
    v128.store(to, lowHalves(low01, low23))
    v128.store_lane<f64>(to, low45, 0, 16)
    v128.store(to, highHalves(low01, low23), 24)
    v128.store_lane<f64>(to, low45, 1, 40)
    v128.store(to, lowHalves(high01, high23), 48)
    v128.store_lane<f64>(to, high45, 0, 64)
    v128.store(to, highHalves(high01, high23), 72)
    v128.store_lane<f64>(to, high45, 1, 88)
    to += 96
  }
  for (; k < depth; k++) {
    const at = (k as usize) << 2
    store<f32>(to, load<f32>(a + at))
    store<f32>(to, load<f32>(a1 + at), 4)
    store<f32>(to, load<f32>(a2 + at), 8)
    store<f32>(to, load<f32>(a3 + at), 12)
    store<f32>(to, load<f32>(a4 + at), 16)
    store<f32>(to, load<f32>(a5 + at), 20)
    to += 24
  }
}

/**
 * Panels of B: `columns` columns, element (k, n) at b + k·strideK + n·strideN, one of the strides 4 → (depth, 8) for every
 * eight, missing columns 0.
 */
export function packColumns(
  b: usize,
  strideK: usize,
  strideN: usize,
  columns: i32,
  depth: i32,
  to: usize,
): void {
  const panel = (depth as usize) << 5
  const whole = columns / COLUMNS
  if (strideN === 4) packAlongRows(b, strideK, whole, depth, to)
  else
    for (let i = 0; i < whole; i++) {
      const from = b + ((i * COLUMNS) as usize) * strideN
      packTransposed(from, strideN, depth, to + (i as usize) * panel)
      packTransposed(from + 4 * strideN, strideN, depth, to + (i as usize) * panel + 16)
    }
  const left = columns - whole * COLUMNS
  if (left === 0) return
  b += ((columns - left) as usize) * strideN
  to += (whole as usize) * panel
  for (let k = 0; k < depth; k++)
    for (let n = 0; n < COLUMNS; n++) {
      const value = n < left ? load<f32>(b + (k as usize) * strideK + (n as usize) * strideN) : <f32>0
      store<f32>(to + (((k * COLUMNS + n) as usize) << 2), value)
    }
}

/** Row by row over all panels, so that a cache line of B is read once. */
function packAlongRows(b: usize, strideK: usize, panels: i32, depth: i32, to: usize): void {
  const panel = (depth as usize) << 5
  for (let k = 0; k < depth; k++) {
    let from = b
    let into = to
    for (let i = 0; i < panels; i++) {
      v128.store(into, v128.load(from))
      v128.store(into, v128.load(from, 16), 16)
      from += 32
      into += panel
    }
    b += strideK
    to += 32
  }
}

/** Sums of the columns of one panel, of which `columns` are there, set at or added to `sums`; in blocks, as long sums are. */
export function sumPanel(panel: usize, depth: i32, columns: i32, sums: usize, add: bool): void {
  let left = f32x4.splat(0)
  let right = f32x4.splat(0)
  for (let from = 0; from < depth; from += DEPTH) {
    const end = min(depth, from + DEPTH)
    let leftHere = f32x4.splat(0)
    let rightHere = f32x4.splat(0)
    for (let k = from; k < end; k++) {
      leftHere = f32x4.add(leftHere, v128.load(panel))
      rightHere = f32x4.add(rightHere, v128.load(panel, 16))
      panel += 32
    }
    left = f32x4.add(left, leftHere)
    right = f32x4.add(right, rightHere)
  }
  const tile = edgeTile()
  v128.store(tile, left)
  v128.store(tile, right, 16)
  for (let n = 0; n < columns; n++) {
    const at = (n as usize) << 2
    store<f32>(sums + at, (add ? load<f32>(sums + at) : <f32>0) + load<f32>(tile + at))
  }
}

/** Four rows of `depth` floats → (depth, 4) with 32 bytes from one step to the next. */
function packTransposed(b: usize, stride: usize, depth: i32, to: usize): void {
  const b1 = b + stride
  const b2 = b1 + stride
  const b3 = b2 + stride
  let k = 0
  for (; k + 4 <= depth; k += 4) {
    const at = (k as usize) << 2
    const r0 = v128.load(b + at)
    const r1 = v128.load(b1 + at)
    const r2 = v128.load(b2 + at)
    const r3 = v128.load(b3 + at)
    const low01 = interleaveLow(r0, r1)
    const low23 = interleaveLow(r2, r3)
    const high01 = interleaveHigh(r0, r1)
    const high23 = interleaveHigh(r2, r3)
    v128.store(to, lowHalves(low01, low23))
    v128.store(to, highHalves(low01, low23), 32)
    v128.store(to, lowHalves(high01, high23), 64)
    v128.store(to, highHalves(high01, high23), 96)
    to += 128
  }
  for (; k < depth; k++) {
    const at = (k as usize) << 2
    store<f32>(to, load<f32>(b + at))
    store<f32>(to, load<f32>(b1 + at), 4)
    store<f32>(to, load<f32>(b2 + at), 8)
    store<f32>(to, load<f32>(b3 + at), 12)
    to += 32
  }
}

/**
 * C (6, 8) = [C +] A·B for one panel of each. The sum starts at 0 and is added at its end, so that a long one is summed
 * in blocks, with the smaller error.
 * @param a panel (depth, 6)  @param b (depth, 8), strideB bytes from one step to the next: 32 in a panel, a row's length
 * where B is read in place
 */
export function tile(
  a: usize,
  b: usize,
  strideB: usize,
  depth: i32,
  c: usize,
  strideC: usize,
  accumulate: bool,
): void {
  let c00 = f32x4.splat(0)
  let c01 = f32x4.splat(0)
  let c10 = f32x4.splat(0)
  let c11 = f32x4.splat(0)
  let c20 = f32x4.splat(0)
  let c21 = f32x4.splat(0)
  let c30 = f32x4.splat(0)
  let c31 = f32x4.splat(0)
  let c40 = f32x4.splat(0)
  let c41 = f32x4.splat(0)
  let c50 = f32x4.splat(0)
  let c51 = f32x4.splat(0)
  const end = a + (depth as usize) * 24
  while (a < end) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    let x = v128.load32_splat(a)
    c00 = fma(x, b0, c00)
    c01 = fma(x, b1, c01)
    x = v128.load32_splat(a, 4)
    c10 = fma(x, b0, c10)
    c11 = fma(x, b1, c11)
    x = v128.load32_splat(a, 8)
    c20 = fma(x, b0, c20)
    c21 = fma(x, b1, c21)
    x = v128.load32_splat(a, 12)
    c30 = fma(x, b0, c30)
    c31 = fma(x, b1, c31)
    x = v128.load32_splat(a, 16)
    c40 = fma(x, b0, c40)
    c41 = fma(x, b1, c41)
    x = v128.load32_splat(a, 20)
    c50 = fma(x, b0, c50)
    c51 = fma(x, b1, c51)
    a += 24
    b += strideB
  }
  if (accumulate) {
    addTo(c, c00, c01)
    addTo(c + strideC, c10, c11)
    addTo(c + 2 * strideC, c20, c21)
    addTo(c + 3 * strideC, c30, c31)
    addTo(c + 4 * strideC, c40, c41)
    addTo(c + 5 * strideC, c50, c51)
    return
  }
  set(c, c00, c01)
  set(c + strideC, c10, c11)
  set(c + 2 * strideC, c20, c21)
  set(c + 3 * strideC, c30, c31)
  set(c + 4 * strideC, c40, c41)
  set(c + 5 * strideC, c50, c51)
}

@inline
function set(c: usize, left: v128, right: v128): void {
  v128.store(c, left)
  v128.store(c, right, 16)
}

@inline
function addTo(c: usize, left: v128, right: v128): void {
  v128.store(c, f32x4.add(v128.load(c), left))
  v128.store(c, f32x4.add(v128.load(c, 16), right), 16)
}

/** `tile` where C has only `rows` (1 … 6) × `columns` (1 … 8) there: through a tile of the thread's own. */
function tileAtEdge(
  a: usize,
  b: usize,
  strideB: usize,
  depth: i32,
  c: usize,
  strideC: usize,
  accumulate: bool,
  rows: i32,
  columns: i32,
): void {
  const own = edgeTile()
  if (accumulate)
    for (let m = 0; m < rows; m++)
      memory.copy(own + ((m as usize) << 5), c + (m as usize) * strideC, (columns as usize) << 2)
  tile(a, b, strideB, depth, own, 32, accumulate)
  for (let m = 0; m < rows; m++)
    memory.copy(c + (m as usize) * strideC, own + ((m as usize) << 5), (columns as usize) << 2)
}

/**
 * C (rows, columns) = [C +] A·B over `depth` for panels of A from `a` (each depth·24 bytes) and of B from `b` (each
 * panelB bytes, strideB from step to step). Panel by panel of B, so that it stays in the first-level cache.
 */
export function multiplyPanels(
  a: usize,
  b: usize,
  panelB: usize,
  strideB: usize,
  depth: i32,
  c: usize,
  strideC: usize,
  rows: i32,
  columns: i32,
  accumulate: bool,
): void {
  const panelA = (depth as usize) * 24
  for (let from = 0; from < depth; from += DEPTH) {
    const steps = min(DEPTH, depth - from)
    const add = accumulate || from > 0
    for (let n = 0; n < columns; n += COLUMNS) {
      const bHere = b + ((n as usize) >> 3) * panelB + (from as usize) * strideB
      let aHere = a + (from as usize) * 24
      let cHere = c + ((n as usize) << 2)
      const wide = min(COLUMNS, columns - n)
      for (let m = 0; m < rows; m += ROWS) {
        const high = min(ROWS, rows - m)
        if (high === ROWS && wide === COLUMNS) tile(aHere, bHere, strideB, steps, cHere, strideC, add)
        else tileAtEdge(aHere, bHere, strideB, steps, cHere, strideC, add, high, wide)
        aHere += panelA
        cHere += strideC * (ROWS as usize)
      }
    }
  }
}
