// What proves that the stored texts of a split are the ones that were imported: SHA-256 over the SHA-256 of each of its
// documents (in a tail split: of the head or tail of each), in their order.
import { createHash, type Hash, hash as hashOnce } from 'node:crypto'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { documentsPath, type Split, type StoredDocument, storedDocuments } from './document-store.ts'

/** In hex. */
export type TextHashes = Readonly<Record<Split, string>>

/** Takes stored documents, long ones part by part. */
export class TextHash {
  private readonly all = createHash('sha256')
  private open: { first: string; rest: Hash | null } | null = null

  add({ text, continues }: Pick<StoredDocument, 'text' | 'continues'>): void {
    if (!continues || this.open === null) {
      this.close()
      this.open = { first: text, rest: null }
      return
    }
    this.open.rest ??= createHash('sha256').update(this.open.first)
    this.open.rest.update(text)
  }

  /** Takes a whole document by its hash. */
  addHash(hash: Buffer): void {
    this.close()
    this.all.update(hash)
  }

  private close(): void {
    if (this.open === null) return
    const { first, rest } = this.open
    this.all.update(rest ? rest.digest() : hashOnce('sha256', first, 'buffer'))
    this.open = null
  }

  /** Ends it. */
  digest(): string {
    this.close()
    return this.all.digest('hex')
  }
}

/**
 * As storedDocuments; the end comes only when all of them were the ones that were imported.
 * @param expected null for a corpus that was written before texts were hashed
 * @throws LabError `damaged` after the last one
 */
export function* verifiedDocuments(
  folder: string,
  split: Split,
  expected: TextHashes | null,
): Generator<StoredDocument> {
  const hash = new TextHash()
  for (const document of storedDocuments(folder, split)) {
    if (expected) hash.add(document)
    yield document
  }
  if (!expected) return
  const got = hash.digest()
  if (got === expected[split]) return
  throw new LabError({
    code: 'damaged',
    what: 'the text of this corpus was changed since it was imported',
    where: documentsPath(folder, split),
    expected: `SHA-256 of its documents ${expected[split].slice(0, 12)}`,
    got: got.slice(0, 12),
    fix: 'put the file back from a backup, or import the texts again as a new corpus',
  })
}
