// Every kernel's backward pass against finite differences, at sizes that no tile divides.
import { beforeAll, describe, expect, it } from 'vitest'
import type { AttentionShape, Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { expectGradients, normals } from './gradient-check.ts'
import { kernelSets } from './kernel-sets.ts'
import { segmentStartsOf } from './simd/given.ts'

let kernels: Kernels

const input = (name: string, shape: number[], std = 1) => ({
  values: normals(
    shape.reduce((a, b) => a * b, 1),
    name,
    std,
  ),
  shape,
})
const tokens = (n: number, vocabulary: number) =>
  Int32Array.from(normals(n, 'tokens'), x => Math.floor(Math.abs(x) * 1000) % vocabulary)

describe.each(kernelSets)('$name', ({ open }) => {
  beforeAll(async () => {
    const device = await open()
    kernels = device.kernels
    return device.close
  })

  describe.each([
    { B: 3, T: 1 },
    { B: 3, T: 3 },
    { B: 2, T: 33 },
  ])('with $B sequences of $T tokens, 96 wide', ({ B, T }) => {
    const N = B * T
    const C = 96

    it('the linear layer', () =>
      expectGradients(
        kernels,
        { x: input('x', [N, C]), w: input('w', [C, 65], 0.1), b: input('b', [65]), r: input('r', [N, 65]) },
        ({ x, w, b, r }) => kernels.linear(x!, w!, b!, r!),
        ({ x, w }, d) => {
          const { dx, dWeight, dBias } = kernels.linearBackward(d, x!, w!, true)
          return { x: dx, w: dWeight, b: dBias!, r: d }
        },
      ))

    it('LayerNorm', () =>
      expectGradients(
        kernels,
        { x: input('x', [N, C]), gain: input('gain', [C]), bias: input('bias', [C]) },
        ({ x, gain, bias }) => kernels.layerNorm(x!, gain!, bias!, 1e-5),
        ({ x, gain }, d) => {
          const { dx, dGain, dBias } = kernels.layerNormBackward(d, x!, gain!, 1e-5)
          return { x: dx, gain: dGain, bias: dBias }
        },
      ))

    it('RMSNorm', () =>
      expectGradients(
        kernels,
        { x: input('x', [N, C]), gain: input('gain', [C]) },
        ({ x, gain }) => kernels.rmsNorm(x!, gain!, 1e-5),
        ({ x, gain }, d) => {
          const { dx, dGain } = kernels.rmsNormBackward(d, x!, gain!, 1e-5)
          return { x: dx, gain: dGain }
        },
      ))

    it('GELU', () =>
      expectGradients(
        kernels,
        { x: input('x', [N, C], 2) },
        ({ x }) => kernels.gelu(x!),
        ({ x }, d) => ({ x: kernels.geluBackward(d, x!) }),
      ))

    it('SwiGLU', () =>
      expectGradients(
        kernels,
        { g: input('g', [N, C], 2), up: input('up', [N, C]) },
        ({ g, up }) => kernels.swiglu(g!, up!),
        ({ g, up }, d) => {
          const { dGate, dUp } = kernels.swigluBackward(d, g!, up!)
          return { g: dGate, up: dUp }
        },
      ))

    it('token and position embeddings', () => {
      const ids = tokens(N, 65)
      return expectGradients(
        kernels,
        { table: input('table', [65, C]), positions: input('positions', [40, C]) },
        ({ table, positions }) =>
          kernels.addPositions(kernels.embed(kernels.upload(ids, [N]), table!), positions!, T),
        (_, d) => ({
          table: kernels.embedBackward(d, kernels.upload(ids, [N]), 65),
          positions: kernels.addPositionsBackward(d, T, 40),
        }),
      )
    })

    it('rotary positions', () =>
      expectGradients(
        kernels,
        { x: input('x', [N, C]) },
        ({ x }) => kernels.rope(x!, T, 24, 10_000),
        (_, d) => ({ x: kernels.rope(d, T, 24, 10_000, { inverse: true }) }),
      ))

    it.each([
      { nHead: 4, nKvHead: 4 },
      { nHead: 6, nKvHead: 2 },
      { nHead: 3, nKvHead: 1 },
      { nHead: 3, nKvHead: 1, segmentStarts: segmentStartsOf(B, T, 7) },
    ])('attention with $nHead heads over $nKvHead KV heads', ({ nHead, nKvHead, segmentStarts }) => {
      const headDim = C / nHead
      const shape: AttentionShape = { batchSize: B, length: T, nHead, nKvHead, headDim, segmentStarts }
      return expectGradients(
        kernels,
        {
          q: input('q', [N, C]),
          k: input('k', [N, nKvHead * headDim]),
          v: input('v', [N, nKvHead * headDim]),
        },
        ({ q, k, v }) => kernels.attention(q!, k!, v!, shape).out,
        ({ q, k, v }, d) => {
          const { out, saved } = kernels.attention(q!, k!, v!, shape)
          const { dq, dk, dv } = kernels.attentionBackward(d, q!, k!, v!, out, saved, shape)
          return { q: dq, k: dk, v: dv }
        },
      )
    })

    it('the head', () => {
      const targets = tokens(N, 65)
      targets[N - 1] = -1
      return expectGradients(
        kernels,
        { hidden: input('hidden', [N, C]), weight: input('weight', [65, C], 0.2) },
        ({ hidden, weight }) => kernels.headLogProbs(hidden!, weight!, kernels.upload(targets, [N])).logProbs,
        ({ hidden, weight }, d) => {
          const ids = kernels.upload(targets, [N])
          const { saved } = kernels.headLogProbs(hidden!, weight!, ids)
          const back = kernels.headLogProbsBackward(d, hidden!, weight!, ids, saved)
          return { hidden: back.dHidden, weight: back.dWeight }
        },
      )
    })
  })

  it('split columns joined again are the same', async () => {
    const values = normals(7 * 12, 'columns')
    const same = kernels.scope(() => {
      const parts = kernels.splitColumns(kernels.upload(values, [7, 12]), [5, 4, 3])
      expect(parts.map(p => p.shape)).toEqual([
        [7, 5],
        [7, 4],
        [7, 3],
      ])
      return kernels.joinColumns(parts)
    })
    expect(await kernels.read(same)).toEqual(values)
    kernels.free(same)
  })
})
