import { describe, expect, test } from 'vitest'
import { estimateRun } from '../../../src-main/core/runs/estimate.ts'
import { parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import type { DeviceInfo } from '../../../src-shared/contract/device-info.ts'

const device = (backend: DeviceInfo['backend']): DeviceInfo => ({
  backend,
  kernels: 'composed',
  adapter: 'test',
  reason: '',
  software: false,
  features: [],
  limits: {},
  fingerprint: backend,
  runtime: 'test',
  threads: 1,
})
const small = resolveModel(parseModelShape({ nLayer: 4, nHead: 4, nEmbd: 128, contextLength: 128 }), 256)
const MiB = 2 ** 20

describe('the estimate of a run', () => {
  test.each([
    // Peak of TF.js's WASM heap after a step, measured once with nothing else in the process.
    { name: '0.84 M, batch 8', model: small, batchSize: 8, measured: 100 },
    { name: '0.84 M, batch 16', model: small, batchSize: 16, measured: 172 },
    { name: '0.84 M, context 256', model: { ...small, contextLength: 256 }, batchSize: 8, measured: 207 },
    {
      name: '10.6 M, batch 2',
      model: resolveModel(parseModelShape({ nLayer: 6, nHead: 6, nEmbd: 384, contextLength: 256 }), 65),
      batchSize: 2,
      measured: 1016,
    },
  ])('is within a quarter of the memory measured: $name', ({ model, batchSize, measured }) => {
    const { memory } = estimateRun(model, parsePretrainConfig({ batchSize }), device('wasm'), null, [])
    expect(memory.total / MiB / measured).toBeGreaterThan(0.75)
    expect(memory.total / MiB / measured).toBeLessThan(1.25)
  })

  test('refuses what cannot fit the 32-bit memory of WASM, with both figures', () => {
    const gpt2 = resolveModel(
      parseModelShape({ nLayer: 12, nHead: 12, nEmbd: 768, contextLength: 1024 }),
      50257,
    )
    const { memory, problems } = estimateRun(gpt2, parsePretrainConfig({}), device('wasm'), null, [])
    expect(memory.fits).toBe(false)
    expect(problems).toMatchObject([
      { code: 'no-space', what: expect.stringMatching(/more memory than (WebAssembly can address|is free)/) },
    ])
    expect(problems[0]!.got).toMatch(/^\d+\.\d\d GiB$/)
  })

  test('knows no limit where a browser tells none', () => {
    const { memory, problems } = estimateRun(small, parsePretrainConfig({}), device('webgpu'), null, [])
    expect(memory).toMatchObject({ available: null, fits: true })
    expect(problems).toEqual([])
  })

  test('counts tokens, FLOPs and minutes by hand', () => {
    const config = parsePretrainConfig({ steps: 100, batchSize: 2, gradientAccumulationSteps: 3 })
    const estimate = estimateRun(small, config, device('wasm'), 1e9, [])
    expect(estimate.tokensPerStep).toBe(2 * 3 * 128)
    expect(estimate.plannedTokens).toBe(76_800)
    // 6 · (4 · 12 · 128² + 256 · 128) + 6 · 4 · 128 · 128 per token
    expect(estimate.flops).toBe(76_800 * (6 * (4 * 12 * 128 ** 2 + 256 * 128) + 6 * 4 * 128 * 128))
    expect(estimate.minutes).toBeCloseTo(estimate.flops / 1e9 / 60)
    expect(estimate.tokensPerParameter).toBeCloseTo(76_800 / estimate.parameters.total)
  })
})
