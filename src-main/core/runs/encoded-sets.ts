// What chosen sets become with a model's tokenizer, kept for the next look: a person moves one field at a time.

const KEPT = 2

export class EncodedSets<Encoded> {
  private readonly encoded = new Map<string, Promise<Encoded>>()
  private changes = 0

  /** Grows with every change of rows. */
  get version(): number {
    return this.changes
  }

  /** Rows were changed: what was read of them is out of date. */
  forget(): void {
    this.changes++
    this.encoded.clear()
  }

  /** Who asks for the same while it is being read waits for the same. @param of all that the result depends on beside the rows */
  get(of: unknown, encode: () => Promise<Encoded>): Promise<Encoded> {
    const key = JSON.stringify(of)
    const present = this.encoded.get(key)
    if (present) return present
    const encoding = encode()
    this.encoded.set(key, encoding)
    encoding.catch(() => {
      if (this.encoded.get(key) === encoding) this.encoded.delete(key)
    })
    for (const [oldest] of this.encoded) if (this.encoded.size > KEPT) this.encoded.delete(oldest)
    return encoding
  }

  /** Does `work` until no row was changed meanwhile: else they may be in one part of its result and not in another. */
  async unchanged<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      const { version } = this
      const result = await work()
      if (version === this.version) return result
    }
  }
}
