// Phase 2's rows: whole examples packed into rows of the context's length, nothing cut, nothing seen across
// (algorithms page §2.2; nanochat's best fit). A pure function of (lengths, seed, epoch): nothing to save.
import { permutedIndex } from '../random/counter.ts'

/** Examples that are looked through for the one that fits best. */
const BUFFER = 100

/**
 * One epoch, row by row: every example once, in rows of at most `capacity`. Examples are taken in shuffled order into a
 * buffer; a row takes the longest that still fits until none does.
 * @param lengths of the examples, each 1 … capacity
 * @param order example at place i
 * @returns rows of example numbers
 */
export function* packBestFit(
  lengths: ArrayLike<number>,
  capacity: number,
  order: (i: number) => number,
): Generator<number[], void> {
  const buffer: number[] = []
  let next = 0
  for (;;) {
    let left = capacity
    const row: number[] = []
    for (;;) {
      while (buffer.length < BUFFER && next < lengths.length) buffer.push(order(next++))
      let best = -1
      for (let i = 0; i < buffer.length; i++) {
        const length = lengths[buffer[i]!]!
        if (length <= left && (best < 0 || length > lengths[buffer[best]!]!)) best = i
      }
      if (best < 0) break
      const [example] = buffer.splice(best, 1)
      row.push(example!)
      left -= lengths[example!]!
    }
    if (row.length === 0) return
    yield row
  }
}

/** Rows of an epoch, in the order of its own that the seed gives it. @param epoch from 0 */
export const packedEpoch = (
  lengths: ArrayLike<number>,
  capacity: number,
  seed: number,
  epoch = 0,
): Generator<number[], void> =>
  packBestFit(lengths, capacity, i => permutedIndex(i, lengths.length, seed, 'sft/order', epoch))

/**
 * Optimizer steps in which all is read `epochs` times, at least one. Epochs are packed anew and may differ by a row; the
 * first stands for all.
 */
export function stepsOf(epochs: number, rowsPerEpoch: number, rowsPerStep: number): number {
  // 1.1 · 10 is a little more than 11 in floating point.
  return Math.max(1, Math.ceil((epochs * rowsPerEpoch) / rowsPerStep - 1e-6))
}

/** The rows of a run, epoch after epoch, each shuffled and packed anew. Only rows up to the one asked for are packed. */
export class PackedRows {
  readonly #lengths: ArrayLike<number>
  readonly #capacity: number
  readonly #seed: number
  /** Rows before each epoch that is known to begin. */
  readonly #before = [0]
  #epoch = -1
  /** Of `#epoch`: what is packed, and the rest. */
  #rows: number[][] = []
  #rest: Generator<number[], void> | undefined

  /** @param lengths of the examples, at least one, each 1 … capacity */
  constructor(lengths: ArrayLike<number>, capacity: number, seed: number) {
    this.#lengths = lengths
    this.#capacity = capacity
    this.#seed = seed
  }

  /** Examples of row n. In a late epoch all earlier ones are packed for it: see `reach`. */
  row(n: number): readonly number[] {
    this.reach(n, Number.POSITIVE_INFINITY)
    return this.#rows[n - this.#before[this.#epoch]!]!
  }

  /** Packs at most `most` rows on the way to row n. @returns whether `row(n)` is at hand */
  reach(n: number, most: number): boolean {
    const known = this.#before.findLastIndex(rows => rows <= n)
    if (known !== this.#epoch) this.#open(known)
    for (let packed = 0; n - this.#before[this.#epoch]! >= this.#rows.length; packed++) {
      if (packed === most) return false
      const { value: row } = this.#rest!.next()
      if (row) this.#rows.push(row)
      else {
        this.#before[this.#epoch + 1] = this.#before[this.#epoch]! + this.#rows.length
        this.#open(this.#epoch + 1)
      }
    }
    return true
  }

  #open(epoch: number): void {
    this.#epoch = epoch
    this.#rows = []
    this.#rest = packedEpoch(this.#lengths, this.#capacity, this.#seed, epoch)
  }
}
