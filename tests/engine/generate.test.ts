// Cached decoding against the full forward pass, and the rules of generation.
import { beforeAll, describe, expect, it } from 'vitest'
import { openDevice } from '../../src-renderer/engine/device.ts'
import { Decoder } from '../../src-renderer/engine/generate/decoder.ts'
import {
  type GenerateOptions,
  generate,
  nextTokenLogProbs,
} from '../../src-renderer/engine/generate/generate.ts'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../src-renderer/engine/model/transformer.ts'
import { nodePlatform } from './engine-platform.ts'
import { normals } from './gradient-check.ts'
import { forward, kinds, largestDifference, tinyBatch, tinyModel } from './tiny-models.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = (await openDevice('cpu', nodePlatform)).kernels
})

/** A model whose predictions are far from uniform. */
function lively(changes: Record<string, unknown>): Transformer {
  const model = new Transformer(tinyModel(changes), kernels)
  for (const parameter of model.parameters) {
    parameter.initialize(1)
    if (parameter.decay) parameter.load(normals(parameter.size, parameter.name, 0.3))
  }
  return model
}

async function fullLogits(
  model: Transformer,
  tokens: Int32Array<ArrayBuffer>,
  batchSize: number,
): Promise<Float32Array> {
  const length = tokens.length / batchSize
  const logits = kernels.scope(() => {
    const activations = forward(model, { tokens, targets: tokens, batchSize, length })
    const rows = Int32Array.from({ length: batchSize }, (_, b) => (b + 1) * length - 1)
    return model.logitsAt(activations, kernels.upload(rows, [batchSize]))
  })
  const values = await kernels.read(logits)
  kernels.free(logits)
  return values
}

const options = (model: Transformer, changes: Partial<GenerateOptions> = {}): GenerateOptions => ({
  kernels,
  model,
  tokens: Int32Array.of(1, 2, 3),
  sampling: { maxTokens: 12, temperature: 1, topK: 0, topP: 1, seed: 5 },
  stopTokens: [],
  shouldStop: () => false,
  onToken: () => {},
  ...changes,
})

describe.each(kinds)('%s', (_, changes) => {
  it('cached decoding of a batch equals the full forward pass at every length', async () => {
    const model = lively(changes)
    const B = 3
    const { tokens } = tinyBatch(model.config, B, 33)
    const prefix = (length: number) =>
      Int32Array.from({ length: B * length }, (_, i) => tokens[Math.floor(i / length) * 33 + (i % length)]!)
    const decoder = new Decoder(model, B)
    let cached = await decoder.prefill(prefix(5))
    for (let length = 5; ; length++) {
      const full = await fullLogits(model, prefix(length), B)
      expect(largestDifference(cached, full), `after ${length} tokens`).toBeLessThan(1e-4)
      if (decoder.full) break
      cached = await decoder.step(Int32Array.from({ length: B }, (_, b) => tokens[b * 33 + length]!))
    }
    expect(decoder.position).toBe(33)
    decoder.dispose()
    model.dispose()
  })

  it('log-probs of what was sampled are those of the full forward pass', async () => {
    const model = lively(changes)
    const { tokens, logProbs, stopped } = await generate(options(model))
    expect(stopped).toBe('length')
    expect(tokens).toHaveLength(12)
    const text = [1, 2, 3]
    for (const [i, token] of tokens.entries()) {
      const next = await nextTokenLogProbs(kernels, model, Int32Array.from(text))
      expect(Math.abs(next[token]! - logProbs[i]!)).toBeLessThan(1e-4)
      text.push(token)
    }
    model.dispose()
  })
})

it('the same seed writes the same text, and a text continues alike wherever one stopped', async () => {
  const model = lively({})
  const whole = await generate(options(model))
  expect(await generate(options(model))).toEqual(whole)
  const tokens = Int32Array.from([1, 2, 3, ...whole.tokens.slice(0, 4)])
  const rest = await generate(options(model, { tokens }))
  expect(rest.tokens.slice(0, 8)).toEqual(whole.tokens.slice(4))
  model.dispose()
})

it('a stop token ends the text and is its last token', async () => {
  const model = lively({})
  const whole = await generate(options(model))
  const stop = whole.tokens[6]!
  const first = whole.tokens.indexOf(stop)
  const stopped = await generate(options(model, { stopTokens: [stop] }))
  expect(stopped.stopped).toBe('end')
  expect(stopped.tokens).toEqual(whole.tokens.slice(0, first + 1))
  model.dispose()
})

it('stops when asked, from outside, between two tokens', async () => {
  const model = lively({})
  let stop = false
  setTimeout(() => {
    stop = true
  }, 20)
  const sampling = { maxTokens: 100_000, temperature: 1, topK: 0, topP: 1, seed: 1 }
  const { tokens, stopped } = await generate(options(model, { sampling, shouldStop: () => stop }))
  expect(stopped).toBe('stopped')
  expect(tokens.length).toBeLessThan(100_000)
  model.dispose()
})

it('writes on when the context is full, from its last half', async () => {
  const model = lively({})
  const sampling = { maxTokens: 80, temperature: 0, topK: 0, topP: 1, seed: 1 }
  const { tokens, logProbs } = await generate(options(model, { sampling }))
  expect(tokens).toHaveLength(80)
  const text = [1, 2, 3, ...tokens]
  // 33 tokens fill the context; the next is drawn after the last 17 of them.
  const afterHalf = await nextTokenLogProbs(kernels, model, Int32Array.from(text.slice(34 - 17, 34)))
  expect(Math.abs(afterHalf[text[34]!]! - logProbs[31]!)).toBeLessThan(1e-4)
  model.dispose()
})

it('reports every token as it comes and leaves no array behind', async () => {
  const model = lively({})
  await generate(options(model))
  const before = kernels.memory().arrays
  const seen: [number, number, number][] = []
  const onToken = (token: number, logProb: number, index: number) => seen.push([token, logProb, index])
  const { tokens, logProbs } = await generate(options(model, { onToken }))
  expect(kernels.memory().arrays).toBe(before)
  expect(seen.map(s => s[0])).toEqual([...tokens])
  expect(Float32Array.from(seen, s => s[1])).toEqual(logProbs)
  expect(seen.map(s => s[2])).toEqual([...tokens.keys()])
  model.dispose()
})

it('refuses an empty text and tokens outside the vocabulary', async () => {
  const model = lively({})
  await expect(generate(options(model, { tokens: Int32Array.of() }))).rejects.toThrow(/no token to continue/)
  await expect(generate(options(model, { tokens: Int32Array.of(65) }))).rejects.toThrow(/vocabulary/)
  model.dispose()
})
