// Safetensors headers: what is written reads back, and every known abuse of the format is refused before allocation.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  encodeHeader,
  headerLength,
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  parseHeader,
} from '../../../src-shared/safetensors/header.ts'

const encode = (text: string) => new TextEncoder().encode(text)

/** Reads a header given as JSON text, before `dataBytes` bytes of tensors. */
const parse = (json: string, dataBytes = 0) => {
  const bytes = encode(json)
  return parseHeader(bytes, LENGTH_BYTES + bytes.byteLength + dataBytes)
}
const tensor = (dtype: string, shape: unknown, offsets: unknown) =>
  JSON.stringify({ dtype, shape, data_offsets: offsets })

function readWhole(header: Uint8Array, dataBytes: number) {
  const total = header.byteLength + dataBytes
  const length = headerLength(header.subarray(0, LENGTH_BYTES), total)
  return parseHeader(header.subarray(LENGTH_BYTES, LENGTH_BYTES + length), total)
}

const entry = fc.record({
  name: fc.string({ unit: 'grapheme' }).filter(name => name !== '__metadata__'),
  shape: fc.array(fc.nat(40), { maxLength: 4 }),
})
const entries = fc.uniqueArray(entry, { selector: each => each.name, maxLength: 20 })

describe('writing', () => {
  test('any list of tensors reads back with the same names, shapes and order of bytes', () => {
    fc.assert(
      fc.property(entries, fc.dictionary(fc.string(), fc.string()), (list, metadata) => {
        const { header, dataBytes } = encodeHeader(list, metadata)
        const read = readWhole(header, dataBytes)
        expect(
          [...read.tensors.values()].filter(info => info.end > info.begin).map(info => info.name),
        ).toEqual(list.filter(each => !each.shape.includes(0)).map(each => each.name))
        for (const { name, shape } of list) expect(read.tensors.get(name)!.shape).toEqual(shape)
        expect({ ...read.metadata }).toEqual({ ...metadata })
        expect(read.dataOffset % 8).toBe(0)
      }),
    )
  })

  test('the bytes of a small header are exactly these', () => {
    const { header, dataBytes } = encodeHeader([{ name: 'a', shape: [2, 3] }], { format: 'pt' })
    const json = '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}'
    expect(dataBytes).toBe(24)
    expect(new TextDecoder().decode(header.subarray(8))).toBe(json.padEnd(88))
    expect([...header.subarray(0, 8)]).toEqual([88, 0, 0, 0, 0, 0, 0, 0])
  })

  test('a name twice, a reserved name and an impossible shape are refused', () => {
    const twice = { name: 'a', shape: [1] }
    expect(() => encodeHeader([twice, twice])).toThrow('"a" is taken')
    expect(() => encodeHeader([{ name: '__metadata__', shape: [1] }])).toThrow('is taken')
    for (const shape of [[2 ** 40, 2 ** 40], [-1], [1.5], [Number.NaN]])
      expect(() => encodeHeader([{ name: 'a', shape }])).toThrow('has the shape')
  })
})

describe('reading', () => {
  test('a scalar, an empty tensor and every dtype are accepted', () => {
    expect(
      parse(`{"s":${tensor('F32', [], [0, 4])},"e":${tensor('F64', [0, 5], [4, 4])}}`, 4).tensors.size,
    ).toBe(2)
    expect(
      parse(`{"b":${tensor('BF16', [3], [0, 6])},"u":${tensor('U8', [2], [6, 8])}}`, 8).tensors.size,
    ).toBe(2)
    expect(parse('{}').tensors.size).toBe(0)
    expect(parse('{}      ').tensors.size).toBe(0)
  })

  test('tensors listed in another order than their bytes are accepted, in the order of the bytes', () => {
    const { tensors } = parse(`{"b":${tensor('U8', [2], [3, 5])},"a":${tensor('U8', [3], [0, 3])}}`, 5)
    expect([...tensors.keys()]).toEqual(['a', 'b'])
  })

  test.each<[string, string, number, string]>([
    ['a hole', `{"a":${tensor('U8', [1], [0, 1])},"b":${tensor('U8', [1], [2, 3])}}`, 3, 'hole'],
    ['a hole at the start', `{"a":${tensor('U8', [1], [1, 2])}}`, 2, 'hole'],
    ['an overlap', `{"a":${tensor('U8', [2], [0, 2])},"b":${tensor('U8', [2], [1, 3])}}`, 3, 'overlaps'],
    [
      'the same bytes twice',
      `{"a":${tensor('U8', [2], [0, 2])},"b":${tensor('U8', [2], [0, 2])}}`,
      2,
      'overlaps',
    ],
    ['trailing bytes (polyglot)', `{"a":${tensor('U8', [2], [0, 2])}}`, 3, 'size does not match'],
    ['bytes after an empty header', '{}', 1, 'size does not match'],
    ['too few bytes', `{"a":${tensor('U8', [4], [0, 4])}}`, 3, 'size does not match'],
    ['a range shorter than its shape', `{"a":${tensor('F32', [2], [0, 4])}}`, 4, 'does not fill its range'],
    ['a range that runs backwards', `{"a":${tensor('U8', [0], [4, 0])}}`, 0, 'ends before it begins'],
    ['a shape that overflows', `{"a":${tensor('F32', [2 ** 32, 2 ** 32], [0, 4])}}`, 4, 'overflows'],
    ['an overflow hidden by a zero', `{"a":${tensor('F32', [2 ** 40, 2 ** 40, 0], [0, 0])}}`, 0, 'overflows'],
    ['an unknown dtype', `{"a":${tensor('F33', [1], [0, 4])}}`, 4, 'unknown dtype'],
    ['a dtype from the prototype', `{"a":${tensor('constructor', [1], [0, 4])}}`, 4, 'unknown dtype'],
    ['a negative dimension', `{"a":${tensor('U8', [-1], [0, 1])}}`, 1, 'plain count'],
    ['a fraction', `{"a":${tensor('U8', [1.5], [0, 1])}}`, 1, 'plain count'],
    ['1.0 for 1', '{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}', 1, 'plain count'],
    ['1e0 for 1', '{"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}', 1, 'plain count'],
    [
      'a dimension beyond 2^53',
      '{"a":{"dtype":"U8","shape":[9007199254740993],"data_offsets":[0,1]}}',
      1,
      'counts',
    ],
    ['a dimension as text', `{"a":${tensor('U8', ['1'], [0, 1])}}`, 1, 'no list of counts'],
    ['three offsets', `{"a":${tensor('U8', [1], [0, 1, 2])}}`, 1, 'no pair of counts'],
    ['no offsets', '{"a":{"dtype":"U8","shape":[1]}}', 1, 'other fields'],
    ['a further field', '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}', 1, 'other fields'],
    ['a tensor that is null', '{"a":null}', 0, 'not an object'],
    ['a tensor that is a list', '{"a":[]}', 0, 'not an object'],
    ['metadata that is no object', '{"__metadata__":[]}', 0, 'not an object'],
    ['metadata that is no text', '{"__metadata__":{"a":1}}', 0, 'not a text'],
    ['a tensor twice', `{"a":${tensor('U8', [1], [0, 1])},"a":${tensor('U8', [1], [0, 1])}}`, 1, 'twice'],
    ['a field twice', '{"a":{"dtype":"F32","dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1, 'twice'],
    [
      'a name twice, once escaped',
      `{"a":${tensor('U8', [1], [0, 1])},"\\u0061":${tensor('U8', [1], [0, 1])}}`,
      1,
      'twice',
    ],
    [
      'a name twice before wide space',
      `{"a"${' '.repeat(99)}:${tensor('U8', [1], [0, 1])},"a":${tensor('U8', [1], [0, 1])}}`,
      1,
      'twice',
    ],
    ['no JSON', '{"a"', 0, 'not JSON'],
    ['space before {', ' {}', 0, 'does not start with {'],
    ['a byte order mark', '\uFEFF{}', 0, 'does not start with {'],
    ['a list', '[]', 0, 'does not start with {'],
    ['JSON with more after it', '{}{}', 0, 'not JSON'],
    ['100,000 levels', `{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 0, 'not an object'],
  ])('%s is refused', (_, json, dataBytes, reason) => {
    expect(() => parse(json, dataBytes)).toThrow(reason)
  })

  test('bytes that are not UTF-8 are refused', () => {
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])
    expect(() => parseHeader(bytes, LENGTH_BYTES + 5)).toThrow('not UTF-8')
  })

  test('a tensor named __proto__ is a tensor like any other and touches no prototype', () => {
    const { tensors, metadata } = parse(
      `{"__metadata__":{"__proto__":"x"},"__proto__":${tensor('U8', [1], [0, 1])}}`,
      1,
    )
    expect([...tensors.keys()]).toEqual(['__proto__'])
    expect(Object.keys(metadata)).toEqual(['__proto__'])
    expect(({} as { dtype?: unknown }).dtype).toBeUndefined()
  })

  test.each([
    ['2^63', 2n ** 63n, 1e6, 'too large'],
    ['over the cap', BigInt(MAX_HEADER_BYTES) + 1n, 1e9, 'too large'],
    ['longer than the file', 93n, 100, 'longer than the file'],
  ])('a header length that is %s is refused', (_, length, fileBytes, reason) => {
    const start = new Uint8Array(8)
    new DataView(start.buffer).setBigUint64(0, length, true)
    expect(() => headerLength(start, fileBytes)).toThrow(reason)
  })

  test('a file of fewer than 8 bytes is refused', () => {
    expect(() => headerLength(new Uint8Array(7), 7)).toThrow('too short')
    expect(() => headerLength(new Uint8Array(0), 0)).toThrow('too short')
  })

  test('whatever a header holds, it is read or refused with a LabError', () => {
    const sound = encodeHeader(
      [
        { name: 'a', shape: [2, 3] },
        { name: 'b', shape: [4] },
      ],
      { format: 'pt' },
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.header.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        changes => {
          const header = sound.header.slice()
          for (const [at, byte] of changes) header[at] = byte
          try {
            const { tensors, dataOffset } = readWhole(header, sound.dataBytes)
            const bytes = [...tensors.values()].reduce((sum, info) => sum + info.end - info.begin, 0)
            expect(dataOffset + bytes).toBe(header.byteLength + sound.dataBytes)
          } catch (error) {
            expect(error).toHaveProperty('facts.code', 'damaged')
          }
        },
      ),
      { numRuns: 3000 },
    )
  })
})
