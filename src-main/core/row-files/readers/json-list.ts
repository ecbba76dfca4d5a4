// Cuts the elements out of one long JSON list as its bytes come, so that a file of any size is read row by row.
import { MAX_ROW_BYTES, Refused } from '../../corpora/formats/format.ts'
import type { Line } from '../../corpora/lines.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const LINE_END = 0x0a
const isOpen = (byte: number): boolean => byte === 0x5b || byte === 0x7b
const isClose = (byte: number): boolean => byte === 0x5d || byte === 0x7d
const isWhite = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13)

/** An element as a line, with its place in the list, from 1. */
export interface ListElement extends Line {
  readonly row: number
}

/** Gives elements with the number of the line on which they start; what is in them is the caller's to parse. */
export class JsonListSplitter {
  private depth = 0
  private isInString = false
  private isEscaped = false
  private lineNumber = 1
  /** Of the element that was taken last. */
  private row = 0
  private isOver = false
  /** The line of something after the list. */
  private strayLine: number | null = null
  private parts: Buffer[] = []
  private length = 0
  /** Of the element that is being read; null between two. */
  private startLine: number | null = null

  push(chunk: Buffer): ListElement[] {
    const lines: ListElement[] = []
    let start = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === LINE_END) this.lineNumber++
      if (this.isInString) {
        if (this.isEscaped) this.isEscaped = false
        else if (byte === BACKSLASH) this.isEscaped = true
        else if (byte === QUOTE) this.isInString = false
        continue
      }
      if (isWhite(byte)) continue
      if (this.isOver) {
        this.strayLine ??= this.lineNumber
        break
      }
      if (this.depth === 0) {
        this.depth = 1
        start = at + 1
        continue
      }
      const endsElement = this.depth === 1 && (byte === COMMA || isClose(byte))
      if (endsElement) {
        this.add(chunk.subarray(start, at))
        if (this.startLine !== null || byte === COMMA) lines.push(this.take())
        start = at + 1
        this.isOver = byte !== COMMA
        continue
      }
      this.startLine ??= this.lineNumber
      if (byte === QUOTE) this.isInString = true
      else if (isOpen(byte)) this.depth++
      else if (isClose(byte)) this.depth--
    }
    if (this.depth > 0 && !this.isOver) this.add(chunk.subarray(start))
    return lines
  }

  /** @throws Refused when the list does not end, or something comes after it */
  end(): ListElement[] {
    if (this.strayLine !== null)
      throw new Refused(`something follows the end of the list at line ${this.strayLine}`)
    if (this.isOver) return []
    throw new Refused(
      this.startLine === null
        ? 'the list of rows never ends: the file is not whole'
        : `the list of rows never ends: the file is not whole, or a bracket or quote is missing in row ${this.row + 1}, which starts at line ${this.startLine}`,
    )
  }

  private add(bytes: Buffer): void {
    this.length += bytes.length
    if (this.length <= MAX_ROW_BYTES) this.parts.push(bytes)
    else this.parts.length = Math.min(this.parts.length, 1)
  }

  private take(): ListElement {
    const number = this.startLine ?? this.lineNumber
    // An element that is not there, as in [1,,2], stays something that is no JSON.
    const bytes = this.startLine === null ? Buffer.from(',') : Buffer.concat(this.parts)
    const isTooLong = this.length > MAX_ROW_BYTES
    this.parts = []
    this.length = 0
    this.startLine = null
    return { number, row: ++this.row, bytes, isTooLong }
  }
}
