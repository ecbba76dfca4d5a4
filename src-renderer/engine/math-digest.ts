// JavaScript leaves the last bits of its mathematical functions open, and first weights, rotary angles, the schedule and
// the drawing of tokens go through them. Their values here are part of what bits are promised on.

const FUNCTIONS = [Math.sin, Math.cos, Math.exp, Math.log, Math.log2, Math.sqrt] as const
const POINTS = 200

/** Eight hex digits (FNV-1a) over the bits of these functions, and of powers, at points from 0.01 to some hundreds. */
export function mathDigest(): string {
  const values = new Float64Array(POINTS * (FUNCTIONS.length + 1))
  let at = 0
  for (let i = 1; i <= POINTS; i++) {
    const x = (i * i) / 93
    for (const f of FUNCTIONS) values[at++] = f(x)
    values[at++] = 10_000 ** (-x / 70)
  }
  let hash = 0x811c9dc5
  for (const byte of new Uint8Array(values.buffer)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
