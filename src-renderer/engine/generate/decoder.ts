// Cached decoding: texts in one forward pass, then one token of each per step, with keys and values kept.
import type { DeviceArray } from '../kernels/kernels.ts'
import type { KvCache } from '../model/attention.ts'
import type { Transformer } from '../model/transformer.ts'

/**
 * Texts of any lengths, each in a slot of its own, continued together. A step costs by the texts it is given: one that
 * has ended is left out from then on, and its slot read anew by `prefill`.
 */
export class Decoder {
  readonly #model: Transformer
  readonly #lengths: Int32Array
  #caches: KvCache[]

  /** @param slots texts that there is room for */
  constructor(model: Transformer, slots = 1) {
    this.#model = model
    this.#lengths = new Int32Array(slots)
    this.#caches = model.createCaches(slots)
  }

  /** Tokens read of the text in `slot`. */
  length(slot: number): number {
    return this.#lengths[slot]!
  }

  /** No room for another token in `slot`: `prefill` a shorter text. */
  full(slot: number): boolean {
    return this.#lengths[slot]! >= this.#model.config.contextLength
  }

  /**
   * Reads `texts` into `slots`, in place of what these held.
   * @param texts of 1 … contextLength tokens each
   * @returns logits (V) of the token after each text
   */
  async prefill(texts: readonly Int32Array[], slots: readonly number[]): Promise<Float32Array[]> {
    const { kernels } = this.#model
    const lengths = texts.map(text => text.length)
    const longest = Math.max(...lengths)
    const tokens = new Int32Array(texts.length * longest)
    for (const [i, text] of texts.entries()) tokens.set(text, i * longest)
    return this.#read(() => {
      const ids = kernels.upload(tokens, [tokens.length])
      const result = this.#model.prefill(ids, lengths, Int32Array.from(slots), this.#caches)
      for (const [i, slot] of slots.entries()) this.#lengths[slot] = lengths[i]!
      return result
    })
  }

  /** @param tokens the one just chosen for each of `slots` @returns logits (V) of the token after each text */
  async step(tokens: readonly number[], slots: readonly number[]): Promise<Float32Array[]> {
    const { kernels } = this.#model
    const place = {
      slots: Int32Array.from(slots),
      positions: Int32Array.from(slots, slot => this.#lengths[slot]!),
    }
    return this.#read(() => {
      const ids = kernels.upload(Int32Array.from(tokens), [tokens.length])
      const result = this.#model.decode(ids, place, this.#caches)
      for (const slot of slots) this.#lengths[slot]!++
      return result
    })
  }

  async #read(pass: () => { logits: DeviceArray; caches: KvCache[] }): Promise<Float32Array[]> {
    const { kernels, config } = this.#model
    const { logits, caches } = kernels.scope(pass)
    this.#caches = caches
    const values = await kernels.read(logits)
    kernels.free(logits)
    const { vocabularySize } = config
    return Array.from({ length: values.length / vocabularySize }, (_, row) =>
      values.subarray(row * vocabularySize, (row + 1) * vocabularySize),
    )
  }

  dispose(): void {
    for (const { k, v } of this.#caches) this.#model.kernels.free(k, v)
    this.#caches = []
  }
}
