// Token and position embeddings and rotary positions.
import { EMBEDDED_ROWS, TABLE_COLUMNS } from '../chunk-sizes'
import { address, integer } from './pool'
import { fma, loadPart, storePart } from './vector'

function addTo(to: usize, x: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const at = (i as usize) << 2
    const left = count - i
    if (left >= 4) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(x + at)))
    else storePart(to + at, f32x4.add(loadPart(to + at, left), loadPart(x + at, left)), left)
  }
}

/** 0 out (N, C), 1 tokens (N), 2 table (V, C), 3 N, 4 C, 5 V; a token outside the table gives zeros */
export function embed(chunk: i32): void {
  const bytes = (integer(4) as usize) << 2
  const end = min(integer(3), (chunk + 1) * EMBEDDED_ROWS)
  for (let n = chunk * EMBEDDED_ROWS; n < end; n++) {
    const token = load<i32>(address(1) + ((n as usize) << 2))
    const to = address(0) + (n as usize) * bytes
    if (token >= 0 && token < integer(5)) memory.copy(to, address(2) + (token as usize) * bytes, bytes)
    else memory.fill(to, 0, bytes)
  }
}

/** 0 dTable (V, C), 1 tokens (N), 2 dOut (N, C), 3 N, 4 C, 5 V, 6 whether dTable is added to */
export function embedBackward(chunk: i32): void {
  const width = integer(4)
  const bytes = (width as usize) << 2
  const first = chunk * TABLE_COLUMNS
  const columns = min(TABLE_COLUMNS, width - first)
  const table = address(0) + ((first as usize) << 2)
  if (integer(6) === 0)
    for (let v = 0; v < integer(5); v++) memory.fill(table + (v as usize) * bytes, 0, (columns as usize) << 2)
  const d = address(2) + ((first as usize) << 2)
  for (let n = 0; n < integer(3); n++) {
    const token = load<i32>(address(1) + ((n as usize) << 2))
    if (token >= 0 && token < integer(5))
      addTo(table + (token as usize) * bytes, d + (n as usize) * bytes, columns)
  }
}

/** 0 out (N, C), 1 x (N, C), 2 positions (contextLength, C), 3 N, 4 C, 5 T */
export function addPositions(chunk: i32): void {
  const bytes = (integer(4) as usize) << 2
  const end = min(integer(3), (chunk + 1) * EMBEDDED_ROWS)
  for (let n = chunk * EMBEDDED_ROWS; n < end; n++) {
    const to = address(0) + (n as usize) * bytes
    memory.copy(to, address(1) + (n as usize) * bytes, bytes)
    addTo(to, address(2) + ((n % integer(5)) as usize) * bytes, integer(4))
  }
}

/** A chunk is `EMBEDDED_ROWS` positions. 0 dPositions (contextLength, C), 1 dOut (N, C), 2 N, 3 C, 4 T, 5 contextLength, 6 whether it is added to */
export function addPositionsBackward(chunk: i32): void {
  const bytes = (integer(3) as usize) << 2
  const end = min(integer(5), (chunk + 1) * EMBEDDED_ROWS)
  for (let t = chunk * EMBEDDED_ROWS; t < end; t++) {
    const to = address(0) + (t as usize) * bytes
    if (integer(6) === 0) memory.fill(to, 0, bytes)
    if (t >= integer(4)) continue
    for (let n = t; n < integer(2); n += integer(4)) addTo(to, address(1) + (n as usize) * bytes, integer(3))
  }
}

/**
 * Turns the pair (i, i + D/2) of every head by the angle of its position (Su et al. 2021, §3.4.2).
 * 0 out (N, heads·D), 1 x, 2 table (positions, D): D/2 cosines, then D/2 sines, 3 positions (N) or 0 for n mod T, 4 N,
 * 5 heads, 6 D, 7 T, 8 whether backwards
 */
export function rope(chunk: i32): void {
  const half = integer(6) / 2
  const heads = integer(5)
  const halfBytes = (half as usize) << 2
  const end = min(integer(4), (chunk + 1) * EMBEDDED_ROWS)
  for (let n = chunk * EMBEDDED_ROWS; n < end; n++) {
    const position = address(3) === 0 ? n % integer(7) : load<i32>(address(3) + ((n as usize) << 2))
    const cosines = address(2) + (position as usize) * halfBytes * 2
    for (let head = 0; head < heads; head++) {
      const at = ((n * heads + head) as usize) * halfBytes * 2
      for (let i = 0; i < half; i += 4) {
        const o = (i as usize) << 2
        const left = half - i
        const whole = left >= 4
        const first = address(1) + at + o
        const second = first + halfBytes
        const a = whole ? v128.load(first) : loadPart(first, left)
        const b = whole ? v128.load(second) : loadPart(second, left)
        const c = whole ? v128.load(cosines + o) : loadPart(cosines + o, left)
        let s = whole ? v128.load(cosines + halfBytes + o) : loadPart(cosines + halfBytes + o, left)
        if (integer(8) !== 0) s = f32x4.neg(s)
        const x = fma(f32x4.neg(b), s, f32x4.mul(a, c))
        const y = fma(a, s, f32x4.mul(b, c))
        const to = address(0) + at + o
        if (whole) {
          v128.store(to, x)
          v128.store(to + halfBytes, y)
        } else {
          storePart(to, x, left)
          storePart(to + halfBytes, y, left)
        }
      }
    }
  }
}
