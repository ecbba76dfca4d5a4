// A corpus as token ids: <corpus>/tokens/<tokenizer>.{train,validation}.u16 (or .u32), little-endian, every document
// preceded by <|endoftext|>; and <tokenizer>.json, written last, without which the others do not count.
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import { replaceFile, writeFully } from '../workspace/durable.ts'
import { SPLITS, type Split } from './document-store.ts'
import { type TextHashes, verifiedDocuments } from './text-hash.ts'
import type { VerifiedFiles } from './verified-files.ts'

/** The tokens of one split, read from the disk where they are asked for. */
export interface TokenReader {
  /** Tokens, document starts included. */
  readonly length: number
  /** Tokens start … start + length − 1. @throws RangeError outside of the split */
  read(start: number, length: number): Int32Array
  close(): void
}
export interface TokenizedCorpus {
  readonly train: TokenReader
  readonly validation: TokenReader
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const manifestSchema = v.object({
  format: v.literal(2),
  corpusHash: v.string(),
  tokenizerHash: v.string(),
  /** Bytes of an id. */
  width: v.picklist([2, 4]),
  train: count,
  validation: count,
  /** Of the files, in hex. */
  sha256: v.object({ train: v.string(), validation: v.string() }),
})
export type TokensManifest = v.InferOutput<typeof manifestSchema>
export type TokensOf = Pick<TokensManifest, 'corpusHash' | 'tokenizerHash'>

const tokensFolder = (corpus: string): string => join(corpus, 'tokens')
const manifestPath = (corpus: string, tokenizer: string): string =>
  join(tokensFolder(corpus), `${tokenizer}.json`)
const tokensPath = (corpus: string, tokenizer: string, split: Split, width: 2 | 4): string =>
  join(tokensFolder(corpus), `${tokenizer}.${split}.u${8 * width}`)

/**
 * What stands in a corpus folder for a tokenizer: null when nothing does, or when it is torn, or made from another
 * text or tokenizer.
 */
export function tokensManifest(corpus: string, tokenizer: string, of: TokensOf): TokensManifest | null {
  const path = manifestPath(corpus, tokenizer)
  if (!existsSync(path)) return null
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  const parsed = v.safeParse(manifestSchema, content)
  if (!parsed.success) return null
  const manifest = parsed.output
  if (manifest.corpusHash !== of.corpusHash || manifest.tokenizerHash !== of.tokenizerHash) return null
  const isWhole = SPLITS.every(split => {
    const status = statSync(tokensPath(corpus, tokenizer, split, manifest.width), { throwIfNoEntry: false })
    return status?.size === manifest[split] * manifest.width
  })
  return isWhole ? manifest : null
}

/** Whether the files of a manifest hold what was written. @throws as VerifiedFiles.matches */
export async function tokensMatch(
  corpus: string,
  tokenizer: string,
  { width, sha256 }: TokensManifest,
  files: VerifiedFiles,
  signal?: AbortSignal,
  onRead?: (bytes: number) => void,
): Promise<boolean> {
  for (const split of SPLITS)
    if (!(await files.matches(tokensPath(corpus, tokenizer, split, width), sha256[split], signal, onRead)))
      return false
  return true
}

/** Takes the files of a manifest that was written just now. */
export function trustTokens(
  corpus: string,
  tokenizer: string,
  { width, sha256 }: TokensManifest,
  files: VerifiedFiles,
): void {
  for (const split of SPLITS) files.trust(tokensPath(corpus, tokenizer, split, width), sha256[split])
}

export function openTokens(corpus: string, tokenizer: string, manifest: TokensManifest): TokenizedCorpus {
  const open = (split: Split) =>
    new FileTokens(tokensPath(corpus, tokenizer, split, manifest.width), manifest[split], manifest.width)
  const train = open('train')
  try {
    return { train, validation: open('validation') }
  } catch (error) {
    train.close()
    throw error
  }
}

class FileTokens implements TokenReader {
  readonly length: number
  private readonly path: string
  private readonly fd: number
  private readonly width: 2 | 4
  /** Grows to the longest read: batches ask for the same length again and again. */
  private buffer = new ArrayBuffer(0)

  constructor(path: string, length: number, width: 2 | 4) {
    this.path = path
    this.fd = openSync(path, 'r')
    this.length = length
    this.width = width
  }

  read(start: number, length: number): Int32Array {
    if (start < 0 || length < 0 || start + length > this.length)
      throw new RangeError(`tokens ${start} … ${start + length} of ${this.length} in ${this.path}`)
    const bytes = length * this.width
    if (this.buffer.byteLength < bytes) this.buffer = new ArrayBuffer(bytes)
    const view = new Uint8Array(this.buffer, 0, bytes)
    for (let at = 0; at < bytes; ) {
      const read = readSync(this.fd, view, at, bytes - at, start * this.width + at)
      if (read === 0) throw damaged(this.path)
      at += read
    }
    return this.width === 2
      ? Int32Array.from(new Uint16Array(this.buffer, 0, length))
      : new Int32Array(this.buffer.slice(0, bytes))
  }

  close(): void {
    closeSync(this.fd)
  }
}

const damaged = (where: string) =>
  new LabError({
    code: 'damaged',
    what: 'a file of tokens is shorter than it was',
    where,
    fix: 'resume or start the run again: the corpus is then tokenized anew',
  })

/**
 * Tokenizes both splits and writes them; what a crash or a cancel leaves half done does not count and is written anew.
 * @param onProgress hears bytes of text done  @param textHashes of the texts as they were imported
 * @throws LabError `damaged` when the texts were changed since
 */
export function writeTokens(
  corpus: string,
  tokenizerId: string,
  tokenizer: Tokenizer,
  of: TokensOf,
  textHashes: TextHashes | null,
  onProgress: (bytes: number) => void,
): TokensManifest {
  mkdirSync(tokensFolder(corpus), { recursive: true })
  rmSync(manifestPath(corpus, tokenizerId), { force: true })
  const width = tokenizer.vocabularySize <= 2 ** 16 ? 2 : 4
  let done = 0
  const counts = { train: 0, validation: 0 }
  const sha256 = { train: '', validation: '' }
  for (const split of SPLITS) {
    const path = tokensPath(corpus, tokenizerId, split, width)
    const fd = openSync(`${path}.tmp`, 'w')
    const hash = createHash('sha256')
    try {
      for (const { ids, bytes } of tokenBlocks(corpus, split, tokenizer, textHashes)) {
        const block = width === 2 ? Uint16Array.from(ids) : Uint32Array.from(ids)
        const blockBytes = new Uint8Array(block.buffer)
        hash.update(blockBytes)
        writeFully(fd, blockBytes)
        counts[split] += block.length
        done += bytes
        onProgress(done)
      }
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(`${path}.tmp`, path)
    sha256[split] = hash.digest('hex')
  }
  const manifest: TokensManifest = { format: 2, ...of, width, ...counts, sha256 }
  replaceFile(manifestPath(corpus, tokenizerId), `${JSON.stringify(manifest)}\n`)
  return manifest
}

/** Ids of stored documents together, some 64 Ki at a time: small documents must not cost a write each. */
function* tokenBlocks(
  corpus: string,
  split: Split,
  tokenizer: Tokenizer,
  textHashes: TextHashes | null,
): Generator<{ ids: number[]; bytes: number }> {
  const start = tokenizer.specialTokens.get('<|endoftext|>')
  if (start === undefined)
    throw new LabError({
      code: 'bad-input',
      what: 'this tokenizer has no <|endoftext|> to start documents with',
      fix: 'train a tokenizer here, or use gpt2 or gpt4',
    })
  let ids: number[] = []
  let bytes = 0
  for (const { text, continues } of verifiedDocuments(corpus, split, textHashes)) {
    if (!continues) ids.push(start)
    for (const id of tokenizer.encode(text)) ids.push(id)
    bytes += Buffer.byteLength(text)
    if (ids.length < 1 << 16) continue
    yield { ids, bytes }
    ids = []
    bytes = 0
  }
  yield { ids, bytes }
}
