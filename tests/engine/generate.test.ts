// Cached decoding against the full forward pass, and the rules of generation.
import { beforeAll, describe, expect, it } from 'vitest'
import { generateUncached } from '../../src-renderer/engine/bench/uncached-generation.ts'
import { Decoder } from '../../src-renderer/engine/generate/decoder.ts'
import {
  type Continuation,
  generate,
  generateBatch,
  nextTokenLogProbs,
} from '../../src-renderer/engine/generate/generate.ts'
import type { SampledToken } from '../../src-renderer/engine/generate/sampler.ts'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../src-renderer/engine/model/transformer.ts'
import { normals } from './gradient-check.ts'
import { kernelSets } from './kernel-sets.ts'
import { forward, kinds, largestDifference, tinyBatch, tinyModel } from './tiny-models.ts'

let kernels: Kernels

/** A model whose predictions are far from uniform. */
function lively(changes: Record<string, unknown>): Transformer {
  const model = new Transformer(tinyModel(changes), kernels)
  for (const parameter of model.parameters) {
    parameter.initialize(1)
    if (parameter.decay) parameter.load(normals(parameter.size, parameter.name, 0.3))
  }
  return model
}

/** Logits (V) after a text, from one forward pass. */
async function fullLogits(model: Transformer, tokens: Int32Array<ArrayBuffer>): Promise<Float32Array> {
  const length = tokens.length
  const logits = kernels.scope(() => {
    const activations = forward(model, { tokens, targets: tokens, batchSize: 1, length })
    return model.logitsAt(activations, kernels.upload(Int32Array.of(length - 1), [1]))
  })
  const values = await kernels.read(logits)
  kernels.free(logits)
  return values
}

const options = (changes: Partial<Continuation> = {}): Continuation => ({
  tokens: Int32Array.of(1, 2, 3),
  sampling: { maxTokens: 12, temperature: 1, topK: 0, topP: 1, seed: 5 },
  stopTokens: [],
  ...changes,
})

describe.each(kernelSets)('$name', ({ open }) => {
  beforeAll(async () => {
    const device = await open()
    kernels = device.kernels
    return device.close
  })

  describe.each(kinds)('%s', (_, changes) => {
    it('cached decoding of a batch equals the full forward pass at every length', async () => {
      const model = lively(changes)
      const B = 3
      const slots = [0, 1, 2]
      const { tokens } = tinyBatch(model.config, B, 33)
      const text = (b: number, length: number) => tokens.slice(b * 33, b * 33 + length)
      const decoder = new Decoder(model, B)
      let cached = await decoder.prefill(
        slots.map(b => text(b, 5)),
        slots,
      )
      for (let length = 5; ; length++) {
        for (const b of slots)
          expect(largestDifference(cached[b]!, await fullLogits(model, text(b, length)))).toBeLessThan(1e-4)
        if (decoder.full(0)) break
        cached = await decoder.step(
          slots.map(b => tokens[b * 33 + length]!),
          slots,
        )
      }
      expect(slots.map(slot => decoder.length(slot))).toEqual([33, 33, 33])
      decoder.dispose()
      model.dispose()
    })

    it('texts of any lengths in any slots decode as each alone, also in a slot that held another', async () => {
      const model = lively(changes)
      const { tokens } = tinyBatch(model.config, 5, 33)
      const decoder = new Decoder(model, 4)
      /** Where in the batch the text of a slot comes from, and its length. */
      const held = new Map<number, { text: number; length: number }>()
      const textOf = (slot: number) => {
        const { text, length } = held.get(slot)!
        return tokens.slice(text * 33, text * 33 + length)
      }
      const check = async (logits: Float32Array[], slots: number[]) => {
        for (const [i, slot] of slots.entries())
          expect(largestDifference(logits[i]!, await fullLogits(model, textOf(slot)))).toBeLessThan(1e-4)
      }
      const read = async (texts: [slot: number, text: number, length: number][]) => {
        for (const [slot, text, length] of texts) held.set(slot, { text, length })
        const slots = texts.map(([slot]) => slot)
        await check(await decoder.prefill(slots.map(textOf), slots), slots)
      }
      const step = async (slots: number[]) => {
        for (const slot of slots) held.get(slot)!.length++
        const tokensOf = slots.map(slot => textOf(slot).at(-1)!)
        await check(await decoder.step(tokensOf, slots), slots)
      }
      await read([
        [2, 0, 17],
        [0, 1, 1],
        [3, 2, 33],
      ])
      await step([0, 2])
      await step([2])
      await read([
        [3, 3, 3],
        [1, 4, 9],
      ])
      await step([3, 1, 0])
      for (let i = 0; i < 3; i++) await step([0, 1, 2, 3])
      await read([[2, 4, 2]])
      for (let i = 0; i < 14; i++) await step([0, 1, 2, 3])
      expect([0, 1, 2, 3].map(slot => decoder.length(slot))).toEqual([20, 27, 16, 21])
      decoder.dispose()
      model.dispose()
    })

    it('log-probs of what was sampled are those of the full forward pass', async () => {
      const model = lively(changes)
      const { tokens, logProbs, stopped } = await generate(model, options())
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
    const whole = await generate(model, options())
    expect(await generate(model, options())).toEqual(whole)
    const tokens = Int32Array.from([1, 2, 3, ...whole.tokens.slice(0, 4)])
    const rest = await generate(model, options({ tokens }))
    expect(rest.tokens.slice(0, 8)).toEqual(whole.tokens.slice(4))
    model.dispose()
  })

  it('a stop token ends the text and is its last token', async () => {
    const model = lively({})
    const whole = await generate(model, options())
    const stop = whole.tokens[6]!
    const first = whole.tokens.indexOf(stop)
    const stopped = await generate(model, options({ stopTokens: [stop] }))
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
    const { tokens, stopped } = await generate(model, options({ sampling, shouldStop: () => stop }))
    expect(stopped).toBe('stopped')
    expect(tokens.length).toBeLessThan(100_000)
    model.dispose()
  })

  it('writes on when the context is full, from its last half', async () => {
    const model = lively({})
    const sampling = { maxTokens: 80, temperature: 0, topK: 0, topP: 1, seed: 1 }
    const { tokens, logProbs } = await generate(model, options({ sampling }))
    expect(tokens).toHaveLength(80)
    const text = [1, 2, 3, ...tokens]
    // 33 tokens fill the context; the next is drawn after the last 17 of them.
    const afterHalf = await nextTokenLogProbs(kernels, model, Int32Array.from(text.slice(34 - 17, 34)))
    expect(Math.abs(afterHalf[text[34]!]! - logProbs[31]!)).toBeLessThan(1e-4)
    model.dispose()
  })

  it('reports every token as it comes and leaves no array behind', async () => {
    const model = lively({})
    await generate(model, options())
    const before = kernels.memory().arrays
    const seen: [SampledToken, number][] = []
    const { tokens, logProbs } = await generate(model, options({ onToken: (...heard) => seen.push(heard) }))
    expect(kernels.memory().arrays).toBe(before)
    expect(seen.map(([{ token }]) => token)).toEqual([...tokens])
    expect(Float32Array.from(seen, ([{ logProb }]) => logProb)).toEqual(logProbs)
    expect(seen.map(([, index]) => index)).toEqual([...tokens.keys()])
    model.dispose()
  })

  it('tells the likeliest tokens at every place when asked, whatever the sampling filters', async () => {
    const model = lively({})
    const sampling = { maxTokens: 7, temperature: 2, topK: 3, topP: 0.5, seed: 5 }
    const plain = await generate(model, options({ sampling }))
    expect(plain.alternatives).toEqual([])
    const told = await generate(model, options({ sampling, alternatives: 4 }))
    expect(told.tokens).toEqual(plain.tokens)
    expect(told.alternatives).toHaveLength(7)
    const text = [1, 2, 3, ...told.tokens]
    for (const [i, { tokens, logProbs }] of told.alternatives.entries()) {
      const all = await nextTokenLogProbs(kernels, model, Int32Array.from(text.slice(0, 3 + i)))
      const order = [...all.keys()].sort((a, b) => all[b]! - all[a]! || a - b)
      expect([...tokens]).toEqual(order.slice(0, 4))
      expect(
        largestDifference(
          logProbs,
          order.slice(0, 4).map(token => all[token]!),
        ),
      ).toBeLessThan(1e-4)
    }
    model.dispose()
  })

  describe('a batch', () => {
    /** Texts of many lengths, some of which outgrow the context, some of which end early. */
    const continuations = (): Continuation[] =>
      [
        { length: 3, maxTokens: 40, temperature: 1, seed: 5 },
        { length: 33, maxTokens: 9, temperature: 0, seed: 1 },
        { length: 1, maxTokens: 60, temperature: 0.7, topK: 9, seed: 5 },
        { length: 17, maxTokens: 1, temperature: 1, seed: 2 },
        { length: 50, maxTokens: 31, temperature: 1.3, topP: 0.9, seed: 3 },
        { length: 3, maxTokens: 60, temperature: 1, stopTokens: [7, 30], seed: 8 },
      ].map(({ length, stopTokens = [], ...sampling }, i) => ({
        tokens: Int32Array.from({ length }, (_, t) => (i * 11 + t * t) % 65),
        sampling: { topK: 0, topP: 1, ...sampling },
        stopTokens,
      }))

    it.each(kinds)(
      'writes every text as it would be alone, in any number of slots: %s',
      async (_, changes) => {
        const model = lively(changes)
        const alone = []
        for (const continuation of continuations()) alone.push(await generate(model, continuation))
        expect(alone[5]!.stopped).toBe('end')
        for (const slots of [16, 2]) {
          const together = await generateBatch(model, continuations(), slots)
          for (const [i, { tokens, logProbs, stopped }] of together.entries()) {
            expect(tokens).toEqual(alone[i]!.tokens)
            expect(stopped).toBe(alone[i]!.stopped)
            expect(largestDifference(logProbs, alone[i]!.logProbs)).toBeLessThan(1e-4)
          }
        }
        model.dispose()
      },
    )

    it('computes nothing for texts that have ended, and reads waiting ones together', async () => {
      const rows = { read: [] as number[], stepped: [] as number[] }
      const counting: Kernels = {
        ...kernels,
        attention: (q, k, v, shape) => {
          rows.read.push(shape.batchSize)
          return kernels.attention(q, k, v, shape)
        },
        decodeAttention: (q, k, v, cache, place, shape) => {
          rows.stepped.push(q.shape[0]!)
          return kernels.decodeAttention(q, k, v, cache, place, shape)
        },
      }
      const model = new Transformer(tinyModel({ nLayer: 1 }), counting)
      model.initialize(1)
      const lasting = (maxTokens: number) =>
        options({ sampling: { maxTokens, temperature: 1, topK: 0, topP: 1, seed: 1 } })
      // Three slots: the first two texts end together, so that the fourth and fifth are read together.
      await generateBatch(model, [2, 2, 5, 2, 1].map(lasting), 3)
      expect(rows).toEqual({ read: [3, 2], stepped: [3, 1, 2, 1] })
      model.dispose()
    })

    it('writes what reading every text whole for every token writes', async () => {
      const model = lively({})
      const beginnings = [Int32Array.of(1, 2, 3), Int32Array.of(60, 2, 7), Int32Array.of(9, 9, 9)]
      const sampling = { maxTokens: 30, temperature: 0, topK: 0, topP: 1, seed: 1 }
      const cached = await generateBatch(
        model,
        beginnings.map(tokens => options({ tokens, sampling })),
      )
      const all = Int32Array.from(beginnings.flatMap(tokens => [...tokens]))
      expect([...(await generateUncached(model, all, 3, 30))]).toEqual(
        cached.flatMap(({ tokens }) => [...tokens]),
      )
      model.dispose()
    })

    it('asks and tells each text on its own', async () => {
      const model = lively({})
      const seen: number[][] = [[], [], []]
      const results = await generateBatch(
        model,
        seen.map((tokens, i) =>
          options({
            shouldStop: () => i === 1 && tokens.length === 4,
            onToken: ({ token }) => tokens.push(token),
          }),
        ),
      )
      expect(results.map(result => result.stopped)).toEqual(['length', 'stopped', 'length'])
      expect(results.map(result => [...result.tokens])).toEqual(seen)
      expect(seen.map(tokens => tokens.length)).toEqual([12, 4, 12])
      model.dispose()
    })

    it('leaves no array behind, and of no texts makes none', async () => {
      const model = lively({})
      await generateBatch(model, continuations(), 3)
      const before = kernels.memory()
      await generateBatch(model, continuations(), 3)
      expect(kernels.memory()).toEqual(before)
      expect(await generateBatch(model, [])).toEqual([])
      model.dispose()
    })
  })

  it('refuses an empty text and tokens outside the vocabulary', async () => {
    const model = lively({})
    await expect(generate(model, options({ tokens: Int32Array.of() }))).rejects.toThrow(
      /no token to continue/,
    )
    await expect(generate(model, options({ tokens: Int32Array.of(65) }))).rejects.toThrow(/vocabulary/)
    model.dispose()
  })
})
