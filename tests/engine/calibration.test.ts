// `auto` on a machine with a GPU: the faster of GPU and CPU cores, remembered. The GPU is SwiftShader with the name of a
// card, and what is measured is one product instead of training, for which it would take minutes.
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { type DeviceOptions, openDevice } from '../../src-renderer/engine/device.ts'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { type Calibration, deviceInfo } from '../../src-shared/contract/device-info.ts'
import { nodePlatform } from './engine-platform.ts'
import { onSoftwareGpu, SWIFTSHADER, withSoftwareGpu } from './software-gpu.ts'

async function doubled(kernels: Kernels): Promise<number[]> {
  const sum = kernels.scope(() => {
    const x = kernels.upload(Float32Array.of(1, 2, 3), [3])
    return kernels.add(x, x)
  })
  const values = [...(await kernels.read(sum))]
  kernels.free(sum)
  return values
}

async function productsPerSecond(kernels: Kernels): Promise<number> {
  const n = 256
  const product = async () => {
    const out = kernels.scope(() => {
      const x = kernels.upload(new Float32Array(n * n).fill(1), [n, n])
      return kernels.linear(x, x)
    })
    await kernels.read(out)
    kernels.free(out)
  }
  await product()
  const start = performance.now()
  await product()
  return 1000 / (performance.now() - start)
}

const noMeasure: DeviceOptions['measure'] = () => Promise.reject(new Error('measured again'))

describe.skipIf(!SWIFTSHADER)(onSoftwareGpu, () => {
  let software: GPU
  withSoftwareGpu(gpu => {
    software = gpu
  })

  let devicesAsked = 0
  const acme = { vendor: 'acme', architecture: 'one', device: '', description: 'Acme One' }
  let card = acme
  beforeEach(() => {
    devicesAsked = 0
    card = acme
  })

  /** Opens with a GPU that says it is hardware. */
  async function open(options: DeviceOptions, requestDevice?: GPUAdapter['requestDevice']) {
    const adapter = (await software.requestAdapter())!
    const hardware = {
      features: adapter.features,
      limits: adapter.limits,
      info: { ...card, isFallbackAdapter: false },
      requestDevice(descriptor?: GPUDeviceDescriptor) {
        devicesAsked++
        return requestDevice ? requestDevice(descriptor) : adapter.requestDevice(descriptor)
      },
    } as unknown as GPUAdapter
    const platform = { ...nodePlatform, gpu: { requestAdapter: async () => hardware } }
    const device = await openDevice('auto', platform, options)
    expect(v.parse(deviceInfo, device.info)).toEqual(device.info)
    // Whichever it is, it computes.
    expect(await doubled(device.kernels)).toEqual([2, 4, 6])
    device.close()
    return device.info
  }

  it('takes the CPU cores where they are faster, and says by how much', async () => {
    const info = await open({ measure: productsPerSecond })
    expect(info).toMatchObject({ backend: 'wasm', kernels: 'simd' })
    const { webgpu, wasm, chosen, hardware } = info.calibration!
    expect({ chosen, isFaster: wasm > webgpu }).toEqual({ chosen: 'wasm', isFaster: true })
    expect(hardware).toContain('acme/one//Acme One')
    const ratio = Number((wasm / webgpu).toPrecision(2))
    expect(info.reason).toBe(
      `the CPU cores train ${ratio} times as fast as the GPU Acme One in a calibration`,
    )
  })

  it('does so where TF.js computes on both', async () => {
    const info = await open({ measure: productsPerSecond, kernels: 'composed' })
    expect(info).toMatchObject({ backend: 'wasm', kernels: 'composed', calibration: { chosen: 'wasm' } })
  })

  it('says so where a wider model would train faster on the GPU', async () => {
    const measure: DeviceOptions['measure'] = async ({ name }, size) =>
      name === 'simd' ? 2e11 : size === 'wide' ? 5e11 : 5e10
    const info = await open({ measure })
    expect(info).toMatchObject({
      backend: 'wasm',
      reason:
        'the CPU cores train 4 times as fast as the GPU Acme One in a calibration; a model of 4 M parameters trains ' +
        '2.5 times as fast on the GPU: for such choose webgpu',
      calibration: { webgpu: 5e10, wasm: 2e11, chosen: 'wasm', wide: { webgpu: 5e11, wasm: 2e11 } },
    })
    const again = await open({ measure: noMeasure, calibration: info.calibration })
    expect(again.reason).toBe(info.reason)
  })

  it('takes the GPU where that is faster', async () => {
    const info = await open({ measure: async kernels => (kernels.name === 'simd' ? 2e9 : 7e11) })
    expect(info).toMatchObject({
      backend: 'webgpu',
      adapter: 'Acme One',
      software: false,
      reason: 'it trains 350 times as fast as the CPU cores in a calibration',
      calibration: { webgpu: 7e11, wasm: 2e9, chosen: 'webgpu' },
    })
  })

  it.each([
    [
      { vendor: 'nvidia', architecture: '', device: 'nvidia-h200', description: 'NVIDIA: 580.1' },
      'nvidia h200',
    ],
    [{ vendor: 'apple', architecture: 'metal-3', device: '', description: '' }, 'apple metal-3'],
  ])('calls it by what a host tells of it', async (info, name) => {
    card = info
    const { adapter } = await open({ measure: async kernels => (kernels.name === 'simd' ? 1 : 2) })
    expect(adapter).toBe(name)
  })

  it.each(['wasm', 'webgpu'] as const)('remembers that it chose %s, and measures nothing', async chosen => {
    const first = await open({
      measure: async kernels => ((kernels.name === 'simd') === (chosen === 'wasm') ? 3 : 2),
    })
    expect(first.backend).toBe(chosen)
    devicesAsked = 0
    const calibration = first.calibration!
    const again = await open({ measure: noMeasure, calibration })
    expect(again).toEqual(first)
    // What a new measurement would find does not matter.
    const swapped: Calibration = { ...calibration, webgpu: calibration.wasm, wasm: calibration.webgpu }
    expect((await open({ measure: noMeasure, calibration: swapped })).backend).toBe(chosen)
    expect(devicesAsked).toBe(chosen === 'wasm' ? 0 : 2)
  })

  it('compares anew with another number of threads, and with another GPU', async () => {
    const measure = async (kernels: Kernels) => (kernels.name === 'simd' ? 3 : 2)
    const calibration = (await open({ measure, threads: 1 })).calibration!
    await expect(open({ measure: noMeasure, threads: 2, calibration })).rejects.toThrow('measured again')
    const other = { ...calibration, hardware: calibration.hardware.replace('One', 'Two') }
    await expect(open({ measure: noMeasure, threads: 1, calibration: other })).rejects.toThrow(
      'measured again',
    )
  })

  it.each(['measured for the first time', 'chosen before'])(
    'a GPU that cannot be opened leaves the CPU cores, with its reason: %s',
    async when => {
      const known = await open({ measure: async kernels => (kernels.name === 'simd' ? 2 : 3) })
      const calibration = when === 'chosen before' ? known.calibration : undefined
      const fail = () => Promise.reject(new Error('out of device memory'))
      const info = await open({ measure: productsPerSecond, calibration }, fail)
      expect(info).toMatchObject({
        backend: 'wasm',
        reason: 'the GPU Acme One could not be used: out of device memory',
      })
      // Next time it is tried again.
      expect(info.calibration).toBeUndefined()
    },
  )

  it('so does a GPU that fails while it is measured', async () => {
    const measure = async (kernels: Kernels) => {
      if (kernels.name === 'composed') throw new Error('the device was lost')
      return 1
    }
    expect(await open({ measure })).toMatchObject({
      backend: 'wasm',
      reason: 'the GPU Acme One could not be used: the device was lost',
    })
  })
})
