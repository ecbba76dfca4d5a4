// The binary codec: what is sent arrives, and what is no message is refused.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src-shared/contract/errors.ts'
import {
  decodeMessage,
  encodeMessage,
  MAX_MESSAGE_BYTES,
} from '../../../src-shared/contract/websocket-codec.ts'

const typedArray = fc.oneof(
  fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })).map(xs => Int32Array.from(xs)),
  fc.float32Array(),
  fc.float64Array(),
  fc.uint8Array(),
)
// Numbers without −0 (MessagePack has one integer 0), text without lone surrogates (UTF-8 has none), keys without
// `__proto__` (refused, tested below).
const value = fc.letrec<{ value: unknown; leaf: unknown }>(tie => ({
  leaf: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.double().map(x => x + 0),
    fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
    fc.string({ unit: 'binary' }),
    typedArray,
  ),
  value: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.string({ unit: 'binary' }).filter(key => key !== '__proto__'),
      tie('value'),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
})).value

describe('the WebSocket codec', () => {
  it('returns every nested value as it was sent', () => {
    fc.assert(
      fc.property(value, sent => {
        expect(decodeMessage(encodeMessage(sent))).toEqual(sent)
      }),
      { numRuns: 500 },
    )
  })

  it('returns typed arrays of the same kind and bits at any offset in the message', () => {
    for (let shift = 0; shift < 9; shift++) {
      const sent = {
        pad: 'x'.repeat(shift),
        ids: Int32Array.of(-1, 2 ** 31 - 1),
        weights: Float32Array.of(0.1, Number.NaN, -0, Number.POSITIVE_INFINITY),
        seconds: Float64Array.of(Math.PI, -0),
        bytes: Uint8Array.of(0, 255),
      }
      const got = decodeMessage(encodeMessage(sent)) as typeof sent
      expect(got.ids).toBeInstanceOf(Int32Array)
      expect(got.weights).toBeInstanceOf(Float32Array)
      expect(got.seconds).toBeInstanceOf(Float64Array)
      expect(got.bytes).toBeInstanceOf(Uint8Array)
      expect(got).toEqual(sent)
      expect(Object.is(got.weights[2], -0)).toBe(true)
    }
  })

  it('sends only the part of a buffer that a view shows', () => {
    const whole = Float32Array.from({ length: 1000 }, (_, i) => i)
    const bytes = encodeMessage(whole.subarray(10, 13))
    expect(bytes.byteLength).toBeLessThan(20)
    expect(decodeMessage(bytes)).toEqual(Float32Array.of(10, 11, 12))
  })

  it('carries numbers as their bytes, 4 per float, not as text', () => {
    expect(encodeMessage(new Float32Array(1000).fill(0.1)).byteLength).toBeLessThan(4010)
  })

  it('leaves undefined fields out', () => {
    const got = decodeMessage(encodeMessage({ a: 1, b: undefined }))
    expect(Object.keys(got as object)).toEqual(['a'])
  })

  it('refuses a message beyond the maximum, on both sides', () => {
    expect(() => encodeMessage(new Uint8Array(MAX_MESSAGE_BYTES))).toThrow(/too large.*at most 33554432/)
    expect(() => decodeMessage(new Uint8Array(MAX_MESSAGE_BYTES + 1))).toThrow(/too large/)
    expect(encodeMessage(new Uint8Array(MAX_MESSAGE_BYTES - 5)).byteLength).toBe(MAX_MESSAGE_BYTES)
  })

  it('answers any bytes with a value or a LabError, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        try {
          decodeMessage(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(LabError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses a key __proto__, a list announced longer than any of ours, and half a float', () => {
    const proto = [0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0x80]
    expect(() => decodeMessage(Uint8Array.from(proto))).toThrow(/cannot be read/)
    expect(() => decodeMessage(Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff))).toThrow(/cannot be read/)
    expect(() => decodeMessage(Uint8Array.of(0xc7, 3, 1, 0, 0, 0))).toThrow(/3 bytes are no Float32Array/)
  })

  it('refuses what it cannot carry instead of changing it', () => {
    expect(() => encodeMessage({ f: () => 1 })).toThrow(/cannot be sent/)
    expect(() => encodeMessage({ big: 1n })).toThrow(/cannot be sent/)
  })
})
