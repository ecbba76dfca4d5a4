// Half-precision weights become the float32 numbers that they stand for.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFloats } from '../../../src-shared/safetensors/dtype.ts'

const halves = (...bits: number[]) => new Uint8Array(Uint16Array.from(bits).buffer)

test('float16 by hand: zero, one, −2, the largest, the smallest, infinities and NaN', () => {
  const values = decodeFloats(
    'F16',
    halves(0, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0xfc00, 0x7e00, 0x8000),
  )
  expect([...values]).toEqual([0, 1, -2, 65504, 2 ** -24, Infinity, -Infinity, Number.NaN, -0])
})

test('every float16 is what the platform reads', () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, i) => i)
  const view = new DataView(bits.buffer) as DataView & {
    getFloat16(at: number, littleEndian: boolean): number
  }
  const expected = Float32Array.from({ length: 65536 }, (_, i) => view.getFloat16(2 * i, true))
  expect(decodeFloats('F16', new Uint8Array(bits.buffer))).toEqual(expected)
})

test('bfloat16 is the upper half of a float32', () => {
  expect([...decodeFloats('BF16', halves(0x3f80, 0xc040, 0x7f80, 0x0001))]).toEqual([
    1,
    -3,
    Infinity,
    2 ** -133,
  ])
})

test('float32 comes back bit for bit, from any address', () => {
  fc.assert(
    fc.property(fc.float32Array(), fc.nat(3), (values, shift) => {
      const shifted = new Uint8Array(values.byteLength + shift)
      shifted.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), shift)
      expect(decodeFloats('F32', shifted.subarray(shift))).toEqual(values)
    }),
  )
})

test('types that hold no weights are refused', () => {
  expect(() => decodeFloats('I64', new Uint8Array(8))).toThrow('expected F32, F16 or BF16')
})
