// The bytes of a file, decompressed where its name ends in .gz or .zst, with caps against decompression bombs.
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { Refused } from './formats/format.ts'

const CHUNK = 1 << 18
/** Text compresses 3 to 20 times, logs of one repeated line some 100 times. */
const MAX_RATIO = 200
const RATIO_COUNTS_FROM = 64 << 20
const MAX_BYTES = 64 * 2 ** 30

export type Compression = '.gz' | '.zst' | null

/**
 * The file's content in chunks of at most 256 KiB.
 * @param onRead hears how many bytes of the file were read
 * @throws Refused for damaged, truncated or implausibly compressed data
 */
export async function* fileBytes(
  path: string,
  compression: Compression,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  let read = 0
  async function* raw(start: number): AsyncGenerator<Buffer> {
    let position = start
    for await (const chunk of createReadStream(path, { start, highWaterMark: CHUNK })) {
      position += chunk.length
      if (position > read) {
        onRead(position - read)
        read = position
      }
      yield chunk
    }
  }
  if (compression === null) {
    yield* raw(0)
    return
  }
  let out = 0
  for (let start = 0; ; ) {
    const inflated = (compression === '.gz' ? createGunzip : createZstdDecompress)({ chunkSize: CHUNK })
    pipeline(raw(start), inflated, () => {}) // its error comes out of the loop below
    try {
      for await (const chunk of inflated) {
        out += chunk.length
        if (out > MAX_BYTES || (out > RATIO_COUNTS_FROM && out > MAX_RATIO * read))
          throw new Refused(
            `it unpacks to more than ${out} bytes from ${read}: that looks like a decompression bomb, not text`,
          )
        yield chunk
      }
    } catch (error) {
      throw refusedData(error)
    }
    // One Zstandard file may hold several frames; Node's decompressor ends after the first.
    start += inflated.bytesWritten
    if (compression === '.gz' || start >= read) return
  }
}

function refusedData(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'Z_BUF_ERROR') return new Refused('the compressed data ends too early: the file is not whole')
  if (/^(Z_|ZSTD_|ERR_ZLIB)/.test(code ?? ''))
    return new Refused(`the compressed data is damaged: ${message}`)
  return error
}
