// Floats below 1.2e-38 cost a hundred times the time: no kernel makes them where training would meet them over and over.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenDevice } from '../../../src-renderer/engine/device.ts'
import type { DeviceArray } from '../../../src-renderer/engine/kernels/kernels.ts'
import { normals } from '../gradient-check.ts'
import { openPlain, openSimd } from '../kernel-sets.ts'

const SMALLEST_NORMAL = 2 ** -126
const isDenormal = (x: number) => x !== 0 && Math.abs(x) < SMALLEST_NORMAL

describe.each([
  ['relaxed', () => openSimd(2)],
  ['plain', () => openPlain(2)],
] as const)('%s build', (_, open) => {
  let device: OpenDevice
  beforeAll(async () => {
    device = await open()
  })
  afterAll(() => device.close())

  const read = async (x: DeviceArray) => {
    const values = await device.kernels.read(x)
    device.kernels.free(x)
    return values
  }

  it('attention that is sure of itself gives the keys that it does not look at no weight, forward, back and cached', async () => {
    const { kernels } = device
    const T = 65
    const shape = { batchSize: 1, length: T, nHead: 1, nKvHead: 1, headDim: T }
    const found = kernels.scope(() => {
      const [q, k] = ['q', 'k'].map(name => kernels.upload(normals(T * T, name, 30), [T, T])) as [
        DeviceArray,
        DeviceArray,
      ]
      // With the unit matrix for v and dOut, `out` is the probabilities, and dv is them transposed.
      const ones = Float32Array.from({ length: T * T }, (_, i) => (i % (T + 1) === 0 ? 1 : 0))
      const unit = kernels.upload(ones, [T, T])
      const { out, saved } = kernels.attention(q, k, unit, shape)
      const { dq, dk, dv } = kernels.attentionBackward(unit, q, k, unit, out, saved, shape)
      const cache = () => kernels.writeCache(kernels.createCache(1, T, T), unit, Int32Array.of(0))
      const [lastQ, lastK] = ['q', 'k'].map(name => kernels.upload(normals(T, name, 30), [1, T]))
      const decoded = kernels.decodeAttention(
        ...([lastQ!, lastK!, kernels.upload(ones.slice(-T), [1, T])] as const),
        { k: kernels.writeCache(cache(), k, Int32Array.of(0)), v: cache() },
        { slots: Int32Array.of(0), positions: Int32Array.of(T - 1) },
        { ...shape, length: 1 },
      )
      return { out, dv, dq, dk, decoded: decoded.out }
    })
    for (const [name, array] of Object.entries(found)) {
      const values = await read(array)
      expect(values.filter(isDenormal), name).toHaveLength(0)
      expect(values.some(x => x !== 0)).toBe(true)
      if (name === 'out' || name === 'decoded')
        for (let row = 0; row < values.length; row += T)
          expect(values.subarray(row, row + T).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5)
    }
  })

  it("AdamW's moments of what gets no gradient shrink as they should, and then are 0", async () => {
    const { kernels } = device
    const n = 7
    const vector = (x: number) => kernels.upload(new Float32Array(n).fill(x), [n])
    const rates = { learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 }
    for (const start of [1e-3, -1e-3]) {
      let group = { value: vector(1), gradient: vector(0), m: vector(start), v: vector(1e-6) }
      const seen = new Map<number, { m: Float32Array; v: Float32Array }>()
      for (let step = 1; step <= 2000; step++) {
        group = { ...group, ...kernels.adamW(group, { ...rates, step, gradientScale: 1 }) }
        const [m, v] = [await kernels.read(group.m), await kernels.read(group.v)]
        seen.set(step, { m, v })
        expect([...m, ...v].filter(isDenormal), `step ${step}`).toEqual([])
      }
      // 0.9⁵⁰⁰ = 1.3e-23, 0.95¹⁰⁰⁰ = 5.3e-23
      for (const m of seen.get(500)!.m) expect(m / (start * 0.9 ** 500)).toBeCloseTo(1, 3)
      for (const v of seen.get(1000)!.v) expect(v / (1e-6 * 0.95 ** 1000)).toBeCloseTo(1, 3)
      expect(seen.get(2000)).toEqual({ m: new Float32Array(n), v: new Float32Array(n) })
      kernels.free(...Object.values(group))
    }
  })
})
