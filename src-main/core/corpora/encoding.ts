// Which encoding a file is in, and its bytes as UTF-8. Nothing is replaced: what is not valid stays invalid, and the
// readers of lines reject it there.
import { isAscii, isUtf8 } from 'node:buffer'
import { type ImportSource, Refused } from './formats/format.ts'

export type Encoding = 'UTF-8' | 'UTF-16 LE' | 'UTF-16 BE' | 'Latin-1'

interface Detected {
  encoding: Encoding
  /** Bytes of the byte-order mark. */
  mark: number
  /** Byte position of the first NUL; null when there is none or the encoding has them. */
  nul: number | null
  /** Sequences that are not valid UTF-8. */
  invalid: number
}

/** Index after the last whole UTF-8 character: a sequence that the end cuts off stays for the next chunk. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) break
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return length > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

/**
 * Reads the whole file once.
 * @param couldBeLatin1 false for formats that are UTF-8 by definition: their bad lines are bad
 * @throws Refused for an empty file, or one of an encoding that is not read
 */
export async function detectEncoding(source: ImportSource, couldBeLatin1 = true): Promise<Detected> {
  let head: Buffer = Buffer.alloc(0)
  let carry: Buffer = Buffer.alloc(0)
  let position = 0
  let nul: number | null = null
  const counts = { valid: 0, invalid: 0, controls: 0 }
  for await (const chunk of source.bytes()) {
    if (head.length < 4096) {
      head = Buffer.concat([head, chunk.subarray(0, 4096 - head.length)])
      if (head.length >= 4096 || chunk.length >= 4096) {
        const wide = detectWide(head)
        if (wide) return wide
      }
    }
    if (nul === null) {
      const at = chunk.indexOf(0)
      if (at >= 0) nul = position + at
    }
    position += chunk.length
    const bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk
    const whole = wholeCharacters(bytes)
    carry = Buffer.from(bytes.subarray(whole))
    count(bytes.subarray(0, whole), counts)
  }
  if (position === 0) throw new Refused('the file is empty')
  const wide = detectWide(head)
  if (wide) return wide
  if (carry.length > 0) counts.invalid++
  const mark = head.length >= 3 && head.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0
  // Western European text next to never happens to spell a valid sequence; a UTF-8 file with damage holds many.
  const latin = couldBeLatin1 && mark === 0 && counts.invalid > 10 * counts.valid
  if (latin && counts.controls > position / 200) throw new Refused('it holds binary data, not text')
  return { encoding: latin ? 'Latin-1' : 'UTF-8', mark, nul, invalid: counts.invalid }
}

/** UTF-16 by its mark, or by where the zeros of its ASCII characters are. */
function detectWide(head: Buffer): Detected | null {
  const found = (encoding: Encoding, mark: number): Detected => ({ encoding, mark, nul: null, invalid: 0 })
  if (head.length >= 4 && (head.readUInt32LE(0) === 0xfeff || head.readUInt32BE(0) === 0xfeff))
    throw new Refused('it is encoded in UTF-32, which is not read; save it as UTF-8')
  if (head.length >= 2 && head.readUInt16LE(0) === 0xfeff) return found('UTF-16 LE', 2)
  if (head.length >= 2 && head.readUInt16BE(0) === 0xfeff) return found('UTF-16 BE', 2)
  let even = 0
  let odd = 0
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i] === 0 && head[i + 1] !== 0) even++
    if (head[i] !== 0 && head[i + 1] === 0) odd++
  }
  const enough = head.length / 2 / 4 // a quarter of the characters
  if (odd > enough && even <= odd / 20) return found('UTF-16 LE', 0)
  if (even > enough && odd <= even / 20) return found('UTF-16 BE', 0)
  return null
}

function count(bytes: Buffer, counts: { valid: number; invalid: number; controls: number }): void {
  if (isAscii(bytes)) return
  if (isUtf8(bytes)) {
    for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0xc0) counts.valid++
    return
  }
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i]!
    if (byte < 0x80) {
      if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) counts.controls++
      i++
      continue
    }
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1
    if (length > 1 && isUtf8(bytes.subarray(i, i + length))) {
      counts.valid++
      i += length
    } else {
      counts.invalid++
      i++
    }
  }
}

/**
 * The file's bytes as UTF-8, without byte-order mark, and the encoding noted in the source.
 * Half surrogate pairs of UTF-16 come out as the invalid bytes ED A0 80 … ED BF BF, for the line readers to reject.
 */
export async function* utf8Bytes(
  source: ImportSource,
  { encoding, mark }: Pick<Detected, 'encoding' | 'mark'>,
): AsyncGenerator<Buffer> {
  source.encoding = encoding + (mark > 0 ? ' with byte-order mark' : '')
  if (encoding === 'Latin-1')
    source.note(`${source.name} is not valid UTF-8; it was read as Latin-1 (Windows-1252)`)
  const wide = encoding === 'UTF-16 LE' || encoding === 'UTF-16 BE' ? new Utf16Transcoder(encoding) : null
  const decoder = encoding === 'Latin-1' ? new TextDecoder('windows-1252') : null
  let skip = mark
  for await (const chunk of source.bytes()) {
    const bytes = skip > 0 ? chunk.subarray(skip) : chunk
    skip = Math.max(0, skip - chunk.length)
    yield wide ? wide.push(bytes) : decoder ? Buffer.from(decoder.decode(bytes)) : bytes
  }
  if (wide && wide.rest > 0)
    source.note(
      `${source.name} ends in the middle of a character of ${encoding}: its last ${wide.rest === 1 ? 'byte was' : `${wide.rest} bytes were`} left out`,
    )
}

class Utf16Transcoder {
  private readonly encoding: 'UTF-16 LE' | 'UTF-16 BE'
  /** Bytes of a character whose end has not come yet. */
  private carry: Buffer = Buffer.alloc(0)

  constructor(encoding: 'UTF-16 LE' | 'UTF-16 BE') {
    this.encoding = encoding
  }

  /** Bytes of a character that the end of the file cut off. */
  get rest(): number {
    return this.carry.length
  }

  push(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.carry, chunk]) // a copy: swap16 changes it in place
    let whole = bytes.length & ~1
    if (whole >= 2) {
      const last = this.encoding === 'UTF-16 LE' ? bytes[whole - 1]! : bytes[whole - 2]!
      if (last >= 0xd8 && last <= 0xdb) whole -= 2 // the first half of a pair waits for the second
    }
    this.carry = Buffer.from(bytes.subarray(whole))
    const units = bytes.subarray(0, whole)
    if (this.encoding === 'UTF-16 BE') units.swap16()
    const text = units.toString('utf16le')
    return text.isWellFormed() ? Buffer.from(text) : withHalfPairs(text)
  }
}

function withHalfPairs(text: string): Buffer {
  const parts: Buffer[] = []
  for (const piece of text.split(
    /([\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff])/,
  )) {
    const unit = piece.charCodeAt(0)
    const isHalf = piece.length === 1 && unit >= 0xd800 && unit <= 0xdfff
    parts.push(
      isHalf ? Buffer.of(0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)) : Buffer.from(piece),
    )
  }
  return Buffer.concat(parts)
}
