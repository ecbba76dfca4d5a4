// Makes a corpus out of a stream of texts: long ones in parts, duplicates dropped, split into train and validation.
import { createHash, type Hash, hash as hashOnce } from 'node:crypto'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  documentsPath,
  MAX_PART_BYTES,
  offsetsPath,
  SPLITS,
  type Split,
  type StoredDocument,
  storedDocuments,
} from './document-store.ts'
import { type SplitMark, SplitWriter } from './document-writer.ts'
import type { TextPiece } from './formats/format.ts'
import { HashSet } from './hash-set.ts'
import { TextHash, type TextHashes } from './text-hash.ts'

/** About one document in ten validates. */
export const VALIDATION_SHARE = 0.1
/** With fewer documents, or when chance splits their bytes badly, the end of every document validates. */
export const DOCUMENTS_FOR_HASH_SPLIT = 20
const FAIR_SHARE = { least: 0.02, most: 0.3 }

export interface CorpusStatistics {
  hash: string
  /** Kept ones, whole: a long document in parts counts once. */
  documents: number
  validationDocuments: number
  /** UTF-8 bytes of all text. */
  bytes: number
  validationBytes: number
  duplicates: number
  split: 'document-hash' | 'tail'
  notes: string[]
  textHashes: TextHashes
}

interface OpenDocument {
  readonly file: string
  readonly countsLines: boolean
  /** Line at which `pending` starts. */
  line: number | null
  /** Text not yet written. */
  pending: string
  isBlank: boolean
  bytes: number
  /** Both null while the document fits one part. */
  hash: Hash | null
  mark: SplitMark | null
}

/** @returns what became of a document */
export type Fate = 'kept' | 'duplicate' | 'empty'

export class CorpusWriter {
  private readonly folder: string
  private readonly splits: Record<Split, SplitWriter>
  private readonly known = new HashSet()
  private readonly corpusHash = createHash('sha256')
  private readonly textHashes = { train: new TextHash(), validation: new TextHash() }
  private readonly documents: Record<Split, number> = { train: 0, validation: 0 }
  private readonly bytes: Record<Split, number> = { train: 0, validation: 0 }
  private duplicates = 0
  private inParts = 0
  private open: OpenDocument | null = null
  /** Files whose lines are lines of the text, for the line numbers of the tail split. */
  private readonly countsLines = new Set<string>()

  /** @param folder an empty staging folder */
  constructor(folder: string) {
    this.folder = folder
    this.splits = {
      train: new SplitWriter(folder, 'train'),
      validation: new SplitWriter(folder, 'validation'),
    }
  }

  /** Bytes of text kept so far. */
  get size(): number {
    return this.bytes.train + this.bytes.validation
  }

  /**
   * Adds a text, or goes on with the one before.
   * @returns the fate of the document before, when this piece starts a new one
   */
  add(file: string, { text, line, continues }: TextPiece, countsLines = false): Fate | null {
    if (!continues || this.open === null) {
      const fate = this.close()
      this.open = { file, countsLines, line, pending: text, isBlank: true, bytes: 0, hash: null, mark: null }
      this.cutParts(this.open)
      return fate
    }
    this.open.pending += text
    this.cutParts(this.open)
    return null
  }

  /** Ends the document in progress. */
  close(): Fate | null {
    const document = this.open
    if (document === null) return null
    this.open = null
    while (Buffer.byteLength(document.pending) > MAX_PART_BYTES)
      this.writePart(document, cutPoint(document.pending))
    return document.mark === null ? this.closeShort(document) : this.closeLong(document, document.mark)
  }

  /** Forgets the document in progress: the rest of it cannot be read. */
  drop(): void {
    if (this.open?.mark) this.splits.train.rollback(this.open.mark)
    this.open = null
  }

  private cutParts(document: OpenDocument): void {
    // UTF-8 needs at least a byte for each of the string's units: more units than bytes allowed are surely too many.
    while (document.pending.length > MAX_PART_BYTES) this.writePart(document, cutPoint(document.pending))
  }

  private writePart(document: OpenDocument, cut: number): void {
    const text = document.pending.slice(0, cut)
    const continues = document.mark !== null
    document.mark ??= this.splits.train.mark()
    document.hash ??= createHash('sha256')
    document.hash.update(text)
    document.bytes += Buffer.byteLength(text)
    document.isBlank &&= !/\S/.test(text)
    this.splits.train.append({ file: document.file, line: document.line, continues, text })
    if (document.countsLines && document.line !== null) document.line += lineEnds(text)
    document.pending = document.pending.slice(cut)
  }

  private closeShort({ file, line, pending: text, countsLines }: OpenDocument): Fate {
    if (!/\S/.test(text)) return 'empty'
    const hash = hashOnce('sha256', text, 'buffer')
    const split = this.admit(hash)
    if (split === null) return 'duplicate'
    this.splits[split].append({ file, line, continues: false, text })
    this.kept(file, countsLines, split, Buffer.byteLength(text))
    return 'kept'
  }

  private closeLong(document: OpenDocument, mark: SplitMark): Fate {
    if (document.pending !== '') this.writePart(document, document.pending.length)
    const split = document.isBlank ? null : this.admit(document.hash!.digest())
    if (split === null) this.splits.train.rollback(mark)
    else if (split === 'validation') this.splits.train.moveTo(this.splits.validation, mark)
    if (document.isBlank) return 'empty'
    if (split === null) return 'duplicate'
    this.inParts++
    this.kept(document.file, document.countsLines, split, document.bytes)
    return 'kept'
  }

  /** The split of a document never seen before; null for a duplicate. */
  private admit(hash: Buffer): Split | null {
    if (!this.known.add(hash)) {
      this.duplicates++
      return null
    }
    this.corpusHash.update(hash)
    const split = hash.readUInt32LE(0) / 2 ** 32 < VALIDATION_SHARE ? 'validation' : 'train'
    this.textHashes[split].addHash(hash)
    return split
  }

  private kept(file: string, countsLines: boolean, split: Split, bytes: number): void {
    this.documents[split]++
    this.bytes[split] += bytes
    if (countsLines && this.documents.train + this.documents.validation < DOCUMENTS_FOR_HASH_SPLIT)
      this.countsLines.add(file)
  }

  /** Ends the corpus: all files are on the disk when this returns. */
  finish(): CorpusStatistics {
    this.close()
    const documents = this.documents.train + this.documents.validation
    const notes: string[] = []
    if (this.inParts > 0)
      notes.push(
        `${counted(this.inParts, 'text')} longer than 1 MiB ${this.inParts === 1 ? 'is' : 'are'} stored in parts; each is still one document`,
      )
    const share = this.bytes.validation / Math.max(1, this.size)
    const isFair = share >= FAIR_SHARE.least && share <= FAIR_SHARE.most
    const isByHash = documents >= DOCUMENTS_FOR_HASH_SPLIT && isFair
    for (const split of SPLITS) this.splits[split].finish(isByHash)
    const common = {
      hash: this.corpusHash.digest('hex'),
      documents,
      bytes: this.size,
      duplicates: this.duplicates,
    }
    if (isByHash)
      return {
        ...common,
        validationDocuments: this.documents.validation,
        validationBytes: this.bytes.validation,
        split: 'document-hash',
        notes,
        textHashes: digests(this.textHashes),
      }
    if (documents > 0)
      notes.push(
        documents < DOCUMENTS_FOR_HASH_SPLIT
          ? `with fewer than ${DOCUMENTS_FOR_HASH_SPLIT} documents, the last 10 % of each is kept for validation`
          : 'chosen by hash, the validation documents would be too small or too large a part; the last 10 % of each document is kept for validation instead',
      )
    return { ...common, ...splitTails(this.folder, this.countsLines), split: 'tail', notes }
  }

  /** Lets go of the files; the owner of the staging folder removes it. */
  abandon(): void {
    for (const split of SPLITS) this.splits[split].abandon()
  }
}

const encoder = new TextEncoder()
const scratch = new Uint8Array(MAX_PART_BYTES)

/** Where to cut a text so that the first part is at most 1 MiB: after a paragraph, a line, or anywhere. */
function cutPoint(text: string): number {
  const fits = encoder.encodeInto(text, scratch).read
  const window = text.slice(0, fits)
  const paragraph = window.lastIndexOf('\n\n')
  if (paragraph > fits / 2) return paragraph + 2
  const line = window.lastIndexOf('\n')
  return line > 0 ? line + 1 : fits
}

function lineEnds(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}

const digests = ({ train, validation }: Record<Split, TextHash>): TextHashes => ({
  train: train.digest(),
  validation: validation.digest(),
})

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Documents of a folder, as the parts of each. */
function* allParts(folder: string): Generator<StoredDocument> {
  for (const split of SPLITS) yield* storedDocuments(folder, split)
}

/** How many bytes each document has, in the order of `allParts`. */
function* documentSizes(folder: string): Generator<number> {
  let bytes = -1
  for (const part of allParts(folder)) {
    if (!part.continues) {
      if (bytes >= 0) yield bytes
      bytes = 0
    }
    bytes += Buffer.byteLength(part.text)
  }
  if (bytes >= 0) yield bytes
}

/** Writes both splits anew: of every document the first 90 % train, the rest validates. */
function splitTails(folder: string, countsLines: ReadonlySet<string>) {
  const anew = join(folder, 'anew')
  mkdirSync(anew)
  const splits = { train: new SplitWriter(anew, 'train'), validation: new SplitWriter(anew, 'validation') }
  const hashes = { train: new TextHash(), validation: new TextHash() }
  const append = (split: Split, part: StoredDocument) => {
    splits[split].append(part)
    hashes[split].add(part)
  }
  const sizes = documentSizes(folder) // runs one document ahead
  let size = 0
  let before = 0 // bytes of this document already seen
  let isTail = false
  let validationDocuments = 0
  let validationBytes = 0
  const validate = (part: StoredDocument) => {
    append('validation', { ...part, continues: isTail })
    if (!isTail) validationDocuments++
    validationBytes += Buffer.byteLength(part.text)
    isTail = true
  }
  for (const part of allParts(folder)) {
    if (!part.continues) {
      size = sizes.next().value as number
      before = 0
      isTail = false
    }
    const bytes = Buffer.byteLength(part.text)
    const target = size * (1 - VALIDATION_SHARE) - before
    before += bytes
    if (isTail) validate(part)
    else if (target >= bytes) append('train', part)
    else {
      const cut = tailPoint(part.text, target / bytes)
      const head = part.text.slice(0, cut)
      const tail = part.text.slice(cut)
      const line = part.line !== null && countsLines.has(part.file) ? part.line + lineEnds(head) : part.line
      if (head !== '') append('train', { ...part, text: head })
      if (tail !== '') validate({ ...part, line, text: tail })
    }
  }
  for (const split of SPLITS) {
    splits[split].finish()
    renameSync(documentsPath(anew, split), documentsPath(folder, split))
    renameSync(offsetsPath(anew, split), offsetsPath(folder, split))
  }
  rmSync(anew, { recursive: true })
  return { validationDocuments, validationBytes, textHashes: digests(hashes) }
}

/** The line end, else the space, nearest to a share of a text within a twentieth of it; else between characters. */
function tailPoint(text: string, share: number): number {
  const target = Math.round(text.length * share)
  const reach = Math.max(1, Math.floor(text.length / 20))
  for (const mark of ['\n', ' ']) {
    const before = text.lastIndexOf(mark, target - 1) + 1
    const after = text.indexOf(mark, target) + 1
    const candidates = [before, after].filter(
      at => at > 0 && at < text.length && Math.abs(at - target) <= reach,
    )
    if (candidates.length > 0)
      return candidates.reduce((a, b) => (Math.abs(b - target) < Math.abs(a - target) ? b : a))
  }
  const isInsidePair = /[\udc00-\udfff]/.test(text[target] ?? '')
  return isInsidePair ? target + 1 : target
}
