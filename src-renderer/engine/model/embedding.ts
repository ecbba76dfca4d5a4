// Tokens to vectors: the token table, and GPT-2's learned positions. Llama's positions live in attention (RoPE).
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'
import { INIT_STD } from './linear.ts'
import type { DefineParameter, Parameter } from './parameter.ts'

export class Embedding {
  /** (V, C); the head multiplies by it too when it is tied. */
  readonly table: Parameter
  readonly #kernels: Kernels
  readonly #config: ModelConfig
  readonly #positions: Parameter | undefined

  constructor(kernels: Kernels, define: DefineParameter, config: ModelConfig) {
    const { family, vocabularySize, nEmbd, contextLength } = config
    const start = { std: INIT_STD }
    this.#kernels = kernels
    this.#config = config
    this.table = define({
      name: family === 'gpt2' ? 'transformer.wte.weight' : 'model.embed_tokens.weight',
      shape: [vocabularySize, nEmbd],
      start,
    })
    this.#positions =
      family === 'gpt2'
        ? define({ name: 'transformer.wpe.weight', shape: [contextLength, nEmbd], start })
        : undefined
  }

  /** tokens int32 (B·T) → (B·T, C) */
  forward(tokens: DeviceArray, length: number): DeviceArray {
    return this.#kernels.scope(() => {
      const x = this.#kernels.embed(tokens, this.table.value)
      return this.#positions ? this.#kernels.addPositions(x, this.#positions.value, length) : x
    })
  }

  backward(dOut: DeviceArray, tokens: DeviceArray, length: number): void {
    const { vocabularySize, contextLength } = this.#config
    const { table } = this
    const positions = this.#positions
    table.putGradient(this.#kernels.embedBackward(dOut, tokens, vocabularySize, table.gradient))
    positions?.putGradient(
      this.#kernels.addPositionsBackward(dOut, length, contextLength, positions.gradient),
    )
  }

  /** One token per sequence, int32 (A), each at its own position → (A, C) */
  decode(tokens: DeviceArray, positions: Int32Array): DeviceArray {
    return this.#kernels.scope(() => {
      const x = this.#kernels.embed(tokens, this.table.value)
      if (!this.#positions) return x
      const index = this.#kernels.upload(positions, [positions.length])
      return this.#kernels.add(x, this.#kernels.embed(index, this.#positions.value))
    })
  }
}
