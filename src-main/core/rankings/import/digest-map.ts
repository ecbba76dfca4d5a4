// Whole numbers by digest, at about 20 bytes each: a JavaScript Map of 10 million would need a gigabyte.

interface Shard {
  /** Three words each: digest low, digest high, value + 1; 0 as value marks a free slot. */
  slots: Uint32Array
  size: number
}

/** Keeps 64 bits of each digest, as HashSet does (corpora/hash-set.ts), in shards that grow one by one. */
export class DigestMap {
  private readonly shards: Shard[] = Array.from({ length: 256 }, () => ({
    slots: new Uint32Array(3 * 16),
    size: 0,
  }))

  /** @param digest at least 18 hexadecimal digits, uniformly distributed */
  get(digest: string): number | undefined {
    const { slots } = this.shardOf(digest)
    const value = slots[slotOf(slots, lowOf(digest), highOf(digest)) + 2]!
    return value === 0 ? undefined : value - 1
  }

  /** @param value below 2^32 - 1 */
  set(digest: string, value: number): void {
    const shard = this.shardOf(digest)
    const { slots } = shard
    const low = lowOf(digest)
    const high = highOf(digest)
    const slot = slotOf(slots, low, high)
    const isNew = slots[slot + 2] === 0
    slots[slot] = low
    slots[slot + 1] = high
    slots[slot + 2] = value + 1
    if (isNew && ++shard.size > slots.length / 3 / 1.4) grow(shard)
  }

  private shardOf(digest: string): Shard {
    return this.shards[Number.parseInt(digest.slice(0, 2), 16)]!
  }
}

const lowOf = (digest: string): number => Number.parseInt(digest.slice(2, 10), 16)
const highOf = (digest: string): number => Number.parseInt(digest.slice(10, 18), 16)

/** Index of the first word of the digest's slot, or of the free one where it would stand. */
function slotOf(slots: Uint32Array, low: number, high: number): number {
  const mask = slots.length / 3 - 1
  for (let at = low & mask; ; at = (at + 1) & mask) {
    const slot = 3 * at
    if (slots[slot + 2] === 0 || (slots[slot] === low && slots[slot + 1] === high)) return slot
  }
}

function grow(shard: Shard): void {
  const old = shard.slots
  shard.slots = new Uint32Array(old.length * 2)
  for (let i = 0; i < old.length; i += 3)
    if (old[i + 2] !== 0) {
      const slot = slotOf(shard.slots, old[i]!, old[i + 1]!)
      shard.slots.set(old.subarray(i, i + 3), slot)
    }
}
