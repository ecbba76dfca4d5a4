// Opens the device that trains: a WebGPU device of our own or the CPU through WebAssembly, says which and why, and puts
// the kernels on it.
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import type { BackendChoice, DeviceInfo } from '../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import { createComposedKernels } from './kernels/composed.ts'
import { forgetConstants } from './kernels/composed-arrays.ts'
import type { Kernels } from './kernels/kernels.ts'

export type WasmFile =
  | 'tfjs-backend-wasm.wasm'
  | 'tfjs-backend-wasm-simd.wasm'
  | 'tfjs-backend-wasm-threaded-simd.wasm'

/** What the host gives the engine. */
export interface EnginePlatform {
  /** `navigator.gpu`, or Dawn's under Node (whose globals, GPUBufferUsage and the like, must be installed too). */
  readonly gpu: Pick<GPU, 'requestAdapter'> | undefined
  /** `Chromium 156`, `Node 24.21.0`. */
  readonly runtime: string
  /** Where the .wasm files are: URLs in a page, data: URLs under Node. */
  wasmUrls(): Promise<Record<WasmFile, string>>
}

export interface OpenDevice {
  readonly kernels: Kernels
  readonly info: DeviceInfo
  /** Settles only when the device is gone or has failed: everything on it is then worthless. */
  readonly lost: Promise<string>
}

/** Names by which drivers that emulate a GPU on the CPU call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp\b/i
const WANTED_FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const
const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupsPerDimension',
] as const

/**
 * `auto` takes a hardware WebGPU adapter, else WASM; a GPU emulated on the CPU only when `webgpu` is asked for.
 * Opening again replaces the device; arrays on the former one are lost.
 * @throws LabError `unsupported` when the backend asked for cannot be had
 */
export async function openDevice(choice: BackendChoice, platform: EnginePlatform): Promise<OpenDevice> {
  forgetConstants()
  if (choice === 'cpu') return openCpu(platform, 'asked for; for tests, very slow')
  if (choice === 'wasm') return openWasm(platform, 'asked for')

  const found = await findAdapter(platform)
  if (choice === 'webgpu') {
    if ('missing' in found)
      throw new LabError({
        code: 'unsupported',
        what: found.missing,
        where: platform.runtime,
        fix: 'update the graphics driver, or choose the backend wasm or auto',
      })
    return openWebgpu(platform, found.adapter, 'asked for')
  }
  if ('missing' in found) return openWasm(platform, found.missing)
  const { adapter } = found
  if (isSoftware(adapter.info))
    return openWasm(
      platform,
      `the only GPU, ${nameOf(adapter.info)}, is emulated on the CPU and slower than it`,
    )
  try {
    return await openWebgpu(platform, adapter, 'a GPU was found')
  } catch (error) {
    return openWasm(platform, `the GPU ${nameOf(adapter.info)} could not be opened: ${messageOf(error)}`)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function findAdapter({ gpu }: EnginePlatform): Promise<{ adapter: GPUAdapter } | { missing: string }> {
  if (!gpu) return { missing: 'WebGPU is not available here' }
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
    return adapter ? { adapter } : { missing: 'no WebGPU adapter was found' }
  } catch (error) {
    return { missing: `WebGPU failed to list its adapters: ${messageOf(error)}` }
  }
}

const isSoftware = (info: GPUAdapterInfo): boolean =>
  info.isFallbackAdapter ||
  SOFTWARE.test([info.vendor, info.architecture, info.device, info.description].join(' '))

/** What a person recognises. */
function nameOf(info: GPUAdapterInfo): string {
  const { description, vendor, architecture } = info
  return description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed GPU'
}

async function openWebgpu(
  platform: EnginePlatform,
  adapter: GPUAdapter,
  reason: string,
): Promise<OpenDevice> {
  const requiredFeatures = WANTED_FEATURES.filter(feature => adapter.features.has(feature))
  const requiredLimits = Object.fromEntries(WANTED_LIMITS.map(limit => [limit, adapter.limits[limit]]))
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits })
  const lost = new Promise<string>(resolve => {
    void device.lost.then(({ reason, message }) =>
      resolve(`the GPU was lost (${reason}): ${message || 'no details'}`),
    )
    // After a rejected command the buffers hold stale data: going on would train on garbage.
    device.addEventListener('uncapturederror', event =>
      resolve(`the GPU reported an error: ${event.error.message}`),
    )
  })
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu')
  // TF.js asks navigator whether there is WebGPU at all; under Node it is the platform that has it.
  if (!('gpu' in navigator)) Object.defineProperty(navigator, 'gpu', { value: platform.gpu })
  const backend = new WebGPUBackend(device, adapter.info)
  tf.registerBackend('webgpu', () => backend)
  // More dispatches per submit than TF.js's 15: submitting costs more than it overlaps.
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', 64)
  await activate('webgpu')
  // Never TF.js's own choice for products outside our kernels: its split-K adds with float atomics, in any order.
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', 3)
  const { vendor, architecture, device: model, description } = adapter.info
  const software = isSoftware(adapter.info)
  return {
    ...opened(platform, {
      backend: 'webgpu',
      adapter: nameOf(adapter.info) + (software ? ' (software)' : ''),
      reason,
      software,
      features: [...requiredFeatures],
      limits: Object.fromEntries(WANTED_LIMITS.map(limit => [limit, device.limits[limit]])),
      hardware: [vendor, architecture, model, description].join('/'),
    }),
    lost,
  }
}

let wasmPaths: Promise<void> | undefined

async function openWasm(platform: EnginePlatform, reason: string): Promise<OpenDevice> {
  // TF.js's matrix products use one thread even in the threaded build, which needs a worker from a blob.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  // Once, before the backend exists: even asking TF.js whether it does would start it.
  wasmPaths ??= platform.wasmUrls().then(urls => setWasmPaths(urls, true))
  await wasmPaths
  await activate('wasm')
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) as boolean
  return opened(platform, {
    backend: 'wasm',
    adapter: `CPU, 1 thread${simd ? '' : ', no SIMD'}`,
    reason,
    software: false,
    features: simd ? ['simd'] : [],
    limits: {},
    hardware: simd ? 'simd' : 'scalar',
  })
}

async function openCpu(platform: EnginePlatform, reason: string): Promise<OpenDevice> {
  await activate('cpu')
  return opened(platform, {
    backend: 'cpu',
    adapter: 'CPU, plain JavaScript',
    reason,
    software: false,
    features: [],
    limits: {},
    hardware: 'javascript',
  })
}

async function activate(backend: DeviceInfo['backend']): Promise<void> {
  const ready = await tf.setBackend(backend)
  if (!ready)
    throw new LabError({
      code: 'unsupported',
      what: `the ${backend} backend could not be started`,
      fix: 'look for its message in the log; choose another backend in Settings or with --backend',
    })
}

function opened(
  { runtime }: EnginePlatform,
  facts: Omit<DeviceInfo, 'kernels' | 'fingerprint' | 'runtime'> & { hardware: string },
): OpenDevice {
  const kernels = createComposedKernels()
  const { hardware, ...shown } = facts
  return {
    kernels,
    info: {
      ...shown,
      kernels: kernels.name,
      runtime,
      fingerprint: [
        facts.backend,
        hardware,
        runtime,
        `tfjs ${tf.version_core}`,
        `${kernels.name} ${kernels.version}`,
      ].join(' | '),
    },
    lost: new Promise(() => {}),
  }
}
