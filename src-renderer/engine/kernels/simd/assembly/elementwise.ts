// Element by element: GELU, SwiGLU, sums, copies. A chunk is a run of values.
import { COPIED_ROWS, VALUES } from '../chunk-sizes'
import { address, integer } from './pool'
import { fma, gelu4, geluSlope4, loadPart, sigmoid4, storePart } from './vector'

/** 0 out, 1 x, 2 values */
export function gelu(chunk: i32): void {
  const to = address(0)
  const from = address(1)
  const end = min(integer(2), (chunk + 1) * VALUES)
  let i = chunk * VALUES
  for (; i + 4 <= end; i += 4) {
    const at = (i as usize) << 2
    v128.store(to + at, gelu4(v128.load(from + at)))
  }
  const at = (i as usize) << 2
  if (i < end) storePart(to + at, gelu4(loadPart(from + at, end - i)), end - i)
}

/** 0 dx, 1 dOut, 2 x, 3 values */
export function geluBackward(chunk: i32): void {
  const end = min(integer(3), (chunk + 1) * VALUES)
  for (let i = chunk * VALUES; i < end; i += 4) {
    const at = (i as usize) << 2
    const left = end - i
    if (left >= 4) {
      const slope = geluSlope4(v128.load(address(2) + at))
      v128.store(address(0) + at, f32x4.mul(v128.load(address(1) + at), slope))
    } else {
      const slope = geluSlope4(loadPart(address(2) + at, left))
      storePart(address(0) + at, f32x4.mul(loadPart(address(1) + at, left), slope), left)
    }
  }
}

/** 0 out, 1 gate, 2 up, 3 values */
export function swiglu(chunk: i32): void {
  const end = min(integer(3), (chunk + 1) * VALUES)
  for (let i = chunk * VALUES; i < end; i += 4) {
    const at = (i as usize) << 2
    const left = end - i
    const gate = left >= 4 ? v128.load(address(1) + at) : loadPart(address(1) + at, left)
    const up = left >= 4 ? v128.load(address(2) + at) : loadPart(address(2) + at, left)
    const out = f32x4.mul(f32x4.mul(gate, sigmoid4(gate)), up)
    if (left >= 4) v128.store(address(0) + at, out)
    else storePart(address(0) + at, out, left)
  }
}

/** silu′(g) = σ(1 + g(1 − σ)). 0 dGate, 1 dUp, 2 dOut, 3 gate, 4 up, 5 values */
export function swigluBackward(chunk: i32): void {
  const end = min(integer(5), (chunk + 1) * VALUES)
  const one = f32x4.splat(1)
  for (let i = chunk * VALUES; i < end; i += 4) {
    const at = (i as usize) << 2
    const left = end - i
    const dOut = left >= 4 ? v128.load(address(2) + at) : loadPart(address(2) + at, left)
    const gate = left >= 4 ? v128.load(address(3) + at) : loadPart(address(3) + at, left)
    const up = left >= 4 ? v128.load(address(4) + at) : loadPart(address(4) + at, left)
    const sigma = sigmoid4(gate)
    const slope = f32x4.mul(sigma, fma(gate, f32x4.sub(one, sigma), one))
    const dGate = f32x4.mul(f32x4.mul(dOut, up), slope)
    const dUp = f32x4.mul(dOut, f32x4.mul(gate, sigma))
    if (left >= 4) {
      v128.store(address(0) + at, dGate)
      v128.store(address(1) + at, dUp)
    } else {
      storePart(address(0) + at, dGate, left)
      storePart(address(1) + at, dUp, left)
    }
  }
}

/** 0 out, 1 a, 2 b, 3 values */
export function add(chunk: i32): void {
  const end = min(integer(3), (chunk + 1) * VALUES)
  for (let i = chunk * VALUES; i < end; i += 4) {
    const at = (i as usize) << 2
    const left = end - i
    if (left >= 4)
      v128.store(address(0) + at, f32x4.add(v128.load(address(1) + at), v128.load(address(2) + at)))
    else
      storePart(
        address(0) + at,
        f32x4.add(loadPart(address(1) + at, left), loadPart(address(2) + at, left)),
        left,
      )
  }
}

/** Rows from one stride to another. 0 to, 1 strideTo, 2 from, 3 strideFrom, 4 rows, 5 bytes per row */
export function copyRows(chunk: i32): void {
  const end = min(integer(4), (chunk + 1) * COPIED_ROWS)
  for (let row = chunk * COPIED_ROWS; row < end; row++)
    memory.copy(
      address(0) + (row as usize) * address(1),
      address(2) + (row as usize) * address(3),
      address(5),
    )
}
