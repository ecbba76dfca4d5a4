// What the backward kernels add to: gradients so far, residuals, GELU on the way; and sequences that end early. Each is
// compared with the same thing composed of plain calls.
import { beforeAll, describe, expect, it } from 'vitest'
import { openDevice } from '../../src-renderer/engine/device.ts'
import type { AttentionShape, DeviceArray, Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { nodePlatform, realGpu } from './engine-platform.ts'
import { normals } from './gradient-check.ts'

const N = 33
const C = 24
const OUT = 17
const V = 65

type Arrays = Record<string, DeviceArray | undefined>

describe.each([
  ['cpu', 'composed'],
  ['wasm', 'composed'],
  ['wasm', 'simd'],
  ...(realGpu ? [['webgpu', 'composed'] as const] : []),
] as const)('on %s, %s', (backend, which) => {
  let kernels: Kernels
  beforeAll(async () => {
    kernels = (await openDevice(backend, { ...nodePlatform, gpu: realGpu }, { kernels: which })).kernels
  })

  const input = (name: string, shape: number[], std = 1) =>
    kernels.upload(
      normals(
        shape.reduce((a, b) => a * b, 1),
        name,
        std,
      ),
      shape,
    )
  const ids = () =>
    kernels.upload(
      Int32Array.from({ length: N }, (_, i) => (i * i) % V),
      [N],
    )

  /** Values by name; what was made to get them is freed. */
  async function read(make: () => Arrays): Promise<Record<string, Float32Array>> {
    const arrays = kernels.scope(make)
    const values: Record<string, Float32Array> = {}
    for (const [name, array] of Object.entries(arrays)) if (array) values[name] = await kernels.read(array)
    kernels.free(...Object.values(arrays).flatMap(array => array ?? []))
    return values
  }

  /** Relative to the largest value. */
  function expectClose(got: Record<string, Float32Array>, wanted: Record<string, Float32Array>) {
    expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort())
    for (const [name, values] of Object.entries(wanted)) {
      const largest = values.reduce((max, x) => Math.max(max, Math.abs(x)), 1e-6)
      const off = values.reduce((max, x, i) => Math.max(max, Math.abs(x - got[name]![i]!)), 0)
      expect(off / largest, name).toBeLessThan(1e-6)
    }
  }

  /** Every kernel with gradients of parameters: called with what there is of them so far. */
  const cases: [string, Record<string, number[]>, (soFar: Arrays) => Arrays][] = [
    [
      'embedBackward',
      { dTable: [V, C] },
      ({ dTable }) => ({ dTable: kernels.embedBackward(input('d', [N, C]), ids(), V, dTable) }),
    ],
    [
      'addPositionsBackward',
      { dPositions: [13, C] },
      ({ dPositions }) => ({
        dPositions: kernels.addPositionsBackward(input('d', [N, C]), 11, 13, dPositions),
      }),
    ],
    [
      'layerNormBackward',
      { dGain: [C], dBias: [C] },
      options => ({
        ...kernels.layerNormBackward(input('d', [N, C]), input('x', [N, C]), input('g', [C]), 1e-5, options),
      }),
    ],
    [
      'rmsNormBackward',
      { dGain: [C] },
      options => ({
        ...kernels.rmsNormBackward(input('d', [N, C]), input('x', [N, C]), input('g', [C]), 1e-5, options),
      }),
    ],
    [
      'linearBackward',
      { dWeight: [C, OUT], dBias: [OUT] },
      options => ({
        ...kernels.linearBackward(
          input('d', [N, OUT]),
          input('x', [N, C]),
          input('w', [C, OUT]),
          true,
          options,
        ),
      }),
    ],
    [
      'headLogProbsBackward',
      { dWeight: [V, C] },
      ({ dWeight }) => {
        const [hidden, weight, targets] = [input('h', [N, C]), input('w', [V, C], 0.2), ids()]
        const { saved } = kernels.headLogProbs(hidden, weight, targets)
        const back = kernels.headLogProbsBackward(input('d', [N]), hidden, weight, targets, saved, dWeight)
        return { ...back }
      },
    ],
  ]

  it.each(cases)('%s adds to the gradients so far, and uses them up', async (_, shapes, run) => {
    const before = () =>
      Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => [name, input(`before/${name}`, shape)]),
      )
    const alone = await read(() => run({}))
    const held = await read(before)
    const wanted = Object.fromEntries(
      Object.entries(alone).map(([name, values]) => [name, values.map((x, i) => x + (held[name]?.[i] ?? 0))]),
    )
    const arrays = kernels.memory().arrays
    // Made and kept outside of the scope, as a parameter's gradient is.
    const kept = before()
    for (const array of Object.values(kept)) kernels.keep(array)
    expectClose(await read(() => run(kept)), wanted)
    expect(kernels.memory().arrays).toBe(arrays)
  })

  it.each(['layerNormBackward', 'rmsNormBackward'] as const)(
    '%s adds its residual to dx alone',
    async name => {
      const run = (residual?: DeviceArray) =>
        kernels[name](input('d', [N, C]), input('x', [N, C]), input('g', [C]), 1e-5, { residual })
      const { dx, ...others } = await read(() => ({ ...run() }))
      const residual = normals(N * C, 'r')
      expectClose(await read(() => ({ ...run(input('r', [N, C])) })), {
        dx: dx!.map((x, i) => x + residual[i]!),
        ...others,
      })
    },
  )

  it('linearGelu is gelu of linear, and gives what entered it', async () => {
    expectClose(
      await read(() => ({
        ...kernels.linearGelu(input('x', [N, C]), input('w', [C, OUT]), input('b', [OUT])),
      })),
      await read(() => {
        const inner = kernels.linear(input('x', [N, C]), input('w', [C, OUT]), input('b', [OUT]))
        return { inner, out: kernels.gelu(inner) }
      }),
    )
  })

  it('linearBackward with inner and residual is GELU backward of the plain one, plus the residual', async () => {
    const run = (options: { inner?: DeviceArray; residual?: DeviceArray }) =>
      kernels.linearBackward(input('d', [N, OUT]), input('x', [N, C]), input('w', [C, OUT]), true, options)
    expectClose(
      await read(() => ({ ...run({ inner: input('i', [N, C]), residual: input('r', [N, C]) }) })),
      await read(() => {
        const { dx, ...others } = run({})
        const dInner = kernels.geluBackward(dx, input('i', [N, C]))
        return { dx: kernels.add(dInner, input('r', [N, C])), ...others }
      }),
    )
    expectClose(
      await read(() => ({ ...run({ residual: input('r', [N, C]) }) })),
      await read(() => {
        const { dx, ...others } = run({})
        return { dx: kernels.add(dx, input('r', [N, C])), ...others }
      }),
    )
  })

  it('attention with lengths treats every sequence as if it were alone, and the rest as nothing', async () => {
    const T = 9
    const lengths = [9, 1, 5]
    const shape = { nHead: 6, nKvHead: 2, headDim: 4 }
    const widths = { d: 24, q: 24, k: 8, v: 8 }
    const values = Object.fromEntries(Object.entries(widths).map(([n, w]) => [n, normals(3 * T * w, n)]))
    /** Rows [from, from + length) of all inputs, forward and backward. */
    const run = (from: number, rows: number, cut: Pick<AttentionShape, 'batchSize' | 'length' | 'lengths'>) =>
      read(() => {
        const [d, q, k, v] = Object.entries(widths).map(([name, width]) =>
          kernels.upload(values[name]!.slice(from * width, (from + rows) * width), [rows, width]),
        ) as [DeviceArray, DeviceArray, DeviceArray, DeviceArray]
        const { out, saved } = kernels.attention(q, k, v, { ...shape, ...cut })
        return { out, ...kernels.attentionBackward(d, q, k, v, out, saved, { ...shape, ...cut }) }
      })
    const together = await run(0, 3 * T, { batchSize: 3, length: T, lengths })
    for (const [b, length] of lengths.entries()) {
      const alone = await run(b * T, length, { batchSize: 1, length })
      for (const [name, width] of Object.entries({ out: 24, dq: 24, dk: 8, dv: 8 })) {
        const own = together[name]!.slice(b * T * width, (b + 1) * T * width)
        expectClose({ [name]: own.slice(0, length * width) }, { [name]: alone[name]! })
        expect(own.slice(length * width).every(x => x === 0)).toBe(true)
      }
    }
  })

  it('a cache holds what was written last, at any slots and positions, and nothing is left behind', async () => {
    const [B, T, W] = [3, 7, 8]
    const shape: AttentionShape = { batchSize: 2, length: 1, nHead: 2, nKvHead: 1, headDim: 8 }
    const row = (name: string) => normals(W, name)
    const rows = (...names: string[]) =>
      kernels.upload(Float32Array.from(names.flatMap(name => [...row(name)])), [names.length, W])
    const run = () =>
      kernels.scope(() => {
        const fill = (what: string) => {
          const empty = kernels.createCache(B, T, W)
          // Seven rows of a text that has left slot 2, then three of another in its place and in slot 0.
          const first = kernels.writeCache(
            empty,
            rows(...[0, 1, 2, 3, 4, 5, 6].map(t => `${what} gone ${t}`)),
            Int32Array.of(2),
          )
          const names = ['a', 'b'].flatMap(text => [0, 1, 2].map(t => `${what} ${text} ${t}`))
          return kernels.writeCache(first, rows(...names), Int32Array.of(2, 0))
        }
        // Text a is two tokens long: its third is padding and is written over.
        const place = { slots: Int32Array.of(2, 0), positions: Int32Array.of(2, 3) }
        const cache = { k: fill('k'), v: fill('v') }
        const q = kernels.upload(normals(2 * 2 * W, 'q'), [2, 2 * W])
        return kernels.decodeAttention(
          q,
          rows('k a new', 'k b new'),
          rows('v a new', 'v b new'),
          cache,
          place,
          shape,
        )
      })
    const first = run()
    kernels.free(first.out, first.cache.k, first.cache.v)
    const arrays = kernels.memory().arrays // With the tables that are kept for the next call.
    const { out, cache } = run()
    const got = await kernels.read(out)
    kernels.free(out, cache.k, cache.v)
    expect(kernels.memory().arrays).toBe(arrays)

    const q = normals(2 * 2 * W, 'q')
    const expected = [
      ['a 0', 'a 1', 'a new'],
      ['b 0', 'b 1', 'b 2', 'b new'],
    ].flatMap((past, text) =>
      [0, 1].flatMap(head => {
        const query = q.slice((text * 2 + head) * W, (text * 2 + head + 1) * W)
        const scores = past.map(
          name => row(`k ${name}`).reduce((s, k, i) => s + k * query[i]!, 0) / Math.sqrt(W),
        )
        const total = scores.reduce((s, x) => s + Math.exp(x), 0)
        return Array.from({ length: W }, (_, i) =>
          past.reduce((s, name, t) => s + (Math.exp(scores[t]!) / total) * row(`v ${name}`)[i]!, 0),
        )
      }),
    )
    expectClose({ out: got }, { out: Float32Array.from(expected) })
  })
})
