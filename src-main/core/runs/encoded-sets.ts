// What chosen sets become with a model's tokenizer, kept for the next look: a person moves one field at a time.

const KEPT = 2

export class EncodedSets<Encoded> {
  private readonly encoded = new Map<string, Promise<Encoded>>()
  private version = 0

  /** Rows were changed: what was read of them is out of date. */
  forget(): void {
    this.version++
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

  /**
   * The rows of a run on the disk, and what is made of just these. Rows may be changed all the while, such as by sampling:
   * then it is made of what was written.
   * @param make of the rows as they are, or of those that were read back
   * @returns what was made, with the hash of the rows
   */
  async written<Made>(
    make: (readBack?: Encoded) => Promise<Made>,
    write: () => Promise<string>,
    read: (hash: string, made: Made) => Promise<Encoded>,
  ): Promise<Made & { hash: string }> {
    const { version } = this
    const made = await make()
    const hash = await write()
    return { ...(version === this.version ? made : await make(await read(hash, made))), hash }
  }
}
