// A batch of texts written from one token each, every next token drawn. None ends early, so that every unit is the same
// work. One step is one new token of every text.
import type { BenchSize } from '../../../src-shared/bench/sizes.ts'
import { Decoder } from '../generate/decoder.ts'
import { sampleToken } from '../generate/sampler.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { Transformer } from '../model/transformer.ts'
import { generateUncached } from './uncached-generation.ts'
import type { Workload } from './workload.ts'

type GenerationSize = Pick<BenchSize, 'model' | 'generation'>

const SAMPLING = { temperature: 1, topK: 0, topP: 1 }
const FIRST_TOKEN = 0

function initialized(kernels: Kernels, { model: config }: GenerationSize): Transformer {
  const model = new Transformer(config, kernels)
  model.initialize(1)
  return model
}

/** @param logits (V) of each text @param index of the new token @returns it, of each text */
const drawn = (logits: readonly Float32Array[], index: number): number[] =>
  logits.map((ofText, text) => sampleToken(ofText, SAMPLING, text, index).token)

/** With cached keys and values. */
export function generation(kernels: Kernels, size: GenerationSize): Workload {
  const { batchSize, newTokens } = size.generation
  const model = initialized(kernels, size)
  const decoder = new Decoder(model, batchSize)
  const slots = Array.from({ length: batchSize }, (_, slot) => slot)
  const beginnings = slots.map(() => Int32Array.of(FIRST_TOKEN))
  let tokens: number[] = []
  return {
    stepsPerUnit: newTokens,
    async step(index) {
      const logits = index === 0 ? decoder.prefill(beginnings, slots) : decoder.step(tokens, slots)
      tokens = drawn(await logits, index)
    },
    dispose() {
      decoder.dispose()
      model.dispose()
    },
  }
}

/** The peer: the whole text read again for every token. */
export function uncachedGeneration(kernels: Kernels, size: GenerationSize): Workload {
  const { batchSize, newTokens } = size.generation
  const model = initialized(kernels, size)
  let texts: number[][] = []
  return {
    stepsPerUnit: newTokens,
    async step(index) {
      if (index === 0) texts = Array.from({ length: batchSize }, () => [FIRST_TOKEN])
      const next = await generateUncached(model, Int32Array.from(texts.flat()), batchSize, 1)
      for (const [b, token] of next.entries()) texts[b]!.push(token)
    },
    dispose: () => model.dispose(),
  }
}
