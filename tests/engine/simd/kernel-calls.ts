// Calls of every kernel there is, of any sizes: what they are given depends on the call alone.
import fc from 'fast-check'
import type { AttentionShape, DeviceArray, Kernels } from '../../../src-renderer/engine/kernels/kernels.ts'
import { type Given, integersOf, segmentStartsOf } from './given.ts'

export type Result = DeviceArray | Promise<number>

export interface KernelCall {
  readonly gaps: boolean
  run(kernels: Kernels, given: Given): Result[]
}

/** Calls with these sizes, by which they are named when one fails. */
const calls = <Sizes extends object>(
  kernel: string,
  sizes: fc.Arbitrary<Sizes>,
  run: (kernels: Kernels, given: Given, sizes: Sizes) => Result[],
): fc.Arbitrary<KernelCall> =>
  fc.tuple(sizes, fc.boolean()).map(([sizes, gaps]) => ({
    gaps,
    run: (kernels, given) => run(kernels, given, sizes),
    [fc.toStringMethod]: () => `${kernel} ${JSON.stringify({ ...sizes, gaps })}`,
  }))

/** Around the sizes of vectors, panels, tiles and chunks, and any other. */
const size = fc.oneof(
  fc.constantFrom(1, 2, 3, 5, 7, 8, 9, 23, 24, 25, 31, 33, 47, 48, 49, 63, 64, 65),
  fc.integer({ min: 1, max: 150 }),
)
const upTo = (max: number) => fc.integer({ min: 1, max })

const linear = calls(
  'linear',
  fc.record({ n: size, inputs: fc.oneof(size, fc.integer({ min: 380, max: 800 })), outputs: size }),
  (k, given, { n, inputs, outputs }) => {
    const [x, d] = [given.matrix('x', n, inputs), given.matrix('d', n, outputs)]
    const [w, b] = [given.matrix('w', inputs, outputs), given.floats('b', [outputs])]
    const plain = k.linearBackward(d, x, w, false)
    const { dBias, ...more } = k.linearBackward(d, x, w, true, {
      inner: given.matrix('inner', n, inputs),
      residual: given.matrix('dr', n, inputs),
      dWeight: given.floats('dw', [inputs, outputs]),
      dBias: given.floats('db', [outputs]),
    })
    return [
      ...[k.linear(x, w), k.linear(x, w, b, given.matrix('r', n, outputs))],
      ...[...Object.values(k.linearGelu(x, w, b)), k.logits(x, given.matrix('table', outputs, inputs))],
      ...[plain.dx, plain.dWeight, more.dx, more.dWeight, dBias!],
    ]
  },
)

const norms = calls('norms', fc.record({ n: size, C: size }), (k, given, { n, C }) => {
  const [x, d, residual] = [given.matrix('x', n, C), given.matrix('d', n, C), given.matrix('r', n, C)]
  const [gain, bias, dBias] = [given.floats('g', [C]), given.floats('b', [C]), given.floats('db', [C])]
  return [
    ...[k.layerNorm(x, gain, bias, 0.1), k.rmsNorm(x, gain, 0.1)],
    ...Object.values(k.layerNormBackward(d, x, gain, 0.1)),
    ...Object.values(k.rmsNormBackward(d, x, gain, 0.1)),
    ...Object.values(
      k.layerNormBackward(d, x, gain, 0.1, { residual, dGain: given.floats('1', [C]), dBias }),
    ),
    ...Object.values(k.rmsNormBackward(d, x, gain, 0.1, { residual, dGain: given.floats('2', [C]) })),
  ]
})

const elements = calls(
  'elements',
  fc.record({ n: fc.oneof(size, fc.integer({ min: 8180, max: 8200 })), C: upTo(3) }),
  (k, given, { n, C }) => {
    const [a, b, c] = [given.matrix('a', n, C, 3), given.matrix('b', n, C, 3), given.matrix('c', n, C, 3)]
    return [
      k.add(a, b),
      k.gelu(a),
      k.geluBackward(a, b),
      k.swiglu(a, b),
      ...Object.values(k.swigluBackward(a, b, c)),
    ]
  },
)

const embeddings = calls(
  'embeddings',
  fc.record({ B: upTo(4), T: size, C: size, V: size, later: fc.nat(70), heads: upTo(3), half: upTo(40) }),
  (k, given, { B, T, C, V, later, heads, half }) => {
    const [N, contextLength] = [B * T, T + later]
    const [tokens, d] = [given.integers('tokens', N, V), given.matrix('d', N, C)]
    const turned = given.matrix('turned', N, 2 * half * heads)
    const positions = integersOf('positions', N, 200)
    return [
      ...[k.embed(tokens, given.matrix('table', V, C)), k.embedBackward(d, tokens, V)],
      k.embedBackward(d, tokens, V, given.floats('dTable', [V, C])),
      k.addPositions(given.matrix('x', N, C), given.matrix('p', contextLength, C), T),
      k.addPositionsBackward(d, T, contextLength),
      k.addPositionsBackward(d, T, contextLength, given.floats('dp', [contextLength, C])),
      ...[k.rope(turned, T, 2 * half, 1e4), k.rope(turned, T, 2 * half, 1e4, { inverse: true })],
      k.rope(turned, 1, 2 * half, 500, { positions }),
    ]
  },
)

const lengthOfText = fc.oneof(fc.constantFrom(0, 1, 48, 1000), fc.nat(110))
const heads = {
  nKvHead: upTo(3),
  shared: upTo(3),
  headDim: fc.oneof(fc.constantFrom(1, 64, 70), upTo(70)),
}

const attention = calls(
  'attention',
  fc.record({
    T: fc.oneof(fc.constantFrom(1, 2, 6, 7, 47, 48, 49, 96, 97), upTo(110)),
    ...{ texts: fc.array(lengthOfText, { minLength: 1, maxLength: 3 }), cut: fc.boolean(), ...heads },
    segments: fc.option(fc.oneof(upTo(60), fc.constantFrom(1, 2)), { nil: undefined }),
  }),
  (k, given, { T, texts, cut, segments, nKvHead, shared, headDim }) => {
    const bounds = {
      lengths: cut ? texts.map(length => Math.min(length, T)) : undefined,
      segmentStarts: segments ? segmentStartsOf(texts.length, T, segments) : undefined,
    }
    const shape = { batchSize: texts.length, length: T, nHead: nKvHead * shared, nKvHead, headDim, ...bounds }
    const [N, width, kvWidth] = [texts.length * T, shape.nHead * headDim, nKvHead * headDim]
    const [q, key, v] = [
      given.matrix('q', N, width),
      given.matrix('k', N, kvWidth),
      given.matrix('v', N, kvWidth),
    ]
    const columns = k.splitColumns(given.floats('qkv', [N, width + 2 * kvWidth]), [width, kvWidth, kvWidth])
    return [[q, key, v] as const, columns as [DeviceArray, DeviceArray, DeviceArray]].flatMap(([q, key, v]) =>
      forwardAndBack(k, given.matrix('d', N, width), q, key, v, shape),
    )
  },
)

function forwardAndBack(
  k: Kernels,
  d: DeviceArray,
  q: DeviceArray,
  key: DeviceArray,
  v: DeviceArray,
  shape: AttentionShape,
): DeviceArray[] {
  const { out, saved } = k.attention(q, key, v, shape)
  const { dq, dk, dv } = k.attentionBackward(d, q, key, v, out, saved, shape)
  return [out, ...saved, k.joinColumns([dq, dk, dv]), k.joinColumns([key, q])]
}

const decoding = calls(
  'decoding',
  fc.record({
    slots: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }),
    ...{ position: fc.nat(1000), contextLength: size, ...heads },
  }),
  (k, given, { slots, position, contextLength, nKvHead, shared, headDim }) => {
    const [A, width] = [slots.length, nKvHead * headDim]
    const cache = (name: string) =>
      k.writeCache(
        k.createCache(5, contextLength, width),
        given.matrix(name, 5 * contextLength, width),
        Int32Array.of(3, 0, 4, 1, 2),
      )
    const place = {
      slots: Int32Array.from(slots),
      positions: Int32Array.from(slots, slot => (position * (slot + 1)) % contextLength),
    }
    const [key, v] = [given.matrix('k', A, width), given.matrix('v', A, width)]
    const shape = { batchSize: A, length: 1, nHead: nKvHead * shared, nKvHead, headDim }
    const q = given.matrix('q', A, shared * width)
    const { out, cache: after } = k.decodeAttention(
      q,
      key,
      v,
      { k: cache('ck'), v: cache('cv') },
      place,
      shape,
    )
    return [out, after.k, after.v]
  },
)

const head = calls(
  'head',
  fc.record({ n: size, C: size, V: fc.oneof(size, fc.integer({ min: 250, max: 1100 })) }),
  (k, given, { n, C, V }) => {
    const [hidden, w] = [given.matrix('h', n, C, 0.5), given.matrix('w', V, C, 0.5)]
    const [targets, d] = [given.integers('t', n, V, -1), given.floats('d', [n])]
    const { logProbs, saved } = k.headLogProbs(hidden, w, targets)
    const { saved: _, ...more } = k.headLogProbs(hidden, w, targets, { statistics: true })
    const first = k.headLogProbsBackward(d, hidden, w, targets, saved)
    const added = k.headLogProbsBackward(d, hidden, w, targets, saved, given.floats('dw', [V, C]))
    return [logProbs, ...saved, ...[first, added, more].flatMap(arrays => Object.values(arrays))]
  },
)

const optimizer = calls(
  'optimizer',
  fc.record({ pieces: fc.array(fc.tuple(size, fc.oneof(size, upTo(400))), { minLength: 1, maxLength: 6 }) }),
  (k, given, { pieces }) => {
    const total = pieces.reduce((n, [rows, C]) => n + rows * C, 0)
    const vector = (name: string) => pieces.map(([rows, C], i) => given.matrix(`${name}${i}`, rows, C))
    const group = {
      ...{ value: k.flatten(vector('value')), gradient: k.flatten(vector('gradient').toReversed()) },
      ...{ m: given.floats('m', [total]), v: k.upload(new Float32Array(total), [total]) },
    }
    const rates = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-2, weightDecay: 0.1 }
    const norm = k.globalNorm([group.gradient, group.m])
    const { value, m, v } = k.adamW(group, { ...rates, step: 2, gradientScale: 0.5 })
    return [norm, ...k.unflatten(value, pieces), m, v]
  },
)

export const kernelCalls: fc.Arbitrary<KernelCall> = fc.oneof(
  { weight: 3, arbitrary: attention },
  { weight: 2, arbitrary: decoding },
  ...[linear, norms, elements, embeddings, head, optimizer],
)
