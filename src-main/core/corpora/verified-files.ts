// Whether files still hold the bytes they were written with: SHA-256, read once per process and version of a file.
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'

const CHUNK = 1 << 20

export class VerifiedFiles {
  /** Path → what was verified, and the size and time of the file it was verified of. */
  private readonly known = new Map<string, string>()

  /** Takes a file that was hashed while it was written. */
  trust(path: string, sha256: string): void {
    this.known.set(path, versionOf(path, sha256))
  }

  /**
   * @param sha256 in hex  @param onRead hears how many bytes were read
   * @throws AbortError when `signal` aborts; the errors of node:fs
   */
  async matches(
    path: string,
    sha256: string,
    signal?: AbortSignal,
    onRead: (bytes: number) => void = () => {},
  ): Promise<boolean> {
    const version = versionOf(path, sha256) // before reading: what is written meanwhile is another version
    if (this.known.get(path) === version) return true
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK, signal })) {
      hash.update(chunk)
      onRead(chunk.length)
    }
    if (hash.digest('hex') !== sha256) return false
    this.known.set(path, version)
    return true
  }
}

function versionOf(path: string, sha256: string): string {
  const { ino, size, mtimeNs } = statSync(path, { bigint: true })
  return `${ino} ${size} ${mtimeNs} ${sha256}`
}
