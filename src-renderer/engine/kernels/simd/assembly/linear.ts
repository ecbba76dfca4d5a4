// The launches of a matrix product: packing, the tiles with what happens to C at its end, and rows against rows.
import { COLUMNS, multiplyPanels, packColumns, packRows, ROWS } from './gemm'
import { address, integer } from './pool'
import { dot, gelu4, geluSlope4, loadPart, storePart } from './vector'

/** C is cut into chunks of this many rows and columns. */
export const CHUNK_ROWS = 48
export const CHUNK_COLUMNS = 64

/** What is done to a chunk of C when its sum is complete. */
const PLAIN = 0
const WITH_GELU = 1
const TIMES_GELU_SLOPE = 2

/**
 * Packs A (M, K) and B (K, N): chunks of A's rows first, then chunks of B's columns.
 * 0 A, 1 strideM, 2 strideK, 3 M, 4 K, 5 panels of A, 6 chunks of A, 7 B, 8 strideK, 9 strideN, 10 N, 11 panels of B,
 * 12 column sums of B or 0, 13 whether they are added to what is there
 */
export function pack(chunk: i32): void {
  const depth = integer(4)
  if (chunk < integer(6)) {
    const strideM = address(1)
    const end = min(integer(3), (chunk + 1) * CHUNK_ROWS)
    for (let m = chunk * CHUNK_ROWS; m < end; m += ROWS) {
      const to = address(5) + (m as usize) * (depth as usize) * 4
      packRows(address(0) + (m as usize) * strideM, strideM, address(2), min(ROWS, end - m), depth, to)
    }
    return
  }
  const strideN = address(9)
  const sums = address(12)
  const first = (chunk - integer(6)) * CHUNK_COLUMNS
  const end = min(integer(10), first + CHUNK_COLUMNS)
  for (let n = first; n < end; n += COLUMNS) {
    const at = (n as usize) << 2
    packColumns(
      address(7) + (n as usize) * strideN,
      address(8),
      strideN,
      min(COLUMNS, end - n),
      depth,
      address(11) + at * (depth as usize),
      sums === 0 ? 0 : sums + at,
      integer(13) !== 0,
    )
  }
}

/**
 * One chunk of C (M, N) = [C +] A·B from panels, then [+ bias], an activation, [+ residual].
 * 0 panels of A, 1 B, 2 bytes from panel to panel of B, 3 bytes from step to step of B, 4 K, 5 C, 6 strideC, 7 M, 8 N,
 * 9 whether C is added to, 10 bias or 0, 11 residual or 0 (same stride as C), 12 activation, 13 its inner values (same
 * stride as C)
 */
export function gemm(chunk: i32): void {
  const across = (integer(8) + CHUNK_COLUMNS - 1) / CHUNK_COLUMNS
  const m = (chunk / across) * CHUNK_ROWS
  const n = (chunk % across) * CHUNK_COLUMNS
  const rows = min(CHUNK_ROWS, integer(7) - m)
  const columns = min(CHUNK_COLUMNS, integer(8) - n)
  const depth = integer(4)
  const strideC = address(6)
  const at = (m as usize) * strideC + ((n as usize) << 2)
  multiplyPanels(
    address(0) + (m as usize) * (depth as usize) * 4,
    address(1) + ((n as usize) >> 3) * address(2),
    address(2),
    address(3),
    depth,
    address(5) + at,
    strideC,
    rows,
    columns,
    integer(9) !== 0,
  )
  if (address(10) === 0 && address(11) === 0 && integer(12) === PLAIN) return
  for (let row = 0; row < rows; row++) finishRow(at + (row as usize) * strideC, n, columns)
}

/** One loop per kind of ending, so that none asks at every vector which it is. */
function finishRow(at: usize, column: i32, columns: i32): void {
  const bias: usize = address(10) === 0 ? 0 : address(10) + ((column as usize) << 2)
  const residual: usize = address(11) === 0 ? 0 : address(11) + at
  const c = address(5) + at
  const inner = address(13) + at
  const activation = integer(12)
  if (bias !== 0) addRow(c, bias, columns)
  if (activation === WITH_GELU) {
    memory.copy(inner, c, (columns as usize) << 2)
    geluRow(c, columns)
  } else if (activation === TIMES_GELU_SLOPE) timesGeluSlope(c, inner, columns)
  if (residual !== 0) addRow(c, residual, columns)
}

function addRow(to: usize, x: usize, count: i32): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const at = (i as usize) << 2
    v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(x + at)))
  }
  const at = (i as usize) << 2
  const left = count - i
  if (left > 0) storePart(to + at, f32x4.add(loadPart(to + at, left), loadPart(x + at, left)), left)
}

function geluRow(x: usize, count: i32): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const at = (i as usize) << 2
    v128.store(x + at, gelu4(v128.load(x + at)))
  }
  const at = (i as usize) << 2
  if (i < count) storePart(x + at, gelu4(loadPart(x + at, count - i)), count - i)
}

function timesGeluSlope(to: usize, inner: usize, count: i32): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const at = (i as usize) << 2
    v128.store(to + at, f32x4.mul(v128.load(to + at), geluSlope4(v128.load(inner + at))))
  }
  const at = (i as usize) << 2
  const left = count - i
  if (left > 0)
    storePart(to + at, f32x4.mul(loadPart(to + at, left), geluSlope4(loadPart(inner + at, left))), left)
}

/**
 * C (M, N) = A·Bᵀ as dot products of rows, for few rows of A: packing B would cost more than the product. A chunk is
 * `CHUNK_COLUMNS` rows of B.
 * 0 A, 1 strideA, 2 B, 3 strideB, 4 K, 5 C, 6 strideC, 7 M, 8 N
 */
export function dotRows(chunk: i32): void {
  const end = min(integer(8), (chunk + 1) * CHUNK_COLUMNS)
  for (let n = chunk * CHUNK_COLUMNS; n < end; n++) {
    const b = address(2) + (n as usize) * address(3)
    for (let m = 0; m < integer(7); m++) {
      const value = dot(address(0) + (m as usize) * address(1), b, integer(4))
      store<f32>(address(5) + (m as usize) * address(6) + ((n as usize) << 2), value)
    }
  }
}
