// One safetensors file being written: pieces in the announced order, hashed while they stream, refused when not finite.
import { createHash } from 'node:crypto'
import { closeSync, fsync, openSync } from 'node:fs'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import type { TensorEntry } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { encodeHeader } from '../../../src-shared/safetensors/header.ts'
import { writeFully } from '../workspace/durable.ts'
import type { FileRecord } from './manifest.ts'

const syncAsync = promisify(fsync)

export class TensorFile {
  private readonly path: string
  private readonly entries: readonly TensorEntry[]
  private readonly header: Uint8Array
  private readonly dataBytes: number
  private readonly hash = createHash('sha256')
  private fd: number | null = null
  private written = 0

  /** Checks the list; nothing is created yet. */
  constructor(path: string, entries: readonly TensorEntry[]) {
    this.path = path
    this.entries = entries
    // transformers refuses a file that does not say which framework's layout it has.
    const { header, dataBytes } = encodeHeader(entries, { format: 'pt' })
    this.header = header
    this.dataBytes = dataBytes
  }

  get totalBytes(): number {
    return this.header.byteLength + this.dataBytes
  }

  open(): void {
    this.fd = openSync(this.path, 'wx')
    this.append(this.header)
  }

  /**
   * Little-endian float32 values that follow those written before; pieces may end anywhere between two values.
   * @throws LabError `bad-input`: half a value, more than announced, NaN or infinity
   */
  write(bytes: Uint8Array): void {
    if (bytes.byteLength % 4 !== 0) throw this.refuse(`a piece of ${bytes.byteLength} bytes cuts a value`)
    if (this.written + bytes.byteLength > this.dataBytes)
      throw this.refuse(`more than the announced ${this.dataBytes} bytes were given`)
    const wrong = firstNonFinite(bytes)
    if (wrong >= 0)
      throw this.refuse(
        `tensor "${this.tensorAt(this.written + 4 * wrong)}" holds a value that is not finite`,
        'go on from the last checkpoint, with a lower learning rate',
      )
    this.append(bytes)
    this.written += bytes.byteLength
  }

  /** Syncs and closes. @throws LabError `bad-input` when something is missing */
  async finish(): Promise<FileRecord> {
    if (this.written !== this.dataBytes)
      throw this.refuse(`only ${this.written} of the announced ${this.dataBytes} bytes were given`)
    await syncAsync(this.fd!)
    this.close()
    return { name: basename(this.path), bytes: this.totalBytes, sha256: this.hash.digest('hex') }
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd)
    this.fd = null
  }

  private append(bytes: Uint8Array): void {
    writeFully(this.fd!, bytes)
    this.hash.update(bytes)
  }

  private tensorAt(offset: number): string {
    let end = 0
    for (const { name, shape } of this.entries) {
      end += shape.reduce((product, dimension) => product * dimension, 4)
      if (offset < end) return name
    }
    return 'unknown'
  }

  private refuse(what: string, fix = 'this checkpoint is dropped; earlier ones stand'): LabError {
    return new LabError({ code: 'bad-input', what, where: basename(this.path), fix })
  }
}

/** Index of the first NaN or infinity among float32 values, −1 if all are finite. */
function firstNonFinite(bytes: Uint8Array): number {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  const bits = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4)
  // All exponent bits set means NaN or infinity.
  for (let i = 0; i < bits.length; i++) if ((bits[i]! & 0x7f800000) === 0x7f800000) return i
  return -1
}
