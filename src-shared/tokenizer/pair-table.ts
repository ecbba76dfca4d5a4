// A hash table from an ordered pair of token ids to a number: the inner loop of BPE, in training and in encoding.

export class PairTable {
  private size = 0
  private lefts = new Int32Array(1024)
  private rights = new Int32Array(1024)
  private values = new Int32Array(1024).fill(-1)

  /** The pair's number, −1 when it has none. */
  get(left: number, right: number): number {
    return this.values[this.slot(left, right)]!
  }

  /** @param value ≥ 0 */
  set(left: number, right: number, value: number): void {
    const slot = this.slot(left, right)
    if (this.values[slot] === -1) this.size++
    this.lefts[slot] = left
    this.rights[slot] = right
    this.values[slot] = value
    if (this.size * 2 > this.values.length) this.rehash()
  }

  private slot(left: number, right: number): number {
    const mask = this.values.length - 1
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    let slot = (hash ^ (hash >>> 13)) & mask
    while (this.values[slot] !== -1 && (this.lefts[slot] !== left || this.rights[slot] !== right))
      slot = (slot + 1) & mask
    return slot
  }

  private rehash(): void {
    const { lefts, rights, values } = this
    this.lefts = new Int32Array(values.length * 2)
    this.rights = new Int32Array(values.length * 2)
    this.values = new Int32Array(values.length * 2).fill(-1)
    for (let i = 0; i < values.length; i++) {
      if (values[i] === -1) continue
      const slot = this.slot(lefts[i]!, rights[i]!)
      this.lefts[slot] = lefts[i]!
      this.rights[slot] = rights[i]!
      this.values[slot] = values[i]!
    }
  }
}
