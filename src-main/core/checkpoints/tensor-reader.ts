// Reads pieces of tensors from a safetensors file of any size; F16 and BF16 come as float32.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { decodeFloats, dtypeBytes } from '../../../src-shared/safetensors/dtype.ts'
import {
  headerLength,
  LENGTH_BYTES,
  parseHeader,
  type SafetensorsHeader,
} from '../../../src-shared/safetensors/header.ts'

function readRange(path: string, start: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  const fd = openSync(path, 'r')
  try {
    let done = 0
    while (done < length) {
      const read = readSync(fd, bytes, done, length - done, start + done)
      if (read === 0)
        throw new LabError({
          code: 'damaged',
          what: 'the file ends early',
          where: path,
          fix: 'verify this checkpoint',
        })
      done += read
    }
  } finally {
    closeSync(fd)
  }
  return bytes
}

/** Reads and checks a file's header. @throws LabError `damaged` */
export function readHeader(path: string): SafetensorsHeader {
  const fileBytes = statSync(path).size
  const start = readRange(path, 0, Math.min(LENGTH_BYTES, fileBytes))
  const json = readRange(path, LENGTH_BYTES, headerLength(start, fileBytes, path))
  return parseHeader(json, fileBytes, path)
}

/**
 * Values [offset, offset + length) of a tensor, row-major.
 * @throws LabError `bad-input` for a name or range that is not there
 */
export function readValues(
  path: string,
  { tensors, dataOffset }: SafetensorsHeader,
  name: string,
  offset: number,
  length: number,
): Float32Array<ArrayBuffer> {
  const refuse = (what: string): LabError =>
    new LabError({ code: 'bad-input', what, where: path, fix: 'ask for what the list of tensors has' })
  const info = tensors.get(name)
  if (!info) throw refuse(`there is no tensor "${name}"`)
  const size = dtypeBytes.get(info.dtype)!
  if ((offset + length) * size > info.end - info.begin)
    throw refuse(`tensor "${name}" has no values ${offset} to ${offset + length}`)
  const bytes = readRange(path, dataOffset + info.begin + offset * size, length * size)
  return info.dtype === 'F32' ? new Float32Array(bytes.buffer) : decodeFloats(info.dtype, bytes)
}
