// The machine's ceiling: fused multiply-adds from registers, and copying.
import { address, integer, threadNumber } from './pool'
import { fma } from './vector'

/** 0 rounds, 1 where 16 × 4 bytes per thread are */
export function fmaRate(): void {
  const p = address(1) + (threadNumber() << 6)
  const x = v128.load(p)
  const y = v128.load(p, 16)
  let c0 = x
  let c1 = x
  let c2 = x
  let c3 = x
  let c4 = x
  let c5 = x
  let c6 = x
  let c7 = x
  let c8 = x
  let c9 = x
  let c10 = x
  let c11 = x
  for (let i = integer(0); i > 0; i--) {
    c0 = fma(x, y, c0)
    c1 = fma(x, y, c1)
    c2 = fma(x, y, c2)
    c3 = fma(x, y, c3)
    c4 = fma(x, y, c4)
    c5 = fma(x, y, c5)
    c6 = fma(x, y, c6)
    c7 = fma(x, y, c7)
    c8 = fma(x, y, c8)
    c9 = fma(x, y, c9)
    c10 = fma(x, y, c10)
    c11 = fma(x, y, c11)
  }
  const a = f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3))
  const b = f32x4.add(f32x4.add(c4, c5), f32x4.add(c6, c7))
  const c = f32x4.add(f32x4.add(c8, c9), f32x4.add(c10, c11))
  v128.store(p, f32x4.add(f32x4.add(a, b), c), 32)
}

/** 0 to, 1 from, 2 bytes per chunk */
export function copyRate(chunk: i32): void {
  const at = (chunk as usize) * address(2)
  memory.copy(address(0) + at, address(1) + at, address(2))
}
