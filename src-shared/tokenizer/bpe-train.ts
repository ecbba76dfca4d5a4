// The BPE trainer: the most frequent adjacent pair of tokens becomes a token, again and again (Sennrich et al. 2016, algorithm 1).
// Equal texts in equal order give equal merges: ties go to the lower pair (left id first, then right id).
import { LabError } from '../contract/errors.ts'
import { BYTE_TOKENS } from './bpe.ts'
import { ChunkTable } from './chunk-table.ts'
import { Heap } from './heap.ts'
import { PairTable } from './pair-table.ts'
import { forEachChunk, SPLIT_PATTERN, splitRegExp } from './split.ts'
import { SPECIAL_TOKENS } from './tokenizer.ts'

export const MIN_VOCABULARY = BYTE_TOKENS + SPECIAL_TOKENS.length
export const MAX_VOCABULARY = 2 ** 20

/** Distinct chunks are kept up to this many UTF-16 units; then the rarest go, so that memory stays near 250 MB for any text. */
const MAX_CHUNK_UNITS = 4 * 2 ** 20

export interface BpeTraining {
  /** (left, right) of every merge: 2 ids per merge. */
  merges: Int32Array
  /** Bytes, merges and special tokens; smaller than asked when no pair came twice any more. */
  vocabularySize: number
  /** How often each id comes when the training text is encoded, by id. */
  uses: Float64Array
  /** UTF-8 bytes of text read, and its tokens. */
  bytes: number
  tokens: number
  /** Rare chunks left out of the counts because the text has too many different ones. */
  droppedChunks: number
}

/**
 * Trains byte-level BPE.
 * @param texts read once, one at a time   @param vocabularySize bytes + merges + special tokens
 * @param onMerge called after each merge with merges done and merges wanted
 * @throws LabError when the size is impossible or there is no text
 */
export function trainBpe(
  texts: Iterable<string>,
  vocabularySize: number,
  onMerge: (done: number, wanted: number) => void = () => {},
): BpeTraining {
  checkVocabularySize(vocabularySize)
  const { chunks, counts, droppedChunks } = countChunks(texts)
  if (chunks.size === 0)
    throw new LabError({
      code: 'bad-input',
      what: 'there is no text to train a tokenizer on',
      fix: 'choose a corpus with text in its training split',
    })
  const wanted = vocabularySize - MIN_VOCABULARY
  const sequences = new Sequences(chunks, counts)
  const merges: number[] = []
  // Two merges can spell the same bytes ("aa"+"a", "a"+"aa"); a vocabulary holds each token once, so the later is passed over.
  const spelling = Array.from({ length: BYTE_TOKENS }, (_, byte) => String.fromCharCode(byte))
  const spelled = new Set(spelling)

  while (merges.length / 2 < wanted) {
    const pair = sequences.mostFrequentPair()
    if (pair === undefined) break
    const left = sequences.lefts[pair]!
    const right = sequences.rights[pair]!
    const merged = spelling[left]! + spelling[right]!
    if (spelled.has(merged)) continue
    spelled.add(merged)
    spelling.push(merged)
    merges.push(left, right)
    sequences.merge(pair, spelling.length - 1)
    onMerge(merges.length / 2, wanted)
  }

  const uses = new Float64Array(spelling.length + SPECIAL_TOKENS.length)
  sequences.countUses(uses)
  let tokens = 0
  let bytes = 0
  spelling.forEach((spelled, id) => {
    tokens += uses[id]!
    bytes += uses[id]! * spelled.length
  })
  return { merges: Int32Array.from(merges), vocabularySize: uses.length, uses, bytes, tokens, droppedChunks }
}

function checkVocabularySize(size: number): void {
  if (Number.isInteger(size) && size >= MIN_VOCABULARY && size <= MAX_VOCABULARY) return
  throw new LabError({
    code: 'bad-input',
    what: `a vocabulary of ${size} tokens is impossible`,
    where: 'vocabularySize',
    expected: `a whole number from ${MIN_VOCABULARY} (256 bytes and ${SPECIAL_TOKENS.length} special tokens) to ${MAX_VOCABULARY}`,
    got: String(size),
    fix: `choose ${MIN_VOCABULARY} or more; 512 to 4,096 suit a small model`,
  })
}

function countChunks(texts: Iterable<string>): {
  chunks: ChunkTable
  counts: number[]
  droppedChunks: number
} {
  const pattern = splitRegExp(SPLIT_PATTERN)
  let chunks = new ChunkTable()
  let counts: number[] = []
  let droppedChunks = 0
  for (const text of texts) {
    forEachChunk(text.toWellFormed(), pattern, (segment, start, end) => {
      const entry = chunks.entry(segment, start, end)
      counts[entry] = (counts[entry] ?? 0) + 1
    })
    for (let rare = 1; chunks.length > MAX_CHUNK_UNITS; rare *= 2) {
      const kept = new ChunkTable()
      const keptCounts: number[] = []
      for (let entry = 0; entry < chunks.size; entry++) {
        if (counts[entry]! <= rare) continue
        const chunk = chunks.text(entry)
        kept.entry(chunk, 0, chunk.length)
        keptCounts.push(counts[entry]!)
      }
      droppedChunks += chunks.size - kept.size
      chunks = kept
      counts = keptCounts
    }
  }
  return { chunks, counts, droppedChunks }
}

/**
 * Every distinct chunk as a linked sequence of tokens, and every pair's places as a linked list in text order, so that a
 * merge costs as much as it changes. A pair's count only falls after the merge that made it; so a queue with the count at
 * the time of queueing is enough, and what it gives up is checked against the count now.
 */
class Sequences {
  readonly lefts: number[] = []
  readonly rights: number[] = []
  private readonly counts: number[] = []
  private readonly queuedCounts: number[] = []
  private readonly firstPlace: number[] = []
  private readonly lastPlace: number[] = []
  private readonly pairs = new PairTable()
  private readonly queue = new Heap((a, b) => this.comesBefore(a, b))

  // By place (a byte of a chunk); −1 = none. A place whose token was absorbed by its left neighbour has token −1.
  private readonly token: Int32Array
  private readonly next: Int32Array
  private readonly previous: Int32Array
  private readonly chunkOf: Int32Array
  private readonly pairAt: Int32Array
  private readonly nextPlace: Int32Array
  private readonly previousPlace: Int32Array
  private readonly chunkCounts: readonly number[]

  constructor(chunks: ChunkTable, chunkCounts: readonly number[]) {
    const encoder = new TextEncoder()
    let places = 0
    for (let entry = 0; entry < chunks.size; entry++) places += encoder.encode(chunks.text(entry)).length
    this.chunkCounts = chunkCounts
    this.token = new Int32Array(places)
    this.chunkOf = new Int32Array(places)
    this.next = new Int32Array(places)
    this.previous = new Int32Array(places)
    this.pairAt = new Int32Array(places).fill(-1)
    this.nextPlace = new Int32Array(places)
    this.previousPlace = new Int32Array(places)
    for (let entry = 0, place = 0; entry < chunks.size; entry++) {
      const bytes = encoder.encode(chunks.text(entry))
      const end = place + bytes.length
      for (let i = 0; i < bytes.length; i++, place++) {
        this.token[place] = bytes[i]!
        this.chunkOf[place] = entry
        this.previous[place] = i === 0 ? -1 : place - 1
        this.next[place] = place + 1 < end ? place + 1 : -1
      }
    }
    for (let place = 0; place < places; place++) if (this.next[place] !== -1) this.link(place)
    this.enqueueFrom(0)
  }

  /** Takes the most frequent pair that comes at least twice out of the queue. */
  mostFrequentPair(): number | undefined {
    for (let pair = this.queue.pop(); pair !== undefined; pair = this.queue.pop()) {
      const count = this.counts[pair]!
      if (count === this.queuedCounts[pair]) return pair
      this.enqueue(pair)
    }
    return undefined
  }

  /** Makes every occurrence of `pair` the token `id`, leftmost first. */
  merge(pair: number, id: number): void {
    const firstNew = this.lefts.length
    const { token, next, previous } = this
    // The head of the list, not a walk along it: in "aaa" merging the first two removes the second place too.
    for (let place = this.firstPlace[pair]!; place !== -1; place = this.firstPlace[pair]!) {
      const absorbed = next[place]!
      const after = next[absorbed]!
      const before = previous[place]!
      this.unlink(place)
      this.unlink(absorbed)
      if (before !== -1) this.unlink(before)
      token[place] = id
      token[absorbed] = -1
      next[place] = after
      if (after !== -1) previous[after] = place
      if (before !== -1) this.link(before)
      if (after !== -1) this.link(place)
    }
    this.enqueueFrom(firstNew)
  }

  /** Adds each token's occurrences in the whole text to `uses`. */
  countUses(uses: Float64Array): void {
    for (let place = 0; place < this.token.length; place++) {
      const id = this.token[place]!
      if (id !== -1) uses[id] = uses[id]! + this.chunkCounts[this.chunkOf[place]!]!
    }
  }

  private comesBefore(a: number, b: number): boolean {
    const difference = this.queuedCounts[a]! - this.queuedCounts[b]!
    if (difference !== 0) return difference > 0
    const left = this.lefts[a]! - this.lefts[b]!
    return left !== 0 ? left < 0 : this.rights[a]! < this.rights[b]!
  }

  private enqueueFrom(firstPair: number): void {
    for (let pair = firstPair; pair < this.lefts.length; pair++) this.enqueue(pair)
  }

  private enqueue(pair: number): void {
    this.queuedCounts[pair] = this.counts[pair]!
    if (this.counts[pair]! >= 2) this.queue.push(pair)
  }

  /** Adds the pair that starts at `place` to its list. */
  private link(place: number): void {
    const left = this.token[place]!
    const right = this.token[this.next[place]!]!
    let pair = this.pairs.get(left, right)
    if (pair === -1) {
      pair = this.lefts.length
      this.pairs.set(left, right, pair)
      this.lefts.push(left)
      this.rights.push(right)
      this.counts.push(0)
      this.queuedCounts.push(0)
      this.firstPlace.push(-1)
      this.lastPlace.push(-1)
    }
    const last = this.lastPlace[pair]!
    if (last === -1) this.firstPlace[pair] = place
    else this.nextPlace[last] = place
    this.previousPlace[place] = last
    this.nextPlace[place] = -1
    this.lastPlace[pair] = place
    this.pairAt[place] = pair
    this.counts[pair]! += this.chunkCounts[this.chunkOf[place]!]!
  }

  /** Removes the pair that starts at `place`, if any, from its list. */
  private unlink(place: number): void {
    const pair = this.pairAt[place]!
    if (pair === -1) return
    const before = this.previousPlace[place]!
    const after = this.nextPlace[place]!
    if (before === -1) this.firstPlace[pair] = after
    else this.nextPlace[before] = after
    if (after === -1) this.lastPlace[pair] = before
    else this.previousPlace[after] = before
    this.pairAt[place] = -1
    this.counts[pair]! -= this.chunkCounts[this.chunkOf[place]!]!
  }
}
