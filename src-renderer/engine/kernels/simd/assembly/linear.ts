// The launches of a matrix product: packing, the tiles with what happens to C at its end, and rows against rows.
import { PANEL_COLUMNS as COLUMNS, PRODUCT_COLUMNS, PRODUCT_ROWS } from '../chunk-sizes'
import { PLAIN, TIMES_GELU_SLOPE, WITH_GELU } from '../kernel-table'
import { multiplyPanels, packColumns, packRows, sumPanel } from './gemm'
import { address, integer, threadNumber } from './pool'
import { dot, gelu4, geluSlope4, loadPart, storePart } from './vector'

/**
 * Packs B (K, N), `PRODUCT_COLUMNS` columns a chunk.
 * 0 B, 1 strideK, 2 strideN, 3 K, 4 N, 5 panels, 6 where the columns' sums go or 0, 7 whether they are added to
 */
export function pack(chunk: i32): void {
  const depth = integer(3)
  const strideN = address(2)
  const n = chunk * PRODUCT_COLUMNS
  const columns = min(PRODUCT_COLUMNS, integer(4) - n)
  const at = (n as usize) << 2
  const panels = address(5) + at * (depth as usize)
  packColumns(address(0) + (n as usize) * strideN, address(1), strideN, columns, depth, panels)
  if (address(6) === 0) return
  for (let i = 0; i < columns; i += COLUMNS) {
    const panel = panels + ((i * depth) as usize) * 4
    const sums = address(6) + at + ((i as usize) << 2)
    sumPanel(panel, depth, min(COLUMNS, columns - i), sums, integer(7) !== 0)
  }
}

/**
 * One chunk of C (M, N) = [C +] A·B: packs its rows of A, multiplies, then [+ bias], an activation, [+ residual].
 * 0 A, 1 strideM, 2 strideK, 3 M, 4 K, 5 B, 6 bytes from panel to panel of B, 7 bytes from step to step of B, 8 N,
 * 9 columns per chunk, 10 C, 11 strideC, 12 whether C is added to, 13 bias or 0, 14 residual or 0 (same stride as C),
 * 15 activation, 16 its inner values (same stride as C), 17 scratch, 18 bytes of it per thread
 */
export function gemm(chunk: i32): void {
  const wide = integer(9)
  const across = (integer(8) + wide - 1) / wide
  const m = (chunk / across) * PRODUCT_ROWS
  const n = (chunk % across) * wide
  const rows = min(PRODUCT_ROWS, integer(3) - m)
  const columns = min(wide, integer(8) - n)
  const depth = integer(4)
  const strideC = address(11)
  const panels = address(17) + threadNumber() * address(18)
  const a = address(0) + (m as usize) * address(1)
  packRows(a, address(1), address(2), rows, depth, panels)
  const at = (m as usize) * strideC + ((n as usize) << 2)
  multiplyPanels(
    panels,
    address(5) + ((n as usize) >> 3) * address(6),
    address(6),
    address(7),
    depth,
    address(10) + at,
    strideC,
    rows,
    columns,
    integer(12) !== 0,
  )
  if (address(13) === 0 && address(14) === 0 && integer(15) === PLAIN) return
  for (let row = 0; row < rows; row++) finishRow(at + (row as usize) * strideC, n, columns)
}

/** One loop per kind of ending, so that none asks at every vector which it is. */
function finishRow(at: usize, column: i32, columns: i32): void {
  const bias: usize = address(13) === 0 ? 0 : address(13) + ((column as usize) << 2)
  const residual: usize = address(14) === 0 ? 0 : address(14) + at
  const c = address(10) + at
  const inner = address(16) + at
  const activation = integer(15)
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
 * `PRODUCT_COLUMNS` rows of B.
 * 0 A, 1 strideA, 2 B, 3 strideB, 4 K, 5 C, 6 strideC, 7 M, 8 N
 */
export function dotRows(chunk: i32): void {
  const end = min(integer(8), (chunk + 1) * PRODUCT_COLUMNS)
  for (let n = chunk * PRODUCT_COLUMNS; n < end; n++) {
    const b = address(2) + (n as usize) * address(3)
    for (let m = 0; m < integer(7); m++) {
      const value = dot(address(0) + (m as usize) * address(1), b, integer(4))
      store<f32>(address(5) + (m as usize) * address(6) + ((n as usize) << 2), value)
    }
  }
}
