// Phase 2's rows: whole examples packed into rows of the context's length, nothing cut, nothing seen across
// (algorithms page §2.2; nanochat's best fit). A pure function of (lengths, seed, epoch): nothing to save.
import { permutedIndex } from '../random/counter.ts'

/** Examples that are looked through for the one that fits best. */
const BUFFER = 100

/**
 * One epoch: every example once, in rows of at most `capacity`. Examples are taken in shuffled order into a buffer; a row
 * takes the longest that still fits until none does.
 * @param lengths of the examples, each 1 … capacity
 * @param order example at place i
 * @returns rows of example numbers
 */
export function packBestFit(
  lengths: ArrayLike<number>,
  capacity: number,
  order: (i: number) => number,
): number[][] {
  const rows: number[][] = []
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
    if (row.length === 0) return rows
    rows.push(row)
  }
}

/** The rows of a run, epoch after epoch, each shuffled and packed anew. */
export class PackedRows {
  readonly #lengths: ArrayLike<number>
  readonly #capacity: number
  readonly #seed: number
  /** Rows before each epoch whose packing is known. */
  readonly #before = [0]
  #newest: { epoch: number; rows: readonly (readonly number[])[] } = { epoch: -1, rows: [] }

  /** @param lengths of the examples, at least one, each 1 … capacity */
  constructor(lengths: ArrayLike<number>, capacity: number, seed: number) {
    this.#lengths = lengths
    this.#capacity = capacity
    this.#seed = seed
  }

  /** Examples of row n. */
  row(n: number): readonly number[] {
    let epoch = this.#before.findLastIndex(rows => rows <= n)
    while (n >= this.#before[epoch]! + this.#pack(epoch).length) epoch++
    return this.#pack(epoch)[n - this.#before[epoch]!]!
  }

  /** Rows in which all is read `epochs` times; a part of an epoch counts by its rows. */
  count(epochs: number): number {
    const whole = Math.floor(epochs)
    let rows = 0
    for (let epoch = 0; epoch < whole; epoch++) rows += this.#pack(epoch).length
    return rows + Math.ceil((epochs - whole) * (epochs > whole ? this.#pack(whole).length : 0))
  }

  #pack(epoch: number): readonly (readonly number[])[] {
    if (this.#newest.epoch === epoch) return this.#newest.rows
    const { length } = this.#lengths
    const rows = packBestFit(this.#lengths, this.#capacity, i =>
      permutedIndex(i, length, this.#seed, 'sft/order', epoch),
    )
    this.#newest = { epoch, rows }
    this.#before[epoch + 1] ??= this.#before[epoch]! + rows.length
    return rows
  }
}
