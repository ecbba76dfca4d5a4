// Cached decoding: the prompt in one forward pass, then one token per sequence and step, with keys and values kept.
import type { DeviceArray } from '../kernels/kernels.ts'
import type { KvCache } from '../model/attention.ts'
import type { Transformer } from '../model/transformer.ts'

/** B sequences of equal length, decoded together. */
export class Decoder {
  readonly #model: Transformer
  readonly #batchSize: number
  #caches: KvCache[] = []
  #position = 0

  constructor(model: Transformer, batchSize = 1) {
    this.#model = model
    this.#batchSize = batchSize
  }

  /** Tokens seen per sequence. */
  get position(): number {
    return this.#position
  }

  /** No room for another token: `prefill` a shorter text. */
  get full(): boolean {
    return this.#position >= this.#model.config.contextLength
  }

  /**
   * Starts over with these texts.
   * @param tokens (B·length), length ≤ contextLength
   * @returns logits (B·V) of the next tokens
   */
  async prefill(tokens: Int32Array): Promise<Float32Array> {
    const { kernels } = this.#model
    const length = tokens.length / this.#batchSize
    this.#forget()
    const { logits, caches } = kernels.scope(() => {
      const activations = this.#model.forward(
        kernels.upload(tokens, [tokens.length]),
        this.#batchSize,
        length,
      )
      const lastRows = Int32Array.from({ length: this.#batchSize }, (_, b) => (b + 1) * length - 1)
      const rows = kernels.upload(lastRows, [this.#batchSize])
      return {
        logits: this.#model.logitsAt(activations, rows),
        caches: this.#model.cacheFrom(activations),
      }
    })
    this.#caches = caches
    this.#position = length
    return this.#read(logits)
  }

  /** @param tokens (B): the token just chosen in each sequence @returns logits (B·V) of the next ones */
  async step(tokens: Int32Array): Promise<Float32Array> {
    const { kernels } = this.#model
    const old = this.#caches
    const { logits, caches } = kernels.scope(() =>
      this.#model.decode(kernels.upload(tokens, [tokens.length]), old, this.#position),
    )
    this.#caches = caches
    for (const { k, v } of old) kernels.free(k, v)
    this.#position++
    return this.#read(logits)
  }

  async #read(logits: DeviceArray): Promise<Float32Array> {
    const values = await this.#model.kernels.read(logits)
    this.#model.kernels.free(logits)
    return values
  }

  #forget(): void {
    for (const { k, v } of this.#caches) this.#model.kernels.free(k, v)
    this.#caches = []
    this.#position = 0
  }

  dispose(): void {
    this.#forget()
  }
}
