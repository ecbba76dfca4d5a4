// The decoder-only transformer, GPT-2 or Llama, as its config says: embedding → blocks → norm → head, with an explicit
// backward pass. Written once over the Kernels interface. Call forward … backward inside one `kernels.scope`.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { DeviceArray, Kernels } from '../kernels/kernels.ts'
import type { KvCache } from './attention.ts'
import { Block, type BlockSaved } from './block.ts'
import { Embedding } from './embedding.ts'
import { INIT_STD } from './linear.ts'
import { Norm } from './norm.ts'
import { Parameter, type ParameterSpec } from './parameter.ts'

/** What one forward pass leaves behind for the backward pass. */
export interface Activations {
  readonly tokens: DeviceArray
  readonly batchSize: number
  readonly length: number
  readonly blocks: readonly BlockSaved[]
  /** Output of the last block, (B·T, C). */
  readonly last: DeviceArray
  /** After the final norm, (B·T, C): what the head reads. */
  readonly hidden: DeviceArray
}

export interface HeadActivations {
  /** (B·T) nats, 0 where the target is −1. */
  readonly logProbs: DeviceArray
  readonly targets: DeviceArray
  readonly saved: DeviceArray[]
}

export class Transformer {
  readonly config: ModelConfig
  readonly kernels: Kernels
  /** In the order of the file, without a tied head, as `transformers` writes it. */
  readonly parameters: readonly Parameter[]
  readonly #embedding: Embedding
  readonly #blocks: readonly Block[]
  readonly #norm: Norm
  /** (V, C): the embedding's table when tied. */
  readonly #head: Parameter

  constructor(config: ModelConfig, kernels: Kernels) {
    this.config = config
    this.kernels = kernels
    const parameters: Parameter[] = []
    const define = (spec: ParameterSpec) => {
      const parameter = new Parameter(kernels, spec)
      parameters.push(parameter)
      return parameter
    }
    this.parameters = parameters
    this.#embedding = new Embedding(kernels, define, config)
    this.#blocks = Array.from({ length: config.nLayer }, (_, i) => new Block(kernels, define, config, i))
    this.#norm = new Norm(
      kernels,
      define,
      config,
      config.family === 'gpt2' ? 'transformer.ln_f' : 'model.norm',
    )
    this.#head = config.tieEmbeddings
      ? this.#embedding.table
      : define({
          name: 'lm_head.weight',
          shape: [config.vocabularySize, config.nEmbd],
          start: { std: INIT_STD },
        })
  }

  /** N(0, 0.02), projections into the residual stream 0.02/√(2L), gains 1, biases 0; each tensor from its own stream. */
  initialize(seed: number): void {
    for (const parameter of this.parameters) parameter.initialize(seed)
  }

  /**
   * @param values row-major, in the layout of the file
   * @throws LabError `damaged`: a name or size that is not this model's
   */
  loadTensor(name: string, values: Float32Array): void {
    this.#parameter(name).load(values)
  }

  /** Row-major, in the layout of the file. */
  async readTensor(name: string): Promise<Float32Array<ArrayBuffer>> {
    const parameter = this.#parameter(name)
    return parameter.toFile(await this.kernels.read(parameter.value))
  }

  #parameter(name: string): Parameter {
    const found = this.parameters.find(p => p.name === name)
    if (found) return found
    throw new LabError({
      code: 'damaged',
      what: `the model has no tensor called ${name}`,
      fix: 'use a checkpoint of the same family and size',
    })
  }

  /**
   * tokens int32 (B·T), B sequences of T ≤ contextLength after one another.
   * @throws LabError `bad-input` when T is longer than the context
   */
  forward(tokens: DeviceArray, batchSize: number, length: number): Activations {
    if (length > this.config.contextLength)
      throw new LabError({
        code: 'bad-input',
        what: `${length} tokens do not fit a context of ${this.config.contextLength}`,
        fix: 'use fewer tokens or a model with a longer context',
      })
    let last = this.#embedding.forward(tokens, length)
    const blocks: BlockSaved[] = []
    for (const block of this.#blocks) {
      const { out, saved } = block.forward(last, batchSize, length)
      blocks.push(saved)
      last = out
    }
    return { tokens, batchSize, length, blocks, last, hidden: this.#norm.forward(last) }
  }

  /** Log-probs of `targets` int32 (B·T), −1 = not counted. */
  logProbs(activations: Activations, targets: DeviceArray): HeadActivations {
    const { logProbs, saved } = this.kernels.headLogProbs(activations.hidden, this.#head.value, targets)
    return { logProbs, targets, saved }
  }

  /** Adds the gradient of Σ dLogProbs·logProbs to the gradients. dLogProbs (B·T). Uses up the activations. */
  backward(activations: Activations, { targets, saved }: HeadActivations, dLogProbs: DeviceArray): void {
    const { dHidden, dWeight } = this.kernels.headLogProbsBackward(
      dLogProbs,
      activations.hidden,
      this.#head.value,
      targets,
      saved,
    )
    this.#head.accumulate(dWeight)
    this.backwardHidden(activations, dHidden)
    this.kernels.free(dHidden)
  }

  /** The same from dHidden (B·T, C), for heads of another kind. */
  backwardHidden(activations: Activations, dHidden: DeviceArray): void {
    const { tokens, batchSize, length, blocks, last } = activations
    let d = this.#norm.backward(dHidden, last)
    this.kernels.free(last)
    for (let i = blocks.length - 1; i >= 0; i--) {
      const dx = this.#blocks[i]!.backward(d, blocks[i]!, batchSize, length)
      this.kernels.free(d, blocks[i]!.x)
      d = dx
    }
    this.kernels.scope(() => this.#embedding.backward(d, tokens, length))
    this.kernels.free(d)
  }

  zeroGradients(): void {
    for (const parameter of this.parameters) parameter.zeroGradient()
  }

  /** Logits (rows, V) of some rows of `hidden`; `rows` int32 (R). */
  logitsAt(activations: Activations, rows: DeviceArray): DeviceArray {
    return this.kernels.scope(() =>
      this.kernels.logits(this.kernels.embed(rows, activations.hidden), this.#head.value),
    )
  }

  /** Caches holding the keys and values of a forward pass. */
  cacheFrom(activations: Activations): KvCache[] {
    const { batchSize, blocks } = activations
    return blocks.map(({ attention }) => ({
      k: this.kernels.cacheFrom(attention.k, batchSize, this.config.contextLength),
      v: this.kernels.cacheFrom(attention.v, batchSize, this.config.contextLength),
    }))
  }

  /** One new token per sequence, int32 (B), at `position` → logits (B, V) and the longer caches. */
  decode(
    tokens: DeviceArray,
    caches: readonly KvCache[],
    position: number,
  ): { logits: DeviceArray; caches: KvCache[] } {
    return this.kernels.scope(() => {
      let x = this.#embedding.decode(tokens, position)
      const longer = this.#blocks.map((block, i) => {
        const { out, cache } = block.decode(x, caches[i]!, position)
        x = out
        return cache
      })
      return { logits: this.kernels.logits(this.#norm.forward(x), this.#head.value), caches: longer }
    })
  }

  dispose(): void {
    for (const parameter of this.parameters) parameter.dispose()
  }
}
