// The decoder-only transformer, GPT-2 or Llama, as its config says: embedding → blocks → norm → head, with an explicit
// backward pass. Written once over the Kernels interface. Call forward … backward inside one `kernels.scope`.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { DecodePlace, DeviceArray, Kernels } from '../kernels/kernels.ts'
import type { KvCache, Sequences } from './attention.ts'
import { Block, type BlockSaved } from './block.ts'
import { Embedding } from './embedding.ts'
import { INIT_STD } from './linear.ts'
import { Norm } from './norm.ts'
import { Parameter, type ParameterSpec } from './parameter.ts'
import { readScores, SCORE_HEAD, type ScoreActivations, scoreHead, scoresBackward } from './score-head.ts'

/** What one forward pass leaves behind for the backward pass. */
export interface Activations {
  readonly tokens: DeviceArray
  readonly sequences: Sequences
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
  /** (B·T) nats, of the whole distribution of the next token, where asked for; 0 where the target is −1. */
  readonly entropies?: DeviceArray
  /** (B·T): 1 where the target is the likeliest token, where asked for; 0 where the target is −1. */
  readonly hits?: DeviceArray
}

export class Transformer {
  readonly config: ModelConfig
  readonly kernels: Kernels
  /** In the order of the file, without a tied head, as `transformers` writes it. */
  readonly parameters: readonly Parameter[]
  readonly #embedding: Embedding
  readonly #blocks: readonly Block[]
  readonly #norm: Norm
  /** (V, C): the embedding's table when tied; or (C, 1) of a model that scores. */
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
    if (config.head === 'score') this.#head = define(scoreHead(config))
    else
      this.#head = config.tieEmbeddings
        ? this.#embedding.table
        : define({
            name: 'lm_head.weight',
            shape: [config.vocabularySize, config.nEmbd],
            start: { std: INIT_STD },
          })
  }

  /** All but a head of its own kind: what a model that scores takes over from one that writes. */
  get body(): readonly Parameter[] {
    return this.parameters.filter(parameter => parameter.name !== SCORE_HEAD)
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
   * @param options.lengths (B): tokens of each that count, from its start; absent = all
   * @param options.segmentStarts (B·T): where in its sequence the segment of each token begins; segments do not see each
   * other and have positions of their own; absent = each sequence is one
   * @throws LabError `bad-input` when T is longer than the context, Error for starts that are none of segments
   */
  forward(
    tokens: DeviceArray,
    batchSize: number,
    length: number,
    options: { lengths?: readonly number[]; segmentStarts?: Int32Array } = {},
  ): Activations {
    this.#checkLength(length)
    const { segmentStarts } = options
    const positions = segmentStarts && positionsInSegments(segmentStarts, batchSize, length)
    const sequences = { batchSize, length, positions, ...options }
    let last = this.#embedding.forward(tokens, length, positions)
    const blocks: BlockSaved[] = []
    for (const block of this.#blocks) {
      const { out, saved } = block.forward(last, sequences)
      blocks.push(saved)
      last = out
    }
    return { tokens, sequences, blocks, last, hidden: this.#norm.forward(last) }
  }

  #checkLength(length: number): void {
    if (length > this.config.contextLength)
      throw new LabError({
        code: 'bad-input',
        what: `${length} tokens do not fit a context of ${this.config.contextLength}`,
        fix: 'use fewer tokens or a model with a longer context',
      })
  }

  /** Log-probs of `targets` int32 (B·T), −1 = not counted; with `statistics` also entropies and hits. */
  logProbs(
    { hidden }: Activations,
    targets: DeviceArray,
    options: { statistics?: boolean } = {},
  ): HeadActivations {
    return { targets, ...this.kernels.headLogProbs(hidden, this.#head.value, targets, options) }
  }

  /** Adds the gradient of Σ dLogProbs·logProbs to the gradients. dLogProbs (B·T). Uses up the activations. */
  backward(activations: Activations, head: HeadActivations, dLogProbs: DeviceArray): void {
    const dHidden = this.headBackward(activations, head, dLogProbs)
    this.backwardHidden(activations, dHidden)
    this.kernels.free(dHidden)
  }

  /** The head's share of it alone. @returns dHidden (B·T, C) */
  headBackward(
    { hidden }: Activations,
    { targets, saved }: HeadActivations,
    dLogProbs: DeviceArray,
  ): DeviceArray {
    const { dHidden, dWeight } = this.kernels.headLogProbsBackward(
      dLogProbs,
      hidden,
      this.#head.value,
      targets,
      saved,
      this.#head.gradient,
    )
    this.#head.putGradient(dWeight)
    return dHidden
  }

  /** The same from dHidden (B·T, C), for heads of another kind. */
  backwardHidden(activations: Activations, dHidden: DeviceArray): void {
    const { tokens, sequences, blocks, last } = activations
    let d = this.#norm.backward(dHidden, last)
    this.kernels.free(last)
    for (let i = blocks.length - 1; i >= 0; i--) {
      const dx = this.#blocks[i]!.backward(d, blocks[i]!, sequences)
      this.kernels.free(d, blocks[i]!.x)
      d = dx
    }
    this.kernels.scope(() => this.#embedding.backward(d, tokens, sequences.length, sequences.positions))
    this.kernels.free(d)
  }

  /** Scores (R, 1) at some rows of `hidden`; `ends` (R). Of a model whose head scores. */
  scores({ hidden }: Activations, ends: Int32Array): ScoreActivations {
    return readScores(this.kernels, this.#head, hidden, ends)
  }

  /** Adds the gradient of Σ dScores·scores to the gradients. dScores (R, 1). Uses up the activations. */
  backwardScores(activations: Activations, scores: ScoreActivations, dScores: DeviceArray): void {
    const dHidden = scoresBackward(this.kernels, this.#head, scores, dScores, activations.hidden.shape[0]!)
    this.backwardHidden(activations, dHidden)
    this.kernels.free(dHidden)
  }

  /** Frees what a forward pass keeps, but for what a backward pass has used up. */
  release({ tokens, blocks, last, hidden }: Activations): void {
    for (const { x, attention, middle, mlp } of blocks) {
      const { q, k, v, out, inner } = attention
      this.kernels.free(x, q, k, v, out, ...inner, middle, ...mlp)
    }
    this.kernels.free(tokens, last, hidden)
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

  /** Empty caches of every block, with room for `slots` texts. */
  createCaches(slots: number): KvCache[] {
    const { nEmbd, nHead, nKvHead, contextLength } = this.config
    const width = (nKvHead * nEmbd) / nHead
    const create = () => this.kernels.createCache(slots, contextLength, width)
    return this.#blocks.map(() => ({ k: create(), v: create() }))
  }

  /**
   * Reads S texts to be continued: like `forward`, with their keys and values written to `slots` of the caches, which
   * are used up. Nothing else is kept for longer than its block.
   * @param tokens int32 (S·T), every text filled up at its end to T; `lengths` (S) says how much of it counts
   * @returns logits (S, V) of the token after each text, and the new caches
   * @throws LabError `bad-input` when T is longer than the context
   */
  prefill(
    tokens: DeviceArray,
    lengths: readonly number[],
    slots: Int32Array,
    caches: readonly KvCache[],
  ): { logits: DeviceArray; caches: KvCache[] } {
    const batchSize = lengths.length
    const length = tokens.shape[0]! / batchSize
    this.#checkLength(length)
    // Without padding, there is nothing to mask.
    const sequences = { batchSize, length, lengths: lengths.every(n => n === length) ? undefined : lengths }
    return this.kernels.scope(() => {
      let x = this.#embedding.forward(tokens, length)
      const filled = this.#blocks.map((block, i) => {
        const { out, cache } = block.prefill(x, caches[i]!, slots, sequences)
        x = out
        return cache
      })
      const ends = Int32Array.from(lengths, (n, s) => s * length + n - 1)
      const last = this.kernels.embed(this.kernels.upload(ends, [batchSize]), x)
      return { logits: this.kernels.logits(this.#norm.forward(last), this.#head.value), caches: filled }
    })
  }

  /** One new token for each of A texts, int32 (A) → logits (A, V) and the longer caches; uses up the old ones. */
  decode(
    tokens: DeviceArray,
    place: DecodePlace,
    caches: readonly KvCache[],
  ): { logits: DeviceArray; caches: KvCache[] } {
    return this.kernels.scope(() => {
      let x = this.#embedding.forward(tokens, 1, place.positions)
      const longer = this.#blocks.map((block, i) => {
        const { out, cache } = block.decode(x, caches[i]!, place)
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

/** (B·T): each token's distance from the start of its segment, which is that of the token before or its own position. */
function positionsInSegments(segmentStarts: Int32Array, batchSize: number, length: number): Int32Array {
  const isStart = (start: number, n: number) =>
    start === n % length || (n % length > 0 && start === segmentStarts[n - 1])
  if (segmentStarts.length !== batchSize * length || !segmentStarts.every(isStart))
    throw new Error('a segment begins neither where that of the token before does nor at the token itself')
  return segmentStarts.map((start, n) => (n % length) - start)
}
