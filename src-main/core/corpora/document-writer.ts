// Writes the files of document-store.ts into a staging folder: nothing of a corpus is visible before it is whole.
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder } from '../workspace/durable.ts'
import {
  documentLine,
  documentsPath,
  offsetsPath,
  type Split,
  type StoredDocument,
} from './document-store.ts'

const BUFFER_BYTES = 1 << 18

/** A file that grows at its end, through one buffer: millions of small pieces must leave no garbage behind. */
export class AppendFile {
  private readonly fd: number
  private isOpen = true
  private readonly buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  private filled = 0
  private written = 0

  constructor(path: string) {
    this.fd = openSync(path, 'wx+')
  }

  get size(): number {
    return this.written + this.filled
  }

  appendText(text: string): void {
    // UTF-8 takes at most 3 bytes for a UTF-16 unit.
    if (text.length * 3 > BUFFER_BYTES) {
      this.appendBytes(Buffer.from(text))
      return
    }
    if (this.filled + text.length * 3 > BUFFER_BYTES) this.flush()
    this.filled += this.buffer.write(text, this.filled)
  }

  appendOffset(offset: number): void {
    if (this.filled + 8 > BUFFER_BYTES) this.flush()
    this.filled = this.buffer.writeUInt32LE(offset % 2 ** 32, this.filled)
    this.filled = this.buffer.writeUInt32LE(Math.floor(offset / 2 ** 32), this.filled)
  }

  appendBytes(bytes: Buffer): void {
    this.flush()
    this.write(bytes)
  }

  private flush(): void {
    this.write(this.buffer.subarray(0, this.filled))
    this.filled = 0
  }

  private write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const count = writeSync(this.fd, bytes, at, bytes.length - at, this.written)
      at += count
      this.written += count
    }
  }

  truncate(size: number): void {
    this.flush()
    ftruncateSync(this.fd, size)
    this.written = size
  }

  /** What stands from `start` on, in pieces. */
  *from(start: number): Generator<Buffer> {
    this.flush()
    for (let at = start; at < this.size; ) {
      const piece = Buffer.allocUnsafe(Math.min(1 << 18, this.size - at))
      const read = readSync(this.fd, piece, 0, piece.length, at)
      at += read
      yield piece.subarray(0, read)
    }
  }

  finish(toDisk: boolean): void {
    this.flush()
    if (toDisk) fsyncSync(this.fd)
    this.close()
  }

  close(): void {
    if (this.isOpen) closeSync(this.fd)
    this.isOpen = false
  }
}

/** Appends to one split of a corpus in a staging folder. */
export class SplitWriter {
  private readonly documents: AppendFile
  private readonly offsets: AppendFile

  /** @param folder exists, and holds nothing of this split yet */
  constructor(folder: string, split: Split) {
    this.documents = new AppendFile(documentsPath(folder, split))
    this.offsets = new AppendFile(offsetsPath(folder, split))
  }

  /** Lines written. */
  get count(): number {
    return this.offsets.size / 8
  }

  append(document: StoredDocument): void {
    this.appendOffset()
    this.documents.appendText(documentLine(document))
  }

  private appendOffset(): void {
    this.offsets.appendOffset(this.documents.size)
  }

  /** A place to go back to, or to move from: the end as it is now. */
  mark(): SplitMark {
    return { documents: this.documents.size, offsets: this.offsets.size }
  }

  /** Forgets everything after `mark`. */
  rollback(mark: SplitMark): void {
    this.documents.truncate(mark.documents)
    this.offsets.truncate(mark.offsets)
  }

  /** Moves everything after `mark` to the end of `other`. */
  moveTo(other: SplitWriter, mark: SplitMark): void {
    const shift = BigInt(other.documents.size) - BigInt(mark.documents)
    for (const piece of this.documents.from(mark.documents)) other.documents.appendBytes(piece)
    for (const piece of this.offsets.from(mark.offsets)) {
      for (let at = 0; at < piece.length; at += 8)
        piece.writeBigUInt64LE(piece.readBigUInt64LE(at) + shift, at)
      other.offsets.appendBytes(piece)
    }
    this.rollback(mark)
  }

  /** Ends the split. @param toDisk waits until both files are on the disk; false for what is written anew at once */
  finish(toDisk = true): void {
    this.appendOffset()
    this.documents.finish(toDisk)
    this.offsets.finish(toDisk)
  }

  /** Lets go of the files; whoever owns the staging folder removes it. */
  abandon(): void {
    this.documents.close()
    this.offsets.close()
  }
}

export interface SplitMark {
  readonly documents: number
  readonly offsets: number
}

/**
 * Makes a finished staging folder the real one, in one step that a crash cannot halve.
 * Files in it must be fsynced already.
 */
export function commitFolder(staging: string, folder: string): void {
  syncFolder(staging)
  renameSync(staging, folder)
  syncFolder(dirname(folder))
}
