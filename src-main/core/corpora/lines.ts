// UTF-8 bytes to lines (row formats) or to blocks of whole lines (running text); invalid UTF-8 is rejected by line.
import { isUtf8 } from 'node:buffer'
import { MAX_PART_BYTES } from './document-store.ts'
import { type Encoding, wholeCharacters } from './encoding.ts'
import { MAX_ROW_BYTES, preview, type RejectedRow } from './formats/format.ts'

export interface Line {
  /** From 1. */
  readonly number: number
  /** Without line end; the first bytes only when the line is too long. */
  readonly bytes: Buffer
  readonly isTooLong: boolean
}

/** Cuts chunks into lines at LF, CR LF included; a line over the cap is skipped and reported. */
export class LineSplitter {
  private parts: Buffer[] = []
  private length = 0
  private number = 0

  push(chunk: Buffer): Line[] {
    const lines: Line[] = []
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.add(chunk.subarray(start, end))
      lines.push(this.take())
      start = end + 1
    }
    this.add(chunk.subarray(start))
    return lines
  }

  /** The last line, when it has no line end. */
  end(): Line[] {
    return this.length > 0 ? [this.take()] : []
  }

  private add(bytes: Buffer): void {
    this.length += bytes.length
    if (this.length <= MAX_ROW_BYTES) this.parts.push(bytes)
    else this.parts.length = Math.min(this.parts.length, 1)
  }

  private take(): Line {
    const isTooLong = this.length > MAX_ROW_BYTES
    const joined = this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts)
    const bytes = joined.at(-1) === 13 ? joined.subarray(0, -1) : joined
    this.parts = []
    this.length = 0
    return { number: ++this.number, bytes, isTooLong }
  }
}

/** Why a line cannot be used as text; null when it can. */
export function lineFault(line: Line, encoding: Encoding): string | null {
  if (line.isTooLong) return `the row is longer than ${MAX_ROW_BYTES >> 20} MiB`
  return isUtf8(line.bytes) ? null : encodingFault(line.bytes, encoding, 'of the line')
}

/** Where bytes stop being valid UTF-8: the index of the first one that does not belong. */
function invalidAt(bytes: Buffer): number {
  let low = 0 // longest valid prefix: whole characters of the first `low` bytes are valid
  for (let high = bytes.length; low < high; ) {
    const middle = (low + high + 1) >> 1
    const whole = wholeCharacters(bytes.subarray(0, middle))
    if (isUtf8(bytes.subarray(0, whole))) low = middle
    else high = middle - 1
  }
  return wholeCharacters(bytes.subarray(0, low))
}

/** How many bytes of a file became these of utf8Bytes; not for Latin-1, which has no faults to place. */
function bytesInFile(bytes: Buffer, encoding: Encoding): number {
  if (encoding === 'UTF-8' || encoding === 'Latin-1') return bytes.length
  let units = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
  }
  return 2 * units
}

/**
 * What is wrong with bytes of utf8Bytes that are not valid UTF-8, in terms of the file.
 * @param within `of the line`  @param before bytes of the file before these, counted in what `within` names
 */
export function encodingFault(bytes: Buffer, encoding: Encoding, within: string, before = 0): string {
  const at = invalidAt(bytes)
  const place = `at byte ${before + bytesInFile(bytes.subarray(0, at), encoding) + 1} ${within}`
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  if (encoding === 'UTF-8') return `not valid UTF-8 ${place} (0x${hex(bytes[at] ?? 0)})`
  const unit = 0xd000 | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f)
  return `not valid ${encoding} ${place}: half of a surrogate pair (0x${hex(unit)})`
}

/**
 * Running text in blocks of about a chunk, cut after line ends where there are any. Lines that are not valid are left
 * out; of a line too long to hold only the piece that is not.
 * @param chunks of utf8Bytes  @param mark bytes of the file before the first chunk
 */
export async function* textBlocks(
  chunks: AsyncIterable<Buffer>,
  { encoding, mark }: { encoding: Encoding; mark: number },
): AsyncGenerator<{ text: string; line: number } | RejectedRow> {
  let carry: Buffer = Buffer.alloc(0)
  const place = { line: 1, offset: mark, isInsideLine: false }
  const block = function* (bytes: Buffer, isLast = false) {
    if (isUtf8(bytes)) yield { text: bytes.toString('utf8'), line: place.line }
    else yield* validLines(bytes, encoding, place, isLast)
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) place.line++
    place.offset += bytesInFile(bytes, encoding)
    place.isInsideLine = bytes.at(-1) !== 10
  }
  for await (const chunk of chunks) {
    const bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk
    let cut = bytes.lastIndexOf(10) + 1
    if (cut === 0 && bytes.length >= MAX_PART_BYTES) cut = wholeCharacters(bytes)
    carry = Buffer.from(bytes.subarray(cut))
    if (cut > 0) yield* block(bytes.subarray(0, cut))
  }
  if (carry.length > 0) yield* block(carry, true)
}

function* validLines(
  bytes: Buffer,
  encoding: Encoding,
  first: { readonly line: number; readonly offset: number; readonly isInsideLine: boolean },
  isLast: boolean,
) {
  let { line, offset, isInsideLine } = first
  for (let start = 0; start < bytes.length; line++) {
    const lineEnd = bytes.indexOf(10, start)
    const isWhole = !isInsideLine && (lineEnd >= 0 || isLast)
    // The end of a long line stays, so that what is kept of it does not run into the next one.
    const end = lineEnd < 0 ? bytes.length : isWhole ? lineEnd + 1 : lineEnd
    const piece = bytes.subarray(start, end)
    const size = bytesInFile(piece, encoding)
    if (isUtf8(piece)) yield { text: piece.toString('utf8'), line }
    else {
      const leftOut = isWhole
        ? 'the line was left out'
        : `of this long line, bytes ${offset + 1} to ${offset + size} of the file were left out`
      const fault = encodingFault(piece, encoding, 'of the file', offset)
      yield { rejected: `${fault}; ${leftOut}`, line, preview: preview(piece) }
    }
    offset += size
    start = end
    if (lineEnd >= end) {
      yield { text: '\n', line }
      offset += bytesInFile(bytes.subarray(lineEnd, ++start), encoding)
    }
    isInsideLine = false
  }
}
