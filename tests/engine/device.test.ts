// Which device is chosen and why, and the WebGPU path on Dawn with the software driver that Chromium ships.
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import * as v from 'valibot'
import { describe, expect, it, vi } from 'vitest'
import { type EnginePlatform, openDevice } from '../../src-renderer/engine/device.ts'
import { generate } from '../../src-renderer/engine/generate/generate.ts'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { Transformer } from '../../src-renderer/engine/model/transformer.ts'
import { AdamW } from '../../src-renderer/engine/optim/adamw.ts'
import type { ModelConfig } from '../../src-shared/config/model-config.ts'
import { deviceInfo } from '../../src-shared/contract/device-info.ts'
import { nodePlatform } from './engine-platform.ts'
import { normals } from './gradient-check.ts'
import { integersOf, segmentStartsOf } from './simd/given.ts'
import { onSoftwareGpu, SWIFTSHADER, withSoftwareGpu } from './software-gpu.ts'
import { accumulate, gradients, kinds, largestDifference, tinyBatch, tinyModel } from './tiny-models.ts'

it('without WebGPU, auto takes the CPU and says why', async () => {
  const { cores } = nodePlatform
  const { info } = await openDevice('auto', nodePlatform)
  expect(v.parse(deviceInfo, info)).toEqual(info)
  expect(info).toMatchObject({
    backend: 'wasm',
    reason: 'WebGPU is not available here',
    adapter: `CPU, ${cores} ${cores === 1 ? 'thread' : 'threads'}`,
    features: ['simd', 'relaxed-simd', 'fma'],
    kernels: 'simd',
    threads: cores,
  })
  expect(info.fingerprint).toMatch(/^wasm \| fma \| math [0-9a-f]{8} \| tfjs 4.22.0 \| simd \d+$/)
})

it('a GPU that was asked for and is not there is an error with a way out', async () => {
  await expect(openDevice('webgpu', nodePlatform)).rejects.toThrow(/WebGPU is not available.*wasm or auto/)
})

it('an adapter search that fails is the reason given', async () => {
  const broken: EnginePlatform = {
    ...nodePlatform,
    gpu: { requestAdapter: () => Promise.reject(new Error('the driver said no')) },
  }
  const { info } = await openDevice('auto', broken)
  expect(info).toMatchObject({
    backend: 'wasm',
    reason: 'WebGPU failed to list its adapters: the driver said no',
  })
})

describe.skipIf(!SWIFTSHADER)(onSoftwareGpu, () => {
  let platform: EnginePlatform
  withSoftwareGpu(gpu => {
    platform = { ...nodePlatform, gpu }
  })

  it('auto does not take a GPU that is emulated on the CPU', async () => {
    const { info } = await openDevice('auto', platform)
    expect(info.backend).toBe('wasm')
    expect(info.reason).toMatch(/swiftshader.*emulated on the CPU/)
  })

  it('it can be asked for, and names itself', async () => {
    const { info } = await openDevice('webgpu', platform)
    expect(v.parse(deviceInfo, info)).toEqual(info)
    expect(info).toMatchObject({ backend: 'webgpu', software: true, reason: 'asked for' })
    expect(info.adapter).toMatch(/^swiftshader.*\(software\)/)
    expect(info.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8)
  })

  it('memory that it refuses is an error of who asked for it, and the device goes on', async () => {
    const { kernels, lost, withinMemory } = await openDevice('webgpu', platform)
    const refuse = (error: Error) => withinMemory!(() => Promise.reject(error))
    await expect(refuse(new RangeError('createBuffer failed'))).rejects.toMatchObject({
      facts: { code: 'no-space', got: 'createBuffer failed' },
    })
    await expect(refuse(new Error('another'))).rejects.toThrow('another')
    let twice: Float32Array = Float32Array.of()
    await withinMemory!(async () => {
      const x = kernels.upload(Float32Array.of(1, 2), [2])
      twice = await kernels.read(kernels.add(x, x))
    })
    expect(twice).toEqual(Float32Array.of(2, 4))
    expect(await Promise.race([lost, Promise.resolve('there')])).toBe('there')
  })

  it('what was freed before makes room', async () => {
    const { kernels, withinMemory, close } = await openDevice('webgpu', platform)
    const n = 2 ** 22
    const x = kernels.upload(new Float32Array(n), [n])
    const arrays = Array.from({ length: 8 }, () => kernels.add(x, x))
    await kernels.read(kernels.add(arrays[7]!, x))
    kernels.free(...arrays)
    const { freeBuffers } = (tf.backend() as WebGPUBackend).bufferManager as unknown as {
      freeBuffers: Map<string, GPUBuffer[]>
    }
    const freed = [...freeBuffers.values()].flat().filter(({ size }) => size >= 4 * n)
    expect(freed.length).toBeGreaterThanOrEqual(arrays.length)
    const givenBack = freed.map(buffer => vi.spyOn(buffer, 'destroy'))
    await withinMemory!(async () => {
      for (const destroy of givenBack) expect(destroy).toHaveBeenCalledTimes(1)
    })
    close()
  })

  it('nothing of what it refused is used again', async () => {
    const memory = { refusesFrom: Number.POSITIVE_INFINITY }
    const gpu = withLittleMemory(platform.gpu!, memory)
    const { kernels, lost, withinMemory } = await openDevice('webgpu', { ...platform, gpu })
    const n = 4096
    const x = kernels.upload(new Float32Array(n).fill(1), [n])
    const double = async () => {
      const sum = kernels.add(x, x)
      try {
        return await kernels.read(sum)
      } finally {
        kernels.free(sum)
      }
    }
    const doubled = new Float32Array(n).fill(2)
    expect(await double()).toEqual(doubled)
    memory.refusesFrom = 4 * n
    const act = () => withinMemory!(async () => void (await double()))
    await expect(act()).rejects.toMatchObject({ facts: { code: 'no-space', got: 'too little memory' } })
    memory.refusesFrom = Number.POSITIVE_INFINITY
    await act()
    expect(await double()).toEqual(doubled)
    expect(await Promise.race([lost, Promise.resolve('there')])).toBe('there')
    // What is no refusal is the end of the device, as outside.
    await withinMemory!(async () => {
      const { device } = tf.backend() as WebGPUBackend
      device.createBuffer({ size: 4, usage: 0 })
    })
    expect(await lost).toMatch(/^the GPU reported an error: .*usage/)
  })

  it('gradients and text of both families agree with cpu, and the number of arrays stays constant', async () => {
    const models = [kinds[0]!, kinds[3]!].map(([name, changes]) => ({
      name,
      config: tinyModel({ nLayer: 1, contextLength: 9, ...changes }, 33),
    }))
    const onCpu = []
    const cpu = await openDevice('cpu', platform)
    for (const { config } of models) onCpu.push(await trainAndWrite(cpu.kernels, config))
    const webgpu = await openDevice('webgpu', platform)
    for (const [i, { name, config }] of models.entries()) {
      const expected = onCpu[i]!
      const got = await trainAndWrite(webgpu.kernels, config)
      expect(got.arrays.size, name).toBe(1)
      expect(largestDifference(got.losses, expected.losses), name).toBeLessThan(1e-3)
      expect(largestDifference(got.logProbs, expected.logProbs), name).toBeLessThan(1e-3)
      for (const [tensor, gradient] of got.gradients) {
        const wanted = expected.gradients.get(tensor)!
        const largest = wanted.reduce((max, g) => Math.max(max, Math.abs(g)), 0)
        expect(largestDifference(gradient, wanted), `${name}: ${tensor}`).toBeLessThan(1e-3 * largest + 1e-5)
      }
    }
  }, 300_000) // SwiftShader compiles some eighty shaders first

  it('attention over segments, and entropies and hits of the head, agree with cpu', async () => {
    const [B, T, V] = [2, 37, 65]
    const results: Float32Array[][] = []
    for (const backend of ['cpu', 'webgpu'] as const) {
      const { kernels } = await openDevice(backend, platform)
      const matrix = (name: string, rows: number, width: number, std = 1) =>
        kernels.upload(normals(rows * width, name, std), [rows, width])
      const arrays = kernels.scope(() => {
        const heads = { nHead: 4, nKvHead: 2, headDim: 6 }
        const shape = { batchSize: B, length: T, ...heads, segmentStarts: segmentStartsOf(B, T, 7) }
        const [q, d] = [matrix('q', B * T, 24), matrix('d', B * T, 24)] as const
        const [k, v] = [matrix('k', B * T, 12), matrix('v', B * T, 12)] as const
        const { out, saved } = kernels.attention(q, k, v, shape)
        const back = kernels.attentionBackward(d, q, k, v, out, saved, shape)
        const targets = kernels.upload(integersOf('t', B * T, V, -1), [B * T])
        const [hidden, weight] = [matrix('h', B * T, 24, 0.3), matrix('w', V, 24, 0.3)]
        const head = kernels.headLogProbs(hidden, weight, targets, { statistics: true })
        return [out, ...Object.values(back), head.logProbs, head.entropies!, head.hits!]
      })
      results.push(await Promise.all(arrays.map(array => kernels.read(array))))
      kernels.free(...arrays)
    }
    const [wanted, got] = results
    for (const [i, values] of wanted!.entries())
      expect(largestDifference(got![i]!, values), `result ${i}`).toBeLessThan(1e-5)
  }, 300_000)
})

/** Its devices refuse large buffers as drivers do: the buffer is invalid, and the scope for it hears of that. */
function withLittleMemory(
  gpu: Pick<GPU, 'requestAdapter'>,
  memory: { readonly refusesFrom: number },
): Pick<GPU, 'requestAdapter'> {
  const limited = (device: GPUDevice): GPUDevice => {
    const [create, push, pop] = [device.createBuffer, device.pushErrorScope, device.popErrorScope].map(
      method => method.bind(device),
    ) as [GPUDevice['createBuffer'], GPUDevice['pushErrorScope'], GPUDevice['popErrorScope']]
    const scopes: { readonly filter: GPUErrorFilter; refused: boolean }[] = []
    return Object.assign(device, {
      createBuffer(descriptor: GPUBufferDescriptor) {
        if (descriptor.size < memory.refusesFrom) return create(descriptor)
        for (const scope of scopes) if (scope.filter === 'out-of-memory') scope.refused = true
        push('validation')
        const invalid = create({ ...descriptor, usage: 0 })
        void pop()
        return Object.defineProperty(invalid, 'usage', { value: descriptor.usage })
      },
      pushErrorScope(filter: GPUErrorFilter) {
        scopes.push({ filter, refused: false })
        push(filter)
      },
      async popErrorScope() {
        const refused = scopes.pop()?.refused
        const error = await pop()
        return refused ? { message: 'too little memory' } : error
      },
    })
  }
  return {
    async requestAdapter(options) {
      const adapter = (await gpu.requestAdapter(options))!
      const request = adapter.requestDevice.bind(adapter)
      return Object.assign(adapter, {
        requestDevice: async (descriptor?: GPUDeviceDescriptor) => limited(await request(descriptor)),
      })
    },
  }
}

/** Two steps on one batch, then a few tokens. */
async function trainAndWrite(kernels: Kernels, config: ModelConfig) {
  const batch = tinyBatch(config, 2, 5)
  batch.targets[3] = -1
  const model = new Transformer(config, kernels)
  model.initialize(9)
  const optimizer = new AdamW(model, { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 })
  const losses: number[] = []
  const arrays = new Set<number>()
  let first: Map<string, Float32Array> | undefined
  for (let step = 1; step <= 2; step++) {
    losses.push(await accumulate(model, batch))
    first ??= await gradients(model)
    const norm = await optimizer.gradientNorm()
    optimizer.step({ learningRate: 1e-2, step, gradientScale: 1 / norm })
    model.zeroGradients()
    arrays.add(kernels.memory().arrays)
  }
  const { logProbs } = await generate(model, {
    tokens: batch.tokens.slice(0, 3),
    sampling: { maxTokens: 4, temperature: 0, topK: 0, topP: 1, seed: 1 },
    stopTokens: [],
  })
  optimizer.dispose()
  model.dispose()
  return { losses: Float32Array.from(losses), arrays, gradients: first!, logProbs }
}
