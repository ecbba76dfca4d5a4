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

  /**
   * tokens int32 (B·T) → (B·T, C)
   * @param positions (B·T) of the tokens, where they are not 0 … length − 1 of every sequence
   */
  forward(tokens: DeviceArray, length: number, positions?: Int32Array): DeviceArray {
    return this.#kernels.scope(() => {
      const x = this.#kernels.embed(tokens, this.table.value)
      if (!this.#positions) return x
      const table = this.#positions.value
      if (!positions) return this.#kernels.addPositions(x, table, length)
      const index = this.#kernels.upload(positions, [positions.length])
      return this.#kernels.add(x, this.#kernels.embed(index, table))
    })
  }

  backward(dOut: DeviceArray, tokens: DeviceArray, length: number, positions?: Int32Array): void {
    const { vocabularySize, contextLength } = this.#config
    const kernels = this.#kernels
    const { table } = this
    table.putGradient(kernels.embedBackward(dOut, tokens, vocabularySize, table.gradient))
    const learned = this.#positions
    if (!learned) return
    if (!positions)
      learned.putGradient(kernels.addPositionsBackward(dOut, length, contextLength, learned.gradient))
    else {
      const index = kernels.upload(positions, [positions.length])
      learned.putGradient(kernels.embedBackward(dOut, index, contextLength, learned.gradient))
    }
  }
}
