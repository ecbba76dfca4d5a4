// UTF-8 bytes to lines (row formats) or to blocks of whole lines (running text); invalid UTF-8 is rejected by line.
import { isUtf8 } from 'node:buffer'
import { MAX_PART_BYTES } from './document-store.ts'
import { wholeCharacters } from './encoding.ts'
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
export function lineFault(line: Line): string | null {
  if (line.isTooLong) return `the row is longer than ${MAX_ROW_BYTES >> 20} MiB`
  return isUtf8(line.bytes) ? null : invalidUtf8(line.bytes)
}

export function invalidUtf8(bytes: Buffer): string {
  let low = 0 // longest valid prefix: whole characters of the first `low` bytes are valid
  for (let high = bytes.length; low < high; ) {
    const middle = (low + high + 1) >> 1
    const whole = wholeCharacters(bytes.subarray(0, middle))
    if (isUtf8(bytes.subarray(0, whole))) low = middle
    else high = middle - 1
  }
  const at = wholeCharacters(bytes.subarray(0, low))
  return `not valid UTF-8 at byte ${at + 1} of the line (0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')})`
}

/** Running text in blocks of about a chunk, cut after line ends where there are any; bad lines are left out. */
export async function* textBlocks(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<{ text: string; line: number } | RejectedRow> {
  let carry: Buffer = Buffer.alloc(0)
  let line = 1
  const block = function* (bytes: Buffer) {
    if (isUtf8(bytes)) yield { text: bytes.toString('utf8'), line }
    else yield* validLines(bytes, line)
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) line++
  }
  for await (const chunk of chunks) {
    const bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk
    let cut = bytes.lastIndexOf(10) + 1
    if (cut === 0 && bytes.length >= MAX_PART_BYTES) cut = wholeCharacters(bytes)
    carry = Buffer.from(bytes.subarray(cut))
    if (cut > 0) yield* block(bytes.subarray(0, cut))
  }
  if (carry.length > 0) yield* block(carry)
}

function* validLines(bytes: Buffer, first: number) {
  let line = first
  for (let start = 0; start < bytes.length; line++) {
    const lineEnd = bytes.indexOf(10, start)
    const end = lineEnd < 0 ? bytes.length : lineEnd + 1
    const piece = bytes.subarray(start, end)
    if (isUtf8(piece)) yield { text: piece.toString('utf8'), line }
    else yield { rejected: `${invalidUtf8(piece)}; the line was left out`, line, preview: preview(piece) }
    start = end
  }
}
