// Number formats of safetensors: sizes of all, values of those that hold weights.
import { LabError } from '../contract/errors.ts'

/** Bytes per value of every dtype of the format. */
export const dtypeBytes: ReadonlyMap<string, number> = new Map([
  ['BOOL', 1],
  ['U8', 1],
  ['I8', 1],
  ['F8_E5M2', 1],
  ['F8_E4M3', 1],
  ['I16', 2],
  ['U16', 2],
  ['F16', 2],
  ['BF16', 2],
  ['I32', 4],
  ['U32', 4],
  ['F32', 4],
  ['I64', 8],
  ['U64', 8],
  ['F64', 8],
])

/**
 * Little-endian values as float32; F16 and BF16 widen without loss.
 * @param bytes a whole number of values
 * @throws LabError `unsupported` for a dtype that holds no weights
 */
export function decodeFloats(dtype: string, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const length = bytes.byteLength / (dtypeBytes.get(dtype) ?? 1)
  // A copy gives the alignment that a typed array needs. Every platform this runs on is little-endian.
  const buffer = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(buffer).set(bytes)
  if (dtype === 'F32') return new Float32Array(buffer)
  if (dtype === 'BF16') {
    // bfloat16 is the upper half of a float32.
    const values = new Float32Array(length)
    const bits = new Uint32Array(values.buffer)
    const halves = new Uint16Array(buffer)
    for (let i = 0; i < length; i++) bits[i] = halves[i]! << 16
    return values
  }
  if (dtype === 'F16') return Float32Array.from(new Uint16Array(buffer), half => halfToFloat(half))
  throw new LabError({
    code: 'unsupported',
    what: `weights of type ${dtype} cannot be read`,
    expected: 'F32, F16 or BF16',
    fix: 'convert the file to one of these types',
  })
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
