// The header of a safetensors file, read with every check of the format before anything is allocated, and written.
// File: 8 bytes header length (little-endian), JSON header, tensor bytes without holes.
// Format: https://github.com/huggingface/safetensors#format
import { LabError } from '../contract/errors.ts'
import { dtypeBytes } from './dtype.ts'
import { findJsonTrick } from './json-tricks.ts'

/** The format allows 100 MB; a header of ours with 1,000 tensors has 100 kB. */
export const MAX_HEADER_BYTES = 16 * 2 ** 20
export const LENGTH_BYTES = 8

export interface TensorInfo {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  /** Byte range [begin, end) after the header. */
  readonly begin: number
  readonly end: number
}

export interface SafetensorsHeader {
  /** In the order of the bytes. */
  readonly tensors: ReadonlyMap<string, TensorInfo>
  readonly metadata: Readonly<Record<string, string>>
  /** Where tensor bytes start in the file. */
  readonly dataOffset: number
}

const bad = (file: string, what: string, expected?: string, got?: string): LabError =>
  new LabError({
    code: 'damaged',
    what: `this is not a sound safetensors file: ${what}`,
    where: file,
    ...(expected !== undefined && { expected }),
    ...(got !== undefined && { got }),
    fix: 'use another copy of the file',
  })

/**
 * Bytes of the JSON header.
 * @param start the first 8 bytes of the file (or fewer, when it has fewer)  @param fileBytes size of the whole file
 * @throws LabError `damaged`
 */
export function headerLength(start: Uint8Array, fileBytes: number, file = 'safetensors'): number {
  if (start.byteLength < LENGTH_BYTES || fileBytes < LENGTH_BYTES)
    throw bad(file, 'it is too short', `at least ${LENGTH_BYTES} bytes`, `${fileBytes}`)
  // BigInt: a length of 2^63 must not round to something that fits.
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true)
  if (length > BigInt(MAX_HEADER_BYTES))
    throw bad(file, 'its header is too large', `at most ${MAX_HEADER_BYTES} bytes`, `${length}`)
  if (Number(length) > fileBytes - LENGTH_BYTES)
    throw bad(file, 'its header is longer than the file', `at most ${fileBytes - LENGTH_BYTES}`, `${length}`)
  return Number(length)
}

/**
 * Checks and reads the JSON header.
 * @param json exactly the bytes that `headerLength` announced  @param fileBytes size of the whole file
 * @throws LabError `damaged`: not UTF-8 or JSON, duplicate keys, wrong types, unknown dtype, shape × dtype ≠ bytes,
 *   overflow, holes, overlaps, bytes that belong to no tensor
 */
export function parseHeader(json: Uint8Array, fileBytes: number, file = 'safetensors'): SafetensorsHeader {
  const root = parseJson(json, file)
  const dataOffset = LENGTH_BYTES + json.byteLength
  const metadata: Record<string, string> = Object.create(null)
  const list: TensorInfo[] = []
  for (const [name, value] of Object.entries(root)) {
    if (name === '__metadata__') {
      if (!isObject(value)) throw bad(file, '__metadata__ is not an object')
      for (const [key, text] of Object.entries(value)) {
        if (typeof text !== 'string') throw bad(file, `__metadata__.${key} is not a text`)
        metadata[key] = text
      }
    } else list.push(tensorInfo(name, value, file))
  }
  // Empty tensors begin where another one does; order by end then puts them first.
  list.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let expected = 0
  for (const { name, begin, end } of list) {
    if (begin !== expected)
      throw bad(
        file,
        `tensor "${name}" ${begin < expected ? 'overlaps another' : 'leaves a hole before it'}`,
        `offset ${expected}`,
        `${begin}`,
      )
    expected = end
  }
  if (dataOffset + expected !== fileBytes)
    throw bad(file, 'its size does not match its header', `${dataOffset + expected} bytes`, `${fileBytes}`)
  return { tensors: new Map(list.map(info => [info.name, info])), metadata, dataOffset }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function parseJson(json: Uint8Array, file: string): Record<string, unknown> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json)
  } catch {
    throw bad(file, 'its header is not UTF-8')
  }
  if (!text.startsWith('{')) throw bad(file, 'its header does not start with {')
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch (error) {
    throw bad(file, `its header is not JSON (${(error as Error).message})`)
  }
  const trick = findJsonTrick(text)
  if (trick) throw bad(file, `its header has ${trick}`)
  return root as Record<string, unknown>
}

function tensorInfo(name: string, value: unknown, file: string): TensorInfo {
  const where = `tensor "${name}"`
  if (!isObject(value)) throw bad(file, `${where} is not an object`)
  const keys = Object.keys(value).sort().join(', ')
  if (keys !== 'data_offsets, dtype, shape')
    throw bad(file, `${where} has other fields`, 'dtype, shape, data_offsets', keys)
  const { dtype, shape, data_offsets: offsets } = value
  const size = typeof dtype === 'string' ? dtypeBytes.get(dtype) : undefined
  if (size === undefined) throw bad(file, `${where} has an unknown dtype`, undefined, JSON.stringify(dtype))
  if (!Array.isArray(shape) || !shape.every(isCount))
    throw bad(file, `${where} has a shape that is no list of counts`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw bad(file, `${where} has data_offsets that are no pair of counts`)
  const [begin, end] = offsets as [number, number]
  if (end < begin) throw bad(file, `${where} ends before it begins`)
  let bytes = size
  for (const dimension of shape as number[]) {
    bytes *= dimension
    // Checked at every factor: a later 0 must not hide an overflow.
    if (!Number.isSafeInteger(bytes)) throw bad(file, `${where} has a shape that overflows`)
  }
  if (bytes !== end - begin)
    throw bad(file, `${where} does not fill its range`, `${bytes} bytes`, `${end - begin}`)
  return { name, dtype: dtype as string, shape: shape as number[], begin, end }
}

/**
 * The start of a float32 file: length and header, padded with spaces so that tensor bytes start at a multiple of 8.
 * The same entries give the same bytes; tensors follow in the order given.
 * @throws LabError `bad-input`: a name twice, `__metadata__` as a name, a shape that overflows
 */
export function encodeHeader(
  entries: readonly { readonly name: string; readonly shape: readonly number[] }[],
  metadata: Readonly<Record<string, string>> = {},
): { header: Uint8Array<ArrayBuffer>; dataBytes: number } {
  const refuse = (what: string): never => {
    throw new LabError({ code: 'bad-input', what, where: 'tensor list', fix: 'correct the list of tensors' })
  }
  const seen = new Set(['__metadata__'])
  const parts = [`"__metadata__":${JSON.stringify(metadata)}`]
  let offset = 0
  for (const { name, shape } of entries) {
    if (seen.has(name)) refuse(`the tensor name "${name}" is taken`)
    seen.add(name)
    const end = shape.reduce((product, dimension) => product * dimension, 4) + offset
    if (!shape.every(isCount) || !Number.isSafeInteger(end))
      refuse(`tensor "${name}" has the shape [${shape}]`)
    parts.push(
      `${JSON.stringify(name)}:{"dtype":"F32","shape":${JSON.stringify(shape)},"data_offsets":[${offset},${end}]}`,
    )
    offset = end
  }
  const json = new TextEncoder().encode(`{${parts.join(',')}}`)
  const padded = Math.ceil(json.byteLength / 8) * 8
  if (padded > MAX_HEADER_BYTES) refuse(`the header would have ${padded} bytes`)
  const header = new Uint8Array(LENGTH_BYTES + padded).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true)
  header.set(json, LENGTH_BYTES)
  return { header, dataBytes: offset }
}
