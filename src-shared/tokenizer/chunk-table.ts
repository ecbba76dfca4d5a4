// A hash table of pieces of text, keyed in place: no substring is made to look one up, and none keeps its whole text alive
// (V8's slices point into their parent).

const EMPTY = -1

export class ChunkTable {
  /** Entries are numbered 0 … size − 1 in the order they came. */
  size = 0
  private slots = new Int32Array(1024).fill(EMPTY)
  private hashes = new Int32Array(512)
  /** Entry e's code units are units[starts[e] … starts[e + 1]). */
  private starts = new Int32Array(513)
  private units = new Uint16Array(4096)

  /** Code units stored in all. */
  get length(): number {
    return this.starts[this.size]!
  }

  /** The entry of text[start … end), added when it is new (then `size` grows). */
  entry(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5 // FNV-1a
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    hash ^= hash >>> 15
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (; this.slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const entry = this.slots[slot]!
      if (this.hashes[entry] === hash && this.equals(entry, text, start, end)) return entry
    }
    this.append(text, start, end, hash)
    this.slots[slot] = this.size
    this.size++
    if (this.size * 2 > this.slots.length) this.rehash()
    return this.size - 1
  }

  text(entry: number): string {
    let text = ''
    // In pieces, because a call takes a limited number of arguments.
    for (let from = this.starts[entry]!; from < this.starts[entry + 1]!; from += 4096)
      text += String.fromCharCode(
        ...this.units.subarray(from, Math.min(from + 4096, this.starts[entry + 1]!)),
      )
    return text
  }

  clear(): void {
    this.size = 0
    this.slots.fill(EMPTY)
  }

  private equals(entry: number, text: string, start: number, end: number): boolean {
    const from = this.starts[entry]!
    if (this.starts[entry + 1]! - from !== end - start) return false
    for (let i = start; i < end; i++) if (this.units[from + i - start] !== text.charCodeAt(i)) return false
    return true
  }

  private append(text: string, start: number, end: number, hash: number): void {
    const from = this.starts[this.size]!
    const to = from + end - start
    if (this.size + 2 > this.starts.length) {
      this.starts = grown(this.starts, this.size + 2)
      this.hashes = grown(this.hashes, this.size + 1)
    }
    if (to > this.units.length) this.units = grown(this.units, to)
    for (let i = start; i < end; i++) this.units[from + i - start] = text.charCodeAt(i)
    this.starts[this.size + 1] = to
    this.hashes[this.size] = hash
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(EMPTY)
    const mask = slots.length - 1
    for (let entry = 0; entry < this.size; entry++) {
      let slot = this.hashes[entry]! & mask
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask
      slots[slot] = entry
    }
    this.slots = slots
  }
}

/** A copy with room for at least `length` elements. */
export function grown<T extends Int32Array | Uint16Array | Uint8Array | Float64Array>(
  array: T,
  length: number,
): T {
  const bigger = new (array.constructor as new (length: number) => T)(Math.max(length, array.length * 2))
  bigger.set(array)
  return bigger
}
