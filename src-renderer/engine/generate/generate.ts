// Continues one text token by token, and asks what could come next.
import type { Sampling, stopReason } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { Kernels } from '../kernels/kernels.ts'
import type { Transformer } from '../model/transformer.ts'
import { Decoder } from './decoder.ts'
import { logSoftmax, sampleToken } from './sampler.ts'

export interface GenerateOptions {
  readonly kernels: Kernels
  readonly model: Transformer
  /** The text so far, at least one token. Only the last contextLength are read. */
  readonly tokens: Int32Array
  readonly sampling: Sampling
  /** Drawing one of these ends the text. */
  readonly stopTokens: readonly number[]
  /** Asked before every token. */
  shouldStop(): boolean
  onToken(token: number, logProb: number, index: number): void
}

export interface Generated {
  /** The new tokens; a stop token that was drawn is the last of them. */
  readonly tokens: Int32Array<ArrayBuffer>
  /** Log-prob of each in nats, under the model at temperature 1 with nothing filtered. */
  readonly logProbs: Float32Array<ArrayBuffer>
  readonly stopped: (typeof stopReason.options)[number]
}

/**
 * When the context is full, the last contextLength / 2 tokens are read anew and writing goes on from there: what was
 * before is forgotten, as positions beyond the context were never trained.
 * @throws LabError `bad-input` for an empty text
 */
export async function generate(options: GenerateOptions): Promise<Generated> {
  const { model, sampling, stopTokens } = options
  const { contextLength, vocabularySize } = model.config
  const text = [...checked(options.tokens, vocabularySize)]
  const promptLength = text.length
  const logProbs: number[] = []
  const breathe = taskBreaks()
  const decoder = new Decoder(model)
  const finish = (stopped: Generated['stopped']): Generated => ({
    tokens: Int32Array.from(text.slice(promptLength)),
    logProbs: Float32Array.from(logProbs),
    stopped,
  })
  try {
    let logits = await decoder.prefill(Int32Array.from(text.slice(-contextLength)))
    for (let index = 0; ; index++) {
      await breathe()
      if (options.shouldStop()) return finish('stopped')
      const { token, logProb } = sampleToken(logits, sampling, sampling.seed, text.length)
      text.push(token)
      logProbs.push(logProb)
      options.onToken(token, logProb, index)
      if (stopTokens.includes(token)) return finish('end')
      if (index + 1 >= sampling.maxTokens) return finish('length')
      logits = decoder.full
        ? await decoder.prefill(Int32Array.from(text.slice(-Math.ceil(contextLength / 2))))
        : await decoder.step(Int32Array.of(token))
    }
  } finally {
    decoder.dispose()
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

/**
 * Lets messages in while many tokens are computed: on the CPU backends awaiting a read-back never leaves the current
 * task, so a request to stop would wait for the end. Not at every token, as browsers make nested timers wait 4 ms.
 */
function taskBreaks(everyMs = 50): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < everyMs) return
    await new Promise(resolve => setTimeout(resolve))
    last = performance.now()
  }
}
