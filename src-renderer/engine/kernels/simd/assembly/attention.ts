// Causal self-attention in tiles of query rows: a tile's scores exist only while it is worked on, as in FlashAttention
// (Dao et al. 2022), and the backward pass computes them again from the saved log-sum-exp. A tile has few rows and all
// their keys, so no running maximum is needed. Query heads 0 … G − 1 share key/value head 0, and so on.
//
// Arguments of all three launches:
//  0 q, 1 strideQ, 2 k, 3 v, 4 strideKv, 5 B, 6 T, 7 nHead, 8 nKvHead, 9 D, 10 lengths (B) or 0, 11 out (N, nHead·D),
//  12 log-sum-exp (B·nHead·T), 13 packed keys, 14 packed values, 15 scratch, 16 bytes of it per thread; float 0: 1/√D
//  22 first keys (B·T) that the rows look at, or 0
//  backward: 17 dOut (N, nHead·D), 18 dq, 19 dk, 20 dv (strides as q, k, v), 21 keys as rows, packed
// Scores are addressed by their key's position; a tile has memory only for those from `firstKey` of its first row on.
import { ATTENTION_ROWS, PANEL_ROWS as ROWS } from '../chunk-sizes'
import { multiplyPanels, packColumns, packRows } from './gemm'
import { address, float, integer, threadNumber } from './pool'
import { dot, exp4, firstLanes, loadPart, log1, maxOf, sumOf } from './vector'

export function upTo8(n: i32): i32 {
  return (n + 7) & ~7
}

/** Tokens of sequence b that count. */
function lengthOf(b: i32): i32 {
  return address(10) === 0 ? integer(6) : load<i32>(address(10) + ((b as usize) << 2))
}

/** The first key that a row of sequence b looks at. */
function startOf(b: i32, row: i32): i32 {
  return address(22) === 0 ? 0 : load<i32>(address(22) + (((b * integer(6) + row) as usize) << 2))
}

/** The first key of the panel in which that is. */
function firstKey(b: i32, row: i32): i32 {
  return startOf(b, row) & ~7
}

/** Bytes of one head's packed keys: D × T, in whole panels; the same for values. */
function packedKeysBytes(): usize {
  return ((upTo8(integer(6)) * integer(9)) as usize) << 2
}
function packedRowsBytes(): usize {
  return ((integer(6) * upTo8(integer(9))) as usize) << 2
}

/**
 * Packs one key/value head of one sequence: keys as (D, T), the columns of Q·Kᵀ; values as (T, D), the rows of P·V. Going
 * back: values as (D, T) for dOut·Vᵀ, keys as (T, D) for dS·K.
 */
export function attentionPack(chunk: i32): void {
  const kvHead = chunk % integer(8)
  const b = chunk / integer(8)
  const length = lengthOf(b)
  const D = integer(9)
  const at = ((b * integer(6)) as usize) * address(4) + (((kvHead * D) as usize) << 2)
  const stride = address(4)
  const keys = address(2) + at
  const values = address(3) + at
  const asKeys = (chunk as usize) * packedKeysBytes()
  const asRows = (chunk as usize) * packedRowsBytes()
  packColumns(keys, 4, stride, length, D, address(13) + asKeys)
  if (address(21) === 0) {
    packColumns(values, stride, 4, D, length, address(14) + asRows)
    return
  }
  packColumns(values, 4, stride, length, D, address(14) + asKeys)
  packColumns(keys, stride, 4, D, length, address(21) + asRows)
}

/**
 * scores (rows, keys seen) = A·keys: row panel by row panel, none before its first row's first key, none beyond its last
 * row's own position.
 */
function scoreTile(
  panels: usize,
  keys: usize,
  scores: usize,
  strideS: usize,
  b: i32,
  first: i32,
  rows: i32,
): void {
  const D = integer(9)
  const panel = (D as usize) << 5
  for (let m = 0; m < rows; m += ROWS) {
    const a = panels + (((m * D) as usize) << 2)
    const from = firstKey(b, first + m)
    const seen = upTo8(min(first + m + ROWS, first + rows))
    const to = scores + (m as usize) * strideS + ((from as usize) << 2)
    multiplyPanels(a, keys + ((from as usize) >> 3) * panel, panel, 32, D, to, strideS, ROWS, seen - from, false)
  }
}

/** out (rows, D) = s·values for s (rows, keys seen), packing s on the way. `length` = rows that the values were packed from. */
function weigh(
  s: usize,
  strideS: usize,
  values: usize,
  length: i32,
  out: usize,
  strideOut: usize,
  b: i32,
  first: i32,
  rows: i32,
  panels: usize,
): void {
  const panel = (length as usize) << 5
  for (let m = 0; m < rows; m += ROWS) {
    const high = min(ROWS, rows - m)
    const from = firstKey(b, first + m)
    const seen = first + m + high - from
    packRows(s + (m as usize) * strideS + ((from as usize) << 2), strideS, 4, high, seen, panels)
    const to = out + (m as usize) * strideOut
    const v = values + ((from as usize) << 5)
    multiplyPanels(panels, v, panel, 32, seen, to, strideOut, high, integer(9), false)
  }
}

/** Scores of the keys `from` … below `start` that a row does not look at: −∞ in the vector of `start`, 0 before. */
function hideScores(row: usize, from: i32, start: i32): void {
  const skipped = start & ~3
  memory.fill(row + ((from as usize) << 2), 0, ((skipped - from) as usize) << 2)
  for (let i = skipped; i < start; i++) store<f32>(row + ((i as usize) << 2), -Infinity)
}

/** Scores → probabilities of row `row`, which sees `keys` keys of `width` (a multiple of 4); @returns ln Σ exp */
export function softmaxRow(row: usize, keys: i32, width: i32, scale: f32): f32 {
  let largest = f32x4.splat(-Infinity)
  let i = 0
  for (; i + 4 <= keys; i += 4) largest = f32x4.pmax(largest, v128.load(row + ((i as usize) << 2)))
  let top = maxOf(largest)
  for (; i < keys; i++) top = max(top, load<f32>(row + ((i as usize) << 2)))
  const shift = f32x4.splat(top)
  const factor = f32x4.splat(scale)
  let sum = f32x4.splat(0)
  i = 0
  for (; i + 4 <= keys; i += 4) {
    const p = row + ((i as usize) << 2)
    const e = exp4(f32x4.mul(f32x4.sub(v128.load(p), shift), factor))
    v128.store(p, e)
    sum = f32x4.add(sum, e)
  }
  if (i < keys) {
    const p = row + ((i as usize) << 2)
    const left = keys - i
    const e = v128.and(exp4(f32x4.mul(f32x4.sub(loadPart(p, left), shift), factor)), firstLanes(left))
    v128.store(p, e)
    sum = f32x4.add(sum, e)
    i += 4
  }
  const zero = f32x4.splat(0)
  for (; i < width; i += 4) v128.store(row + ((i as usize) << 2), zero)
  const total = sumOf(sum)
  const share = f32x4.splat(<f32>1 / total)
  for (i = 0; i < keys; i += 4) {
    const p = row + ((i as usize) << 2)
    v128.store(p, f32x4.mul(v128.load(p), share))
  }
  return ((top * scale) as f64 + log1(total)) as f32
}

/** A chunk is one tile of one head of one sequence. */
export function attention(chunk: i32): void {
  const T = integer(6)
  const heads = integer(7)
  const D = integer(9)
  const tiles = (T + ATTENTION_ROWS - 1) / ATTENTION_ROWS
  const first = (chunk % tiles) * ATTENTION_ROWS
  const head = (chunk / tiles) % heads
  const b = chunk / tiles / heads
  const length = lengthOf(b)
  const strideOut = ((heads * D) as usize) << 2
  const out = address(11) + ((b * T + first) as usize) * strideOut + (((head * D) as usize) << 2)
  const normalizers = address(12) + ((((b * heads + head) * T + first) as usize) << 2)
  const rows = max(0, min(ATTENTION_ROWS, length - first))
  for (let row = rows; row < min(ATTENTION_ROWS, T - first); row++) {
    memory.fill(out + (row as usize) * strideOut, 0, (D as usize) << 2)
    store<f32>(normalizers + ((row as usize) << 2), 0)
  }
  if (rows === 0) return
  const kvHead = head / (heads / integer(8))
  const kv = (b * integer(8) + kvHead) as usize
  const keys = address(13) + kv * packedKeysBytes()
  const values = address(14) + kv * packedRowsBytes()
  const from = firstKey(b, first)
  const end = upTo8(first + rows)
  const strideS = ((end - from) as usize) << 2
  const room = address(15) + threadNumber() * address(16)
  const scores = room - ((from as usize) << 2)
  const panels = room + (ATTENTION_ROWS as usize) * strideS
  const q = address(0) + ((b * T + first) as usize) * address(1) + (((head * D) as usize) << 2)

  packRows(q, address(1), 4, rows, D, panels)
  scoreTile(panels, keys, scores, strideS, b, first, rows)
  for (let row = 0; row < rows; row++) {
    const s = scores + (row as usize) * strideS
    const start = startOf(b, first + row)
    if (start > from) hideScores(s, from, start)
    const skipped = start & ~3
    const looked = s + ((skipped as usize) << 2)
    const normalizer = softmaxRow(looked, first + row + 1 - skipped, end - skipped, float(0))
    store<f32>(normalizers + ((row as usize) << 2), normalizer)
  }
  weigh(scores, strideS, values, length, out, strideOut, b, first, rows, panels)
}

/**
 * dS = P ⊙ (dP − rowsum(dOut ⊙ out)), dQ = dS·K, dK = dSᵀ·Q, dV = Pᵀ·dOut (Dao et al. 2022, appendix B.2).
 * A chunk is one key/value head of one sequence with all query heads that share it, tile after tile.
 */
export function attentionBackward(chunk: i32): void {
  const T = integer(6)
  const D = integer(9)
  const shared = integer(7) / integer(8)
  const kvHead = chunk % integer(8)
  const b = chunk / integer(8)
  const length = lengthOf(b)
  const strideKv = address(4)
  const atKv = ((b * T) as usize) * strideKv + (((kvHead * D) as usize) << 2)
  for (let t = 0; t < T; t++) {
    memory.fill(address(19) + atKv + (t as usize) * strideKv, 0, (D as usize) << 2)
    memory.fill(address(20) + atKv + (t as usize) * strideKv, 0, (D as usize) << 2)
  }
  for (let g = 0; g < shared; g++) {
    const head = kvHead * shared + g
    for (let first = 0; first < T; first += ATTENTION_ROWS)
      backwardTile(
        chunk,
        b,
        head,
        first,
        min(ATTENTION_ROWS, T - first),
        max(0, min(ATTENTION_ROWS, length - first)),
        atKv,
      )
  }
}

function backwardTile(
  chunk: i32,
  b: i32,
  head: i32,
  first: i32,
  allRows: i32,
  rows: i32,
  atKv: usize,
): void {
  const T = integer(6)
  const D = integer(9)
  const strideQ = address(1)
  const strideOut = ((integer(7) * D) as usize) << 2
  const atQ = ((b * T + first) as usize) * strideQ + (((head * D) as usize) << 2)
  const atOut = ((b * T + first) as usize) * strideOut + (((head * D) as usize) << 2)
  const dq = address(18) + atQ
  for (let row = rows; row < allRows; row++)
    memory.fill(dq + (row as usize) * strideQ, 0, (D as usize) << 2)
  if (rows === 0) return
  const q = address(0) + atQ
  const dOut = address(17) + atOut
  const from = firstKey(b, first)
  const seen = first + rows
  const end = upTo8(seen)
  const strideS = ((end - from) as usize) << 2
  const tileBytes = (ATTENTION_ROWS as usize) * strideS
  const room = address(15) + threadNumber() * address(16)
  const p = room - ((from as usize) << 2)
  const dS = p + tileBytes
  const panels = room + 2 * tileBytes
  const length = lengthOf(b)

  packRows(q, strideQ, 4, rows, D, panels)
  const keys = address(13) + (chunk as usize) * packedKeysBytes()
  scoreTile(panels, keys, p, strideS, b, first, rows)
  packRows(dOut, strideOut, 4, rows, D, panels)
  const values = address(14) + (chunk as usize) * packedKeysBytes()
  scoreTile(panels, values, dS, strideS, b, first, rows)
  for (let row = 0; row < rows; row++) {
    const o = (row as usize) * strideOut
    const along = dot(dOut + o, address(11) + atOut + o, D)
    const normalizer = load<f32>(address(12) + ((((b * integer(7) + head) * T + first + row) as usize) << 2))
    const start = startOf(b, first + row)
    const skipped = start & ~3
    const at = (row as usize) * strideS
    const looked = at + ((skipped as usize) << 2)
    const keysSeen = first + row + 1 - skipped
    backwardRow(p + looked, dS + looked, keysSeen, end - skipped, along, normalizer, float(0))
    if (start > from) {
      const hidden = at + ((from as usize) << 2)
      memory.fill(p + hidden, 0, ((start - from) as usize) << 2)
      memory.fill(dS + hidden, 0, ((start - from) as usize) << 2)
    }
  }
  const keyRows = address(21) + (chunk as usize) * packedRowsBytes()
  weigh(dS, strideS, keyRows, length, dq, strideQ, b, first, rows, panels)
  const atFrom = atKv + (from as usize) * address(4)
  const column = (from as usize) << 2
  addTransposed(dS + column, strideS, q, strideQ, rows, seen - from, address(19) + atFrom, panels)
  addTransposed(p + column, strideS, dOut, strideOut, rows, seen - from, address(20) + atFrom, panels)
}

/** Scores → P and dP → dS·(1/√D), both 0 where the row does not look. */
function backwardRow(
  p: usize,
  dS: usize,
  keys: i32,
  width: i32,
  along: f32,
  normalizer: f32,
  scale: f32,
): void {
  const factor = f32x4.splat(scale)
  const shift = f32x4.splat(normalizer)
  const d = f32x4.splat(along)
  for (let i = 0; i < width; i += 4) {
    const at = (i as usize) << 2
    const left = keys - i
    let probability = exp4(f32x4.sub(f32x4.mul(v128.load(p + at), factor), shift))
    if (left < 4) probability = left <= 0 ? f32x4.splat(0) : v128.and(probability, firstLanes(left))
    v128.store(p + at, probability)
    let dScore = f32x4.mul(f32x4.mul(probability, f32x4.sub(v128.load(dS + at), d)), factor)
    if (left < 4) dScore = left <= 0 ? f32x4.splat(0) : v128.and(dScore, firstLanes(left))
    v128.store(dS + at, dScore)
  }
}

/** to (keys, D) += sᵀ·x for s (rows, keys) and x (rows, D), both read in place. */
function addTransposed(
  s: usize,
  strideS: usize,
  x: usize,
  strideX: usize,
  rows: i32,
  keys: i32,
  to: usize,
  panels: usize,
): void {
  packRows(s, 4, strideS, keys, rows, panels)
  multiplyPanels(panels, x, 32, strideX, rows, to, address(4), keys, integer(9), true)
}
