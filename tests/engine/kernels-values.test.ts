// Kernels against numbers worked out by hand or by the formula in float64.
import { beforeAll, describe, expect, it } from 'vitest'
import { createComposedKernels } from '../../src-renderer/engine/kernels/composed.ts'
import type { DeviceArray, Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { normals } from './gradient-check.ts'
import { kernelSets, openComposed } from './kernel-sets.ts'

let kernels: Kernels

async function values(make: () => DeviceArray): Promise<number[]> {
  const array = kernels.scope(make)
  const read = await kernels.read(array)
  kernels.free(array)
  return [...read]
}
const f32 = (numbers: number[], shape: number[]) => kernels.upload(Float32Array.from(numbers), shape)
const i32 = (numbers: number[]) => kernels.upload(Int32Array.from(numbers), [numbers.length])
const close = (got: number[], wanted: number[], digits = 5) => {
  expect(got).toHaveLength(wanted.length)
  for (const [i, x] of wanted.entries()) expect(got[i], `value ${i}`).toBeCloseTo(x, digits)
}

describe.each(kernelSets)('$name', ({ open }) => {
  beforeAll(async () => {
    const device = await open()
    kernels = device.kernels
    return device.close
  })

  it('layerNorm of (1, 2, 3, 6): mean 3, variance 3.5', async () => {
    const scale = 1 / Math.sqrt(3.5 + 1e-5)
    close(
      await values(() =>
        kernels.layerNorm(f32([1, 2, 3, 6], [1, 4]), f32([1, 1, 2, 1], [4]), f32([0, 0, 5, 1], [4]), 1e-5),
      ),
      [-2 * scale, -scale, 5, 3 * scale + 1],
    )
  })

  it('rmsNorm of (3, 4, 0, 0): root mean square 2.5', async () => {
    close(
      await values(() => kernels.rmsNorm(f32([3, 4, 0, 0], [1, 4]), f32([1, 2, 1, 1], [4]), 0)),
      [1.2, 3.2, 0, 0],
    )
  })

  it('gelu is the tanh form of GPT-2', async () => {
    const x = [-30, -3, -1, -0.1, 0, 0.5, 1, 2, 30]
    const wanted = x.map(v => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))))
    close(await values(() => kernels.gelu(f32(x, [1, 9]))), wanted)
  })

  it('swiglu is silu(gate) · up', async () => {
    const silu = (v: number) => v / (1 + Math.exp(-v))
    close(await values(() => kernels.swiglu(f32([-1, 0, 2], [1, 3]), f32([3, 4, 5], [1, 3]))), [
      3 * silu(-1),
      0,
      5 * silu(2),
    ])
  })

  it('linear adds bias and residual', async () => {
    close(
      await values(() =>
        kernels.linear(
          f32([1, 2], [1, 2]),
          f32([1, 2, 3, 4, 5, 6], [2, 3]),
          f32([10, 20, 30], [3]),
          f32([100, 0, 0], [1, 3]),
        ),
      ),
      [119, 32, 45],
    )
  })

  it('tokens that occur twice receive both gradients', async () => {
    close(
      await values(() => kernels.embedBackward(f32([1, 2, 3, 4, 5, 6], [3, 2]), i32([1, 0, 1]), 3)),
      [3, 4, 6, 8, 0, 0],
    )
  })

  it('rope turns the pair (i, i + headDim/2) by position · θ^(−2i/headDim), at the positions it is given', async () => {
    const x = [1, 2, 3, 4]
    const turn = (position: number) => {
      const [a, b] = [position, position * 100 ** -0.5]
      return [
        1 * Math.cos(a) - 3 * Math.sin(a),
        2 * Math.cos(b) - 4 * Math.sin(b),
        3 * Math.cos(a) + 1 * Math.sin(a),
        4 * Math.cos(b) + 2 * Math.sin(b),
      ]
    }
    close(await values(() => kernels.rope(f32([...x, ...x], [2, 4]), 2, 4, 100)), [...turn(0), ...turn(1)])
    const at = (...positions: number[]) =>
      values(() => {
        const rows = positions.flatMap(() => x)
        return kernels.rope(f32(rows, [positions.length, 4]), 1, 4, 100, {
          positions: Int32Array.from(positions),
        })
      })
    close(await at(7), turn(7))
    close(await at(5, 0, 31), [...turn(5), ...turn(0), ...turn(31)])
    close(await at(3, 3), [...turn(3), ...turn(3)])
  })

  it('attention is causal softmax(q·k / √d) · v', async () => {
    const shape = { batchSize: 1, length: 2, nHead: 1, nKvHead: 1, headDim: 4 }
    // Row 0 sees only itself; row 1 has scores 0 and 2·4/√4 = 4.
    const q = [9, 9, 9, 9, 0, 2, 2, 0]
    const k = [5, 0, 0, 5, 0, 2, 2, 0]
    const v = [1, 0, 0, 0, 0, 1, 0, 0]
    const share = Math.exp(4) / (1 + Math.exp(4))
    close(await values(() => kernels.attention(f32(q, [2, 4]), f32(k, [2, 4]), f32(v, [2, 4]), shape).out), [
      1,
      0,
      0,
      0,
      1 - share,
      share,
      0,
      0,
    ])
  })

  it('query heads 0 … G−1 share key/value head 0, as in Hugging Face', async () => {
    const shape = { batchSize: 1, length: 1, nHead: 4, nKvHead: 2, headDim: 1 }
    close(
      await values(
        () =>
          kernels.attention(f32([1, 1, 1, 1], [1, 4]), f32([1, 1], [1, 2]), f32([7, 8], [1, 2]), shape).out,
      ),
      [7, 7, 8, 8],
    )
  })

  it('the head gives log softmax at the target, also where exp would overflow', async () => {
    const norm = 200 + Math.log(1 + Math.exp(-200) + Math.exp(-100))
    close(
      await values(
        () =>
          kernels.headLogProbs(f32([1, 1, 1], [3, 1]), f32([200, 0, 100], [3, 1]), i32([0, 2, -1])).logProbs,
      ),
      [200 - norm, 100 - norm, 0],
    )
  })

  it('the head gives the entropy of the whole distribution, and whether the target is its likeliest token', async () => {
    // Rows: logits (0, 0, 0, 0, 0), (3, 1, 3, 0, −1) and (200, 0, 100, 0, 0), each with several targets.
    const logits = [
      [0, 0, 0, 0, 0],
      [3, 1, 3, 0, -1],
      [200, 0, 100, 0, 0],
    ]
    const asked = [
      [0, 0, 1],
      [0, 1, 0],
      [0, 4, 0],
      [1, 0, 1],
      [1, 2, 0],
      [1, 1, 0],
      [2, 0, 1],
      [2, 2, 0],
      [1, -1, 0],
    ] as const
    const statistics = (name: 'entropies' | 'hits') =>
      values(() => {
        // Hidden states that choose a column of the weight (5, 3).
        const hidden = asked.flatMap(([row]) => [0, 1, 2].map(i => (i === row ? 1 : 0)))
        const weight = logits[0]!.flatMap((_, id) => logits.map(row => row[id]!))
        const targets = i32(asked.map(([, target]) => target))
        return kernels.headLogProbs(f32(hidden, [asked.length, 3]), f32(weight, [5, 3]), targets, {
          statistics: true,
        })[name]!
      })
    const entropies = logits.map(row => {
      const total = row.reduce((sum, z) => sum + Math.exp(z), 0)
      return row.reduce((sum, z) => sum - (Math.exp(z) / total) * (z - Math.log(total)), 0)
    })
    close(
      await statistics('entropies'),
      asked.map(([row, target]) => (target < 0 ? 0 : entropies[row]!)),
    )
    expect(await statistics('hits')).toEqual(asked.map(([, , hit]) => hit))
  })

  it('the global norm is √Σx² over all arrays, exact enough over a million values', async () => {
    expect(await kernels.globalNorm([f32([3, 0], [2]), f32([4], [1])])).toBeCloseTo(5, 6)
    const many = kernels.upload(new Float32Array(1_000_001).fill(0.1), [1_000_001])
    expect(await kernels.globalNorm([many])).toBeCloseTo(Math.sqrt(1_000_001 * Math.fround(0.1) ** 2), 3)
    kernels.free(many)
  })

  it('adamW makes the first step of PyTorch: −rate · sign, after decay', async () => {
    const group = {
      value: f32([1, -2], [2]),
      gradient: f32([0.5, -4], [2]),
      m: f32([0, 0], [2]),
      v: f32([0, 0], [2]),
    }
    const next = kernels.adamW(group, {
      learningRate: 0.1,
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: 0.5,
      step: 1,
      gradientScale: 2,
    })
    close([...(await kernels.read(next.value))], [1 * 0.95 - 0.1, -2 * 0.95 + 0.1])
    close([...(await kernels.read(next.m))], [0.1, -0.8])
    close([...(await kernels.read(next.v))], [0.01, 0.64])
    kernels.free(group.gradient, next.value, next.m, next.v)
  })

  it('a scope keeps what it returns and what was kept, and nothing else', () => {
    const before = kernels.memory().arrays
    let kept: DeviceArray | undefined
    const out = kernels.scope(() => {
      const a = f32([1, 2], [2])
      kept = kernels.keep(kernels.add(a, a))
      return { sum: kernels.add(a, kept), list: [a] }
    })
    expect(kernels.memory().arrays).toBe(before + 3)
    kernels.free(out.sum, ...out.list, kept!)
    expect(kernels.memory().arrays).toBe(before)
  })

  it('uploading copies: the caller may reuse its array', async () => {
    const mine = Float32Array.of(1, 2)
    const array = kernels.upload(mine, [2])
    mine.fill(9)
    expect([...(await kernels.read(array))]).toEqual([1, 2])
    kernels.free(array)
  })
})

it('the composed head is the same in chunks of any size', async () => {
  await openComposed()
  const [n, width, vocabulary] = [13, 8, 11]
  const hidden = normals(n * width, 'hidden')
  const weight = normals(vocabulary * width, 'weight')
  const targets = Int32Array.from({ length: n }, (_, i) => (i === 4 ? -1 : (i * 3) % vocabulary))
  const results = []
  for (const rows of [1, 4, 13, 100]) {
    const chunked = createComposedKernels(rows * vocabulary)
    const arrays = chunked.scope(() => {
      const h = chunked.upload(hidden, [n, width])
      const w = chunked.upload(weight, [vocabulary, width])
      const t = chunked.upload(targets, [n])
      const { saved, ...ofRows } = chunked.headLogProbs(h, w, t, { statistics: true })
      const d = chunked.upload(normals(n, 'd'), [n])
      const back = chunked.headLogProbsBackward(d, h, w, t, saved)
      return [...Object.values(ofRows), ...Object.values(back)]
    })
    results.push(await Promise.all(arrays.map(a => chunked.read(a))))
    chunked.free(...arrays)
  }
  const whole = results.at(-1)!
  for (const result of results.slice(0, -1))
    for (const [i, array] of result.entries()) close([...array], [...whole[i]!], 5)
})
