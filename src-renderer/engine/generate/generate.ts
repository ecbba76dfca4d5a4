// Continues texts token by token, many at a time, and asks what could come next.
import type { ModelConfig } from '../../../src-shared/config/model-config.ts'
import type { Sampling, stopReason, TokenAlternatives } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Transformer } from '../model/transformer.ts'
import { taskBreaks } from '../task-breaks.ts'
import { Decoder } from './decoder.ts'
import { logSoftmax, type SampledToken, sampleToken } from './sampler.ts'

/** A text to be continued, and how. */
export interface Continuation {
  /** The text so far, at least one token. Only the last contextLength are read. */
  readonly tokens: Int32Array
  readonly sampling: Sampling
  /** Drawing one of these ends the text. */
  readonly stopTokens: readonly number[]
  /** How many of the likeliest tokens to tell at every place. Absent: 0. */
  readonly alternatives?: number
  /** Asked before every token. What it throws ends the whole batch. */
  shouldStop?(): boolean
  /** @param index 0 for the first new token */
  onToken?(token: SampledToken, index: number): void
  onEnd?(): void
}

export interface Generated {
  /** The new tokens; a stop token that was drawn is the last of them. */
  readonly tokens: Int32Array<ArrayBuffer>
  /** Log-prob of each in nats, under the model at temperature 1 with nothing filtered. */
  readonly logProbs: Float32Array<ArrayBuffer>
  /** At the place of each; empty unless asked for. */
  readonly alternatives: TokenAlternatives[]
  readonly stopped: (typeof stopReason.options)[number]
}

/** Texts written at a time: enough to keep matrix products busy, and more where their caches are small. */
const LEAST_SLOTS = 16
const MOST_SLOTS = 64
const CACHE_BYTES = 64 * 2 ** 20

/** A function of the model alone: the number of rows decides the last bits of the logits. */
function slotsFor({ nLayer, nEmbd, nHead, nKvHead, contextLength }: ModelConfig): number {
  const cacheBytes = 4 * 2 * nLayer * contextLength * ((nKvHead * nEmbd) / nHead)
  return Math.max(LEAST_SLOTS, Math.min(MOST_SLOTS, Math.floor(CACHE_BYTES / cacheBytes)))
}

/** One text: see `generateBatch`. */
export async function generate(model: Transformer, continuation: Continuation): Promise<Generated> {
  const [generated] = await generateBatch(model, [continuation])
  return generated!
}

/**
 * Continues texts `slots` at a time; where one ends, the next takes its place. Every draw depends on (seed, place in the
 * text) alone, so a text becomes the same in any company, up to the last bits of float32 in the logits (1e-6), whose
 * products are summed in another order for another number of rows.
 *
 * When the context is full, the last contextLength / 2 tokens are read anew and writing goes on from there: what was
 * before is forgotten, as positions beyond the context were never trained.
 * @returns in the order of `continuations`
 * @throws LabError `bad-input` for an empty text
 */
export async function generateBatch(
  model: Transformer,
  continuations: readonly Continuation[],
  slots = slotsFor(model.config),
): Promise<Generated[]> {
  const texts = continuations.map(continuation => new Text(continuation, model.config.vocabularySize))
  if (texts.length === 0) return []
  const waiting = texts.values()
  const inSlot: (Text | undefined)[] = Array.from({ length: Math.min(slots, texts.length) })
  const breathe = taskBreaks()
  const decoder = new Decoder(model, inSlot.length)
  try {
    for (;;) {
      for (const [slot, text] of inSlot.entries()) inSlot[slot] = text ?? waiting.next().value
      if (inSlot.every(text => !text)) return texts.map(text => text.generated())
      const logits = await nextLogits(decoder, inSlot, model.config.contextLength)
      await breathe()
      for (const [slot, ofText] of logits) if (inSlot[slot]!.extend(ofText)) inSlot[slot] = undefined
    }
  } finally {
    decoder.dispose()
  }
}

/** Logits (V) by slot: of texts that are new or have filled the context by reading, of the others by a step. */
async function nextLogits(
  decoder: Decoder,
  inSlot: readonly (Text | undefined)[],
  contextLength: number,
): Promise<Map<number, Float32Array>> {
  const logits = new Map<number, Float32Array>()
  const toRead = new Map<number, Int32Array>()
  const toStep = new Map<number, number>()
  for (const [slot, text] of inSlot.entries()) {
    if (!text) continue
    if (text.isNew) toRead.set(slot, text.last(contextLength))
    else if (decoder.full(slot)) toRead.set(slot, text.last(Math.ceil(contextLength / 2)))
    else toStep.set(slot, text.last(1)[0]!)
  }
  const put = (slots: Iterable<number>, rows: Float32Array[]) => {
    let row = 0
    for (const slot of slots) logits.set(slot, rows[row++]!)
  }
  if (toRead.size > 0) put(toRead.keys(), await decoder.prefill([...toRead.values()], [...toRead.keys()]))
  if (toStep.size > 0) put(toStep.keys(), await decoder.step([...toStep.values()], [...toStep.keys()]))
  return logits
}

/** A text being written. */
class Text {
  readonly #continuation: Continuation
  readonly #tokens: number[]
  readonly #logProbs: number[] = []
  readonly #alternatives: TokenAlternatives[] = []
  #stopped: Generated['stopped'] | undefined

  constructor(continuation: Continuation, vocabularySize: number) {
    this.#continuation = continuation
    this.#tokens = [...checked(continuation.tokens, vocabularySize)]
  }

  get isNew(): boolean {
    return this.#logProbs.length === 0
  }

  last(count: number): Int32Array {
    return Int32Array.from(this.#tokens.slice(-count))
  }

  /** Draws the next token from logits (V). @returns whether the text has ended */
  extend(logits: Float32Array): boolean {
    const { sampling, stopTokens, alternatives, shouldStop, onToken, onEnd } = this.#continuation
    if (shouldStop?.()) this.#stopped = 'stopped'
    else {
      const sampled = sampleToken(logits, sampling, sampling.seed, this.#tokens.length, alternatives)
      const { token } = sampled
      this.#tokens.push(token)
      this.#logProbs.push(sampled.logProb)
      if (sampled.alternatives) this.#alternatives.push(sampled.alternatives)
      onToken?.(sampled, this.#logProbs.length - 1)
      if (stopTokens.includes(token)) this.#stopped = 'end'
      else if (this.#logProbs.length >= sampling.maxTokens) this.#stopped = 'length'
    }
    if (this.#stopped === undefined) return false
    onEnd?.()
    return true
  }

  generated(): Generated {
    return {
      tokens: Int32Array.from(this.#tokens.slice(this.#continuation.tokens.length)),
      logProbs: Float32Array.from(this.#logProbs),
      alternatives: this.#alternatives,
      stopped: this.#stopped!,
    }
  }
}

/** Log-probs (V) in nats of every possible next token after `tokens`, at temperature 1. */
export async function nextTokenLogProbs(
  kernels: Kernels,
  model: Transformer,
  tokens: Int32Array,
): Promise<Float32Array<ArrayBuffer>> {
  const { contextLength, vocabularySize } = model.config
  const window = checked(tokens, vocabularySize).slice(-contextLength)
  const logits = kernels.scope(() => {
    const activations = model.forward(kernels.upload(window, [window.length]), 1, window.length)
    return model.logitsAt(activations, kernels.upload(Int32Array.of(window.length - 1), [1]))
  })
  const values = await kernels.read(logits)
  kernels.free(logits)
  return logSoftmax(values)
}

function checked(tokens: Int32Array, vocabularySize: number): Int32Array {
  if (tokens.length === 0)
    throw new LabError({
      code: 'bad-input',
      what: 'there is no token to continue from',
      fix: 'start with the end-of-text token or some text',
    })
  const outside = tokens.find(token => token < 0 || token >= vocabularySize)
  if (outside !== undefined)
    throw new LabError({
      code: 'bad-input',
      what: `token ${outside} is not in the model's vocabulary`,
      expected: `0 … ${vocabularySize - 1}`,
      fix: 'encode the text with the tokenizer that the model was trained with',
    })
  return tokens
}
