// A corpus on disk: <workspace>/corpora/<id>/{train,validation}.jsonl, one stored document per line, plain to read,
// and {train,validation}.offsets, where each line starts, for random access. document-writer.ts writes them.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../../src-shared/contract/errors.ts'

export const SPLITS = ['train', 'validation'] as const
export type Split = (typeof SPLITS)[number]

/** Texts longer than this many UTF-8 bytes are stored in parts, so that no line is ever large. */
export const MAX_PART_BYTES = 1 << 20

/** One line of train.jsonl or validation.jsonl: a document, or one part of a long one. */
export interface StoredDocument {
  /** Where it came from, as the person knows it: `books/alice.txt`. */
  file: string
  /** Line of that file at which the text starts; null where the format has no lines (PDF, EPUB, Parquet …). */
  line: number | null
  /** True when the text goes on from the line before: no document starts here. Left out of the file when false. */
  continues: boolean
  text: string
}

export const documentsPath = (folder: string, split: Split): string => join(folder, `${split}.jsonl`)
/** N + 1 little-endian 64-bit byte offsets: where each of the N lines starts, and where the last one ends. */
export const offsetsPath = (folder: string, split: Split): string => join(folder, `${split}.offsets`)

export function documentLine({ file, line, continues, text }: StoredDocument): string {
  return `${JSON.stringify(continues ? { file, line, continues, text } : { file, line, text })}\n`
}

function parseLine(bytes: Buffer, where: string): StoredDocument {
  try {
    const { file, line, continues, text } = JSON.parse(bytes.toString('utf8')) as Partial<StoredDocument>
    if (typeof file !== 'string' || typeof text !== 'string') throw new Error('file or text is missing')
    return { file, line: line ?? null, continues: continues === true, text }
  } catch (error) {
    throw damaged(where, (error as Error).message)
  }
}

const damaged = (where: string, got: string) =>
  new LabError({
    code: 'damaged',
    what: 'a corpus file does not read back as it was written',
    where,
    got,
    fix: 'import its files again, or remove the corpus',
  })

/** Bytes read at a time when streaming. */
const CHUNK = 1 << 18

/**
 * Every stored document of one split, in order. Memory is bounded by the longest line (about 1 MiB).
 * @param folder the corpus folder
 * @throws LabError `damaged`
 */
export function* storedDocuments(folder: string, split: Split): Generator<StoredDocument> {
  const path = documentsPath(folder, split)
  const fd = openSync(path, 'r')
  try {
    let buffer = Buffer.allocUnsafe(CHUNK * 2)
    let start = 0 // of the first line not yet given out
    let end = 0 // of what was read
    let searched = 0 // no line end before this
    let number = 0
    for (;;) {
      const lineEnd = buffer.subarray(0, end).indexOf(10, searched)
      if (lineEnd >= 0) {
        yield parseLine(buffer.subarray(start, lineEnd), `${path}, line ${++number}`)
        start = searched = lineEnd + 1
        continue
      }
      buffer.copyWithin(0, start, end)
      end -= start
      start = 0
      searched = end
      if (buffer.length - end < CHUNK) {
        const larger = Buffer.allocUnsafe(buffer.length * 2)
        buffer.copy(larger, 0, 0, end)
        buffer = larger
      }
      const read = readSync(fd, buffer, end, CHUNK, null)
      if (read === 0) break
      end += read
    }
    if (end > 0) throw damaged(`${path}, line ${number + 1}`, 'a line without an end')
  } finally {
    closeSync(fd)
  }
}

/** The texts of one split, in order: whole documents, or parts of at most 1 MiB of long ones. Sync, streaming. */
export function* documentTexts(folder: string, split: Split): Generator<string> {
  for (const { text } of storedDocuments(folder, split)) yield text
}

/** How many lines a split has. @throws LabError `damaged` */
export function storedCount(folder: string, split: Split): number {
  const path = offsetsPath(folder, split)
  const { size } = statSync(path)
  if (size < 8 || size % 8 !== 0) throw damaged(path, `${size} bytes, which is no list of offsets`)
  return size / 8 - 1
}

/**
 * One stored document by number; the numbers run through train first, then validation.
 * @throws LabError `not-found` past the end, `damaged`
 */
export function readDocument(
  folder: string,
  number: number,
): StoredDocument & { split: Split; bytes: number } {
  let rest = number
  for (const split of SPLITS) {
    const count = storedCount(folder, split)
    if (rest < count) return readOne(folder, split, rest)
    rest -= count
  }
  throw new LabError({
    code: 'not-found',
    what: `there is no document ${number}`,
    expected: `0 to ${number - rest - 1}`,
    fix: 'choose one of the list',
  })
}

function readOne(folder: string, split: Split, index: number) {
  const offsets = readAt(offsetsPath(folder, split), index * 8, 16)
  const start = Number(offsets.readBigUInt64LE(0))
  const end = Number(offsets.readBigUInt64LE(8))
  const path = documentsPath(folder, split)
  if (end <= start || end - start > 16 * MAX_PART_BYTES) throw damaged(path, `offsets ${start} and ${end}`)
  const document = parseLine(readAt(path, start, end - start), `${path}, line ${index + 1}`)
  return { ...document, split, bytes: Buffer.byteLength(document.text) }
}

function readAt(path: string, position: number, length: number): Buffer {
  const fd = openSync(path, 'r')
  try {
    if (position + length > fstatSync(fd).size) throw damaged(path, `only ${fstatSync(fd).size} bytes`)
    const bytes = Buffer.allocUnsafe(length)
    for (let at = 0; at < length; ) {
      const read = readSync(fd, bytes, at, length - at, position + at)
      if (read === 0) throw damaged(path, 'an end too early')
      at += read
    }
    return bytes
  } finally {
    closeSync(fd)
  }
}
