// What a file format is to the importer. Adding one = one file in this folder and one row in formats.ts.

/** A document, or a piece of one that goes on where the piece before ended. */
export interface TextPiece {
  readonly text: string
  /** Line (or row) of the file at which it starts, from 1; null where the format has none. */
  readonly line: number | null
  readonly continues: boolean
}

/** A row or line that cannot be used; everything around it is kept. */
export interface RejectedRow {
  readonly rejected: string
  readonly line: number | null
  /** The first 200 characters of it. */
  readonly preview: string
}

/** A file to read, as a format sees it. */
export interface ImportSource {
  /** As the person knows it: `books/alice.txt.gz`. */
  readonly name: string
  readonly path: string
  /** Bytes on the disk. */
  readonly size: number
  /** The bytes, decompressed. May be called again: detection reads once, the format reads once more. */
  bytes(): AsyncIterable<Buffer>
  /** Tells how far a format that reads by itself has come, in bytes on the disk. */
  advance(bytes: number): void
  /** A sentence for the corpus' notes: what was decided for this file. */
  note(sentence: string): void
  /** The name of the encoding, for the list of files. */
  encoding: string
}

export interface Format {
  readonly name: string
  readonly extensions: readonly string[]
  /** Whether .gz and .zst of it are read. */
  readonly compressible: boolean
  /** Whether every row is a document; otherwise the file is one. */
  readonly hasRows: boolean
  /** Whether the text itself runs over the lines of the file, so that a line break in it is one in the file. */
  readonly countsLines: boolean
  /** @throws Refused when the file, or the rest of it, cannot be used */
  read(source: ImportSource): AsyncIterable<TextPiece | RejectedRow>
}

/** Why a whole file, or the rest of it, cannot be used. It becomes a rejection without a line; the import goes on. */
export class Refused extends Error {}

/** Rows longer than this many bytes are rejected. */
export const MAX_ROW_BYTES = 16 << 20
export const PREVIEW_CHARACTERS = 200

/** The first characters on one line, control characters made visible. */
export function preview(text: string | Uint8Array): string {
  const start =
    typeof text === 'string' ? text : new TextDecoder().decode(text.subarray(0, 4 * PREVIEW_CHARACTERS))
  return start
    .slice(0, PREVIEW_CHARACTERS)
    .replace(/\p{Cc}/gu, ' ')
    .toWellFormed()
}
