// A set of hashes that costs about 14 bytes each: a JavaScript Set of 10 million would need a gigabyte.

interface Shard {
  keys: Uint32Array
  size: number
}

/**
 * Keeps 64 bits of each hash: among 10 million different documents the chance that any two are taken for the same is
 * about 3 in a million. Shards grow one by one, so that growing never doubles the whole.
 */
export class HashSet {
  private readonly shards: Shard[] = Array.from({ length: 256 }, () => ({
    keys: new Uint32Array(32),
    size: 0,
  }))

  /** @param hash at least 17 bytes, uniformly distributed  @returns whether it was new */
  add(hash: Buffer): boolean {
    const shard = this.shards[hash[16]!]!
    // 0, 0 marks a free slot; a hash of that value is stored as 1, 0.
    const high = hash.readUInt32LE(12)
    const low = hash.readUInt32LE(8) || (high === 0 ? 1 : 0)
    if (!insert(shard.keys, low, high)) return false
    if (++shard.size > shard.keys.length / 2 / 1.4) grow(shard)
    return true
  }
}

function insert(keys: Uint32Array, low: number, high: number): boolean {
  const mask = keys.length / 2 - 1
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const atLow = keys[2 * slot]!
    const atHigh = keys[2 * slot + 1]!
    if (atLow === low && atHigh === high) return false
    if (atLow === 0 && atHigh === 0) {
      keys[2 * slot] = low
      keys[2 * slot + 1] = high
      return true
    }
  }
}

function grow(shard: Shard): void {
  const old = shard.keys
  shard.keys = new Uint32Array(old.length * 2)
  for (let i = 0; i < old.length; i += 2)
    if (old[i] !== 0 || old[i + 1] !== 0) insert(shard.keys, old[i]!, old[i + 1]!)
}
