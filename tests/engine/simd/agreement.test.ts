// Every SIMD kernel against the same kernel in TF.js operations, at sizes that no vector, tile or chunk divides.
import { beforeAll, describe, expect, it } from 'vitest'
import type { AttentionShape, DeviceArray, Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import { normals } from '../gradient-check.ts'
import { openComposed, openSimd } from '../kernel-sets.ts'
import { segmentStartsOf } from './given.ts'

let composed: Kernels
let simd: Kernels
beforeAll(async () => {
  simd = (await openSimd(2)).kernels
  composed = await openComposed() // last: TF.js computes on the backend that was opened last
})

/** What a kernel is given: the same values on both. */
class Inputs {
  readonly kernels: Kernels
  /** Of all floats given. */
  largest = 0
  /** Size of the terms of the results, for cases in which a whole result may cancel. */
  terms = 0
  constructor(kernels: Kernels) {
    this.kernels = kernels
  }
  floats(name: string, shape: number[], std = 1): DeviceArray {
    const values = normals(
      shape.reduce((a, b) => a * b, 1),
      name,
      std,
    )
    this.largest = values.reduce((max, x) => Math.max(max, Math.abs(x)), this.largest)
    return this.kernels.upload(values, shape)
  }
  integers(name: string, n: number, below: number, least = 0): DeviceArray {
    const values = normals(n, name)
    return this.kernels.upload(
      Int32Array.from(values, x => least + (Math.floor(Math.abs(x) * 1e4) % (below - least))),
      [n],
    )
  }
}

type Case = (kernels: Kernels, inputs: Inputs) => DeviceArray[]

async function run(kernels: Kernels, body: Case, inputs = new Inputs(kernels)): Promise<Float32Array[]> {
  const before = kernels.memory().arrays
  const arrays = kernels.scope(() => body(kernels, inputs))
  const values = await Promise.all(arrays.map(x => kernels.read(x)))
  kernels.free(...arrays)
  // `composed` keeps its masks and constants.
  if (kernels === simd) expect(kernels.memory().arrays, 'arrays left behind').toBe(before)
  return values
}

/**
 * Each result differs by at most 1e-5 of its own largest value, so that a small gradient beside large ones must be right
 * too. Rounding is relative to what is summed: what is below a thousandth of all that was given, or below the terms that
 * the case names, is measured by those.
 */
async function expectAgreement(body: Case): Promise<void> {
  const inputs = new Inputs(composed)
  const wanted = await run(composed, body, inputs)
  const got = await run(simd, body)
  expect(got).toHaveLength(wanted.length)
  const least = Math.max(inputs.terms, 1e-3 * inputs.largest)
  for (const [i, array] of wanted.entries()) {
    const largest = array.reduce((max, x) => Math.max(max, Math.abs(x)), least)
    expect(got[i]).toHaveLength(array.length)
    const worst = array.reduce((max, x, j) => Math.max(max, Math.abs(x - got[i]![j]!)), 0)
    expect(worst / largest, `result ${i}`).toBeLessThanOrEqual(1e-5)
  }
}

const sizes = [1, 3, 17, 64, 65]
const products = sizes.flatMap(rows => sizes.flatMap(depth => sizes.map(columns => [rows, depth, columns])))

describe('the linear layer', () => {
  it.each([...products, [130, 96, 65], [50, 500, 70], [7, 900, 130]])('%i × %i × %i', (n, inputs, outputs) =>
    expectAgreement((k, is) => {
      // A result of one value is one sum of products of numbers near 1, which may cancel.
      if (n === 1 || inputs === 1 || outputs === 1) is.terms = 1
      const x = is.floats('x', [n!, inputs!])
      const w = is.floats('w', [inputs!, outputs!])
      const b = is.floats('b', [outputs!])
      const r = is.floats('r', [n!, outputs!])
      const d = is.floats('d', [n!, outputs!])
      const whole = k.linearBackward(d, x, w, true)
      const more = k.linearBackward(d, x, w, true, {
        inner: is.floats('inner', [n!, inputs!]),
        residual: is.floats('dr', [n!, inputs!]),
        dWeight: is.floats('dw', [inputs!, outputs!]),
        dBias: is.floats('db', [outputs!]),
      })
      const { out, inner } = k.linearGelu(x, w, b)
      return [
        k.linear(x, w),
        k.linear(x, w, b),
        k.linear(x, w, b, r),
        k.linear(x, w, undefined, r),
        ...[whole.dx, whole.dWeight, whole.dBias!, more.dx, more.dWeight, more.dBias!],
        ...[out, inner, k.logits(x, is.floats('table', [outputs!, inputs!]))],
      ]
    }),
  )
})

describe.each(sizes.flatMap(n => [1, 3, 17, 65, 96].map(C => [n, C])))('%i rows of %i', (n, C) => {
  it('norms', () =>
    expectAgreement((k, is) => {
      // Of one value a norm is little but its sign: ε is all that the gradient does not cancel.
      if (C === 1) is.terms = 1
      const [x, d, residual] = [is.floats('x', [n!, C!]), is.floats('d', [n!, C!]), is.floats('r', [n!, C!])]
      const [gain, bias] = [is.floats('gain', [C!]), is.floats('bias', [C!])]
      const so = () => ({ residual, dGain: is.floats('dg', [C!]), dBias: is.floats('db', [C!]) })
      return [
        k.layerNorm(x, gain, bias, 1e-2),
        k.rmsNorm(x, gain, 1e-5),
        ...Object.values(k.layerNormBackward(d, x, gain, 1e-2)),
        ...Object.values(k.rmsNormBackward(d, x, gain, 1e-5)),
        ...Object.values(k.layerNormBackward(d, x, gain, 1e-2, so())),
        ...Object.values(k.rmsNormBackward(d, x, gain, 1e-5, { residual, dGain: is.floats('dg', [C!]) })),
      ]
    }))

  it('activations and sums', () =>
    expectAgreement((k, is) => {
      const [a, b, c] = ['a', 'b', 'c'].map(name => is.floats(name, [n!, C!], 3)) as [
        DeviceArray,
        DeviceArray,
        DeviceArray,
      ]
      const back = k.swigluBackward(a, b, c)
      return [k.add(a, b), k.gelu(a), k.geluBackward(a, b), k.swiglu(a, b), back.dGate, back.dUp]
    }))

  it('embeddings', () =>
    expectAgreement((k, is) => {
      const tokens = is.integers('tokens', n!, 65)
      const d = is.floats('d', [n!, C!])
      return [
        k.embed(tokens, is.floats('table', [65, C!])),
        k.embedBackward(d, tokens, 65),
        k.embedBackward(d, tokens, 65, is.floats('so far', [65, C!])),
      ]
    }))
})

describe.each([
  { B: 3, T: 1 },
  { B: 2, T: 3 },
  { B: 2, T: 33 },
  { B: 1, T: 65 },
])('$B sequences of $T', ({ B, T }) => {
  const N = B * T
  it('positions', () =>
    expectAgreement((k, is) => {
      const x = is.floats('x', [N, 96])
      return [
        k.addPositions(x, is.floats('p', [70, 96]), T),
        k.addPositionsBackward(x, T, 70),
        k.addPositionsBackward(x, T, 70, is.floats('so far', [70, 96])),
      ]
    }))

  it.each([2, 12, 16, 32])('rotary positions, heads of %i', headDim =>
    expectAgreement((k, is) => {
      const x = is.floats('x', [N, 3 * headDim])
      const positions = Int32Array.from({ length: N }, (_, i) => (i * 7) % 41)
      return [
        k.rope(x, T, headDim, 10_000),
        k.rope(x, T, headDim, 10_000, { inverse: true }),
        k.rope(x, 1, headDim, 10_000, { positions }),
      ]
    }),
  )

  it.each([
    { nHead: 1, nKvHead: 1, headDim: 1 },
    { nHead: 2, nKvHead: 2, headDim: 12 },
    { nHead: 3, nKvHead: 1, headDim: 17 },
    { nHead: 6, nKvHead: 2, headDim: 32 },
    { nHead: 2, nKvHead: 2, headDim: 65 },
  ])('attention, $nHead heads over $nKvHead, $headDim wide', heads =>
    expectAgreement((k, is) => {
      // One key has all the weight, whatever q and k are: their gradients are 0 but for rounding.
      if (T === 1) is.terms = 1
      const lengths = Array.from({ length: B }, (_, b) => Math.max(1, T - 5 * b))
      const segmentStarts = segmentStartsOf(B, T, 11)
      return [{}, { lengths }, { segmentStarts }, { lengths, segmentStarts }].flatMap(bounds => {
        const shape: AttentionShape = { batchSize: B, length: T, ...heads, ...bounds }
        const [q, d] = ['q', 'd'].map(name => is.floats(name, [N, heads.nHead * heads.headDim]))
        const [key, v] = ['k', 'v'].map(name => is.floats(name, [N, heads.nKvHead * heads.headDim]))
        const { out, saved } = k.attention(q!, key!, v!, shape)
        const { dq, dk, dv } = k.attentionBackward(d!, q!, key!, v!, out, saved, shape)
        return [out, dq, dk, dv]
      })
    }),
  )

  it('attention over the columns of one matrix', () =>
    expectAgreement((k, is) => {
      const shape = { batchSize: B, length: T, nHead: 3, nKvHead: 3, headDim: 12 }
      const [q, key, v] = k.splitColumns(is.floats('qkv', [N, 108]), [36, 36, 36]) as [
        DeviceArray,
        DeviceArray,
        DeviceArray,
      ]
      const { out, saved } = k.attention(q, key, v, shape)
      const { dq, dk, dv } = k.attentionBackward(is.floats('d', [N, 36]), q, key, v, out, saved, shape)
      return [out, k.joinColumns([dq, dk, dv]), k.joinColumns([key, q]), k.joinColumns([q, key, v])]
    }))

  it.each([3, 65, 300])('the head over %i tokens', V =>
    expectAgreement((k, is) => {
      const hidden = is.floats('h', [N, 96], 0.3)
      const weight = is.floats('w', [V, 96], 0.3)
      const targets = is.integers('t', N, V, -1)
      const d = is.floats('d', [N])
      const { logProbs, saved } = k.headLogProbs(hidden, weight, targets)
      const first = k.headLogProbsBackward(d, hidden, weight, targets, saved)
      const more = k.headLogProbsBackward(d, hidden, weight, targets, saved, is.floats('so far', [V, 96]))
      const { entropies, hits } = k.headLogProbs(hidden, weight, targets, { statistics: true })
      return [logProbs, entropies!, hits!, first.dHidden, first.dWeight, more.dHidden, more.dWeight]
    }),
  )
})

it('attention over segments of any length, in tiles that begin anywhere in them', async () => {
  const heads = { nHead: 3, nKvHead: 1, headDim: 17 }
  for (const mean of [2, 9, 40, 100])
    await expectAgreement((k, is) => {
      // In segments of one token the gradients of q and k are 0 but for rounding.
      is.terms = 1
      const [B, T] = [2, 163]
      const shape: AttentionShape = {
        ...{ batchSize: B, length: T, ...heads, segmentStarts: segmentStartsOf(B, T, mean) },
      }
      const [q, d] = ['q', 'd'].map(name => is.floats(name, [B * T, 51]))
      const [key, v] = ['k', 'v'].map(name => is.floats(name, [B * T, 17]))
      const { out, saved } = k.attention(q!, key!, v!, shape)
      const { dq, dk, dv } = k.attentionBackward(d!, q!, key!, v!, out, saved, shape)
      return [out, dq, dk, dv]
    })
})

it('attention over sequences of one segment each has the bits of attention without segments', async () => {
  const results = []
  for (const segmentStarts of [undefined, new Int32Array(2 * 70)])
    results.push(
      await run(simd, (k, is) => {
        const shape = { batchSize: 2, length: 70, nHead: 3, nKvHead: 1, headDim: 17, segmentStarts }
        const [q, d] = ['q', 'd'].map(name => is.floats(name, [140, 51]))
        const [key, v] = ['k', 'v'].map(name => is.floats(name, [140, 17]))
        const { out, saved } = k.attention(q!, key!, v!, shape)
        return [out, ...Object.values(k.attentionBackward(d!, q!, key!, v!, out, saved, shape))]
      }),
    )
  expect(results[1]).toEqual(results[0])
})

it('the head over more logits than are held at once', () =>
  expectAgreement((k, is) => {
    const [N, C, V] = [8000, 5, 300]
    const [hidden, weight] = [is.floats('h', [N, C]), is.floats('w', [V, C])]
    const targets = is.integers('t', N, V, -1)
    const { logProbs, saved, entropies, hits } = k.headLogProbs(hidden, weight, targets, { statistics: true })
    const back = k.headLogProbsBackward(is.floats('d', [N]), hidden, weight, targets, saved)
    return [logProbs, entropies!, hits!, back.dHidden, back.dWeight]
  }))

it('cached decoding, slots and positions in any order', () =>
  expectAgreement((k, is) => {
    const shape = { batchSize: 3, length: 1, nHead: 4, nKvHead: 2, headDim: 12 }
    const caches = () => {
      const made = k.createCache(5, 33, 24)
      return k.writeCache(made, is.floats('prefix', [2 * 9, 24]), Int32Array.of(4, 1))
    }
    const place = { slots: Int32Array.of(1, 4, 0), positions: Int32Array.of(9, 4, 0) }
    const [q, key, v] = [is.floats('q', [3, 48]), is.floats('k', [3, 24]), is.floats('v', [3, 24])]
    const { out, cache } = k.decodeAttention(q!, key!, v!, { k: caches(), v: caches() }, place, shape)
    return [out, cache.k]
  }))

it('AdamW and the norm, over values in many pieces', async () => {
  const pieces = [[3, 7], [1], [40_000], [65, 65], [2]]
  const body: Case = (k, is) => {
    const size = pieces.reduce((n, shape) => n + shape.reduce((a, b) => a * b, 1), 0)
    const value = k.flatten(pieces.map((shape, i) => is.floats(`v${i}`, shape)))
    const gradient = k.flatten(pieces.map((shape, i) => is.floats(`g${i}`, shape)).toReversed())
    let group = { value, gradient, m: is.floats('m', [size]), v: k.upload(new Float32Array(size), [size]) }
    for (let step = 1; step <= 3; step++)
      group = {
        gradient,
        ...k.adamW(group, {
          ...{ learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
          ...{ weightDecay: 0.1, step, gradientScale: 0.3 },
        }),
      }
    // One result, since a value alone may lose nearly all of itself to its steps.
    return [k.flatten(k.unflatten(group.value, pieces)), group.m, group.v]
  }
  await expectAgreement(body)
  const norms = []
  for (const kernels of [composed, simd]) {
    const arrays = pieces.map((shape, i) => new Inputs(kernels).floats(`v${i}`, shape))
    norms.push(await kernels.globalNorm(arrays))
    kernels.free(...arrays)
  }
  expect(norms[1]! / norms[0]!).toBeCloseTo(1, 5)
})
