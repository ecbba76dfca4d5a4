// Byte-level byte-pair encoding: Sennrich et al. 2016 (arXiv:1508.07909) over UTF-8 bytes as in GPT-2, so any text has ids.
import { ChunkTable, grown } from './chunk-table.ts'
import { Heap } from './heap.ts'
import { PairTable } from './pair-table.ts'
import { forEachChunk, SPLIT_PATTERN, splitRegExp } from './split.ts'
import { decodeTokens, noSuchToken } from './stream-decoder.ts'
import { SPECIAL_TOKENS, type Tokenizer } from './tokenizer.ts'

/** Ids 0 … 255 are the bytes; merge m makes id 256 + m. */
export const BYTE_TOKENS = 256

/** Bounds of the chunk cache: it is emptied when one is reached. */
const CACHE_CHUNKS = 2 ** 16
const CACHE_UNITS = 2 ** 20
/** Longer chunks hardly ever come twice. */
const CACHED_CHUNK_LENGTH = 64

/** Ranks are packed above positions in one float64. */
const RANK_UNIT = 2 ** 32

export interface BpeOptions {
  /** (left, right) of every merge, in order: 2 ids per merge. Merge m may only use ids below 256 + m. */
  merges: Int32Array
  kind?: 'bpe' | 'foreign'
  /** The byte that id i stands for, i < 256; by default i itself. */
  byteOfId?: Uint8Array
  splitPattern?: string
  /** By default SPECIAL_TOKENS, on the ids after the last merge. */
  specialTokens?: ReadonlyMap<string, number>
}

export class BpeTokenizer implements Tokenizer {
  readonly kind: 'bpe' | 'foreign'
  readonly vocabularySize: number
  readonly specialTokens: ReadonlyMap<string, number>
  readonly merges: Int32Array
  /** As it stands in tokenizer.json. */
  readonly splitPattern: string
  private readonly splitter: RegExp
  private readonly merger: ByteMerger
  /** Bytes of ordinary id i are bytes[byteStarts[i] … byteStarts[i + 1]). */
  private readonly bytes: Uint8Array
  private readonly byteStarts: Int32Array
  private readonly cache = new ChunkTable()
  private readonly cachedFrom = new Int32Array(CACHE_CHUNKS + 1)
  private cachedIds = new Int32Array(CACHE_CHUNKS)

  constructor({ merges, kind = 'bpe', byteOfId, splitPattern = SPLIT_PATTERN, specialTokens }: BpeOptions) {
    const ordinary = BYTE_TOKENS + merges.length / 2
    this.kind = kind
    this.merges = merges
    this.splitPattern = splitPattern
    this.splitter = splitRegExp(splitPattern)
    this.specialTokens = specialTokens ?? new Map(SPECIAL_TOKENS.map((name, i) => [name, ordinary + i]))
    this.vocabularySize = Math.max(ordinary, ...[...this.specialTokens.values()].map(id => id + 1))

    const byteOf = byteOfId ?? Uint8Array.from({ length: BYTE_TOKENS }, (_, i) => i)
    this.merger = new ByteMerger(byteOf)
    for (let m = 0; m < merges.length / 2; m++)
      this.merger.add(merges[2 * m]!, merges[2 * m + 1]!, BYTE_TOKENS + m)

    this.byteStarts = new Int32Array(ordinary + 1)
    const lengthOf = (id: number) => this.byteStarts[id + 1]! - this.byteStarts[id]!
    for (let id = 0; id < ordinary; id++) {
      const m = 2 * (id - BYTE_TOKENS)
      const length = id < BYTE_TOKENS ? 1 : lengthOf(merges[m]!) + lengthOf(merges[m + 1]!)
      this.byteStarts[id + 1] = this.byteStarts[id]! + length
    }
    this.bytes = new Uint8Array(this.byteStarts[ordinary]!)
    this.bytes.set(byteOf)
    for (let id = BYTE_TOKENS; id < ordinary; id++) {
      const m = 2 * (id - BYTE_TOKENS)
      const left = this.ordinaryBytes(merges[m]!)
      this.bytes.set(left, this.byteStarts[id]!)
      this.bytes.set(this.ordinaryBytes(merges[m + 1]!), this.byteStarts[id]! + left.length)
    }
  }

  encode(text: string): number[] {
    const ids: number[] = []
    forEachChunk(text.toWellFormed(), this.splitter, (segment, start, end) => {
      if (end - start > CACHED_CHUNK_LENGTH) {
        const count = this.merger.encode(segment.slice(start, end))
        for (let i = 0; i < count; i++) ids.push(this.merger.ids[i]!)
        return
      }
      const entry = this.cached(segment, start, end)
      const to = this.cachedFrom[entry + 1]!
      for (let i = this.cachedFrom[entry]!; i < to; i++) ids.push(this.cachedIds[i]!)
    })
    return ids
  }

  decode(ids: ArrayLike<number>): string {
    return decodeTokens(this, ids)
  }

  tokenBytes(id: number): Uint8Array {
    if (!Number.isInteger(id) || id < 0 || id >= this.vocabularySize)
      throw noSuchToken(id, this.vocabularySize)
    return id < this.byteStarts.length - 1 ? this.ordinaryBytes(id) : new Uint8Array(0)
  }

  private ordinaryBytes(id: number): Uint8Array {
    return this.bytes.subarray(this.byteStarts[id], this.byteStarts[id + 1])
  }

  private cached(segment: string, start: number, end: number): number {
    const { cache } = this
    if (cache.size >= CACHE_CHUNKS || cache.length > CACHE_UNITS) cache.clear()
    const known = cache.size
    const entry = cache.entry(segment, start, end)
    if (entry < known) return entry
    const count = this.merger.encode(segment.slice(start, end))
    const from = this.cachedFrom[entry]!
    if (from + count > this.cachedIds.length) this.cachedIds = grown(this.cachedIds, from + count)
    this.cachedIds.set(this.merger.ids.subarray(0, count), from)
    this.cachedFrom[entry + 1] = from + count
    return entry
  }
}

/**
 * Applies merges to one chunk: always the earliest merge, leftmost first, until none fits. O(n log n) in its bytes, so that
 * a chunk of a million letters is no trap.
 */
export class ByteMerger {
  /** After `encode`: the ids, in its first elements. */
  ids = new Int32Array(256)
  private readonly idOfByte = new Int32Array(BYTE_TOKENS)
  private readonly pairs = new PairTable()
  private readonly queue = new Heap((a, b) => a < b)
  private utf8 = new Uint8Array(256)
  private next = new Int32Array(256)
  private previous = new Int32Array(256)
  private readonly encoder = new TextEncoder()

  /** @param byteOfId the byte of each id below 256 */
  constructor(byteOfId: Uint8Array) {
    byteOfId.forEach((byte, id) => {
      this.idOfByte[byte] = id
    })
  }

  /** Adds the merge of `left` and `right` into `id`; a lower id is merged earlier. */
  add(left: number, right: number, id: number): void {
    this.pairs.set(left, right, id)
  }

  /** Encodes a chunk into `ids`. @returns how many */
  encode(chunk: string): number {
    if (this.utf8.length < chunk.length * 3) this.utf8 = new Uint8Array(chunk.length * 3)
    const { written } = this.encoder.encodeInto(chunk, this.utf8)
    return this.encodeBytes(this.utf8.subarray(0, written))
  }

  encodeBytes(bytes: Uint8Array): number {
    const n = bytes.length
    if (this.ids.length < n) {
      this.ids = grown(this.ids, n)
      this.next = grown(this.next, n)
      this.previous = grown(this.previous, n)
    }
    const { ids, next, previous, queue } = this
    for (let i = 0; i < n; i++) {
      ids[i] = this.idOfByte[bytes[i]!]!
      next[i] = i + 1 < n ? i + 1 : -1
      previous[i] = i - 1
    }
    for (let i = 0; i + 1 < n; i++) this.enqueue(i, i + 1)
    for (let top = queue.pop(); top !== undefined; top = queue.pop()) {
      const id = Math.floor(top / RANK_UNIT)
      const at = top - id * RANK_UNIT
      const right = next[at]!
      // Stale when a merge changed either side since; an absorbed token is −1 and has no pair.
      if (right === -1 || this.pairs.get(ids[at]!, ids[right]!) !== id) continue
      ids[at] = id
      ids[right] = -1
      const after = next[right]!
      next[at] = after
      next[right] = -1
      if (after !== -1) {
        previous[after] = at
        this.enqueue(at, after)
      }
      if (previous[at] !== -1) this.enqueue(previous[at]!, at)
    }
    let count = 0
    for (let i = 0; i !== -1 && i < n; i = next[i]!) ids[count++] = ids[i]!
    return count
  }

  private enqueue(at: number, right: number): void {
    const id = this.pairs.get(this.ids[at]!, this.ids[right]!)
    if (id !== -1) this.queue.push(id * RANK_UNIT + at)
  }
}
