// Opens the device that trains: a WebGPU device of our own or the CPU cores through WebAssembly, says which and why, and
// puts the kernels on it.
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import type { BackendChoice, Calibration, DeviceInfo } from '../../src-shared/contract/device-info.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import { type CalibrationSize, measureFlops } from './bench/calibrate.ts'
import type { Ceiling } from './bench/ceiling.ts'
import { createComposedKernels } from './kernels/composed.ts'
import { forgetConstants } from './kernels/composed-arrays.ts'
import type { Kernels } from './kernels/kernels.ts'
import { createSimdKernels } from './kernels/simd/simd.ts'
import { measureCeiling } from './kernels/simd/simd-ceiling.ts'
import { compileSimd, type SimdBuild } from './kernels/simd/simd-module.ts'
import type { KernelThread, ThreadStart } from './kernels/simd/thread.ts'
import { ThreadPool } from './kernels/simd/thread-pool.ts'
import { mathDigest } from './math-digest.ts'
import { type WithinMemory, withinMemoryOf } from './within-memory.ts'

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
  /** CPU cores that threads may use; 1 where threads cannot share memory. */
  readonly cores: number
  /** The compiled CPU kernels, out/kernels/<build>.wasm. */
  simdModule(build: SimdBuild): Promise<BufferSource>
  /** Starts a worker that runs `serveThread`; settles when it serves. */
  startThread(start: ThreadStart): Promise<KernelThread>
}

export interface DeviceOptions {
  /** CPU threads; absent = as many as there are cores. */
  readonly threads?: number | undefined
  /** On wasm: `composed` takes TF.js's operations instead of the SIMD kernels. */
  readonly kernels?: 'composed' | 'simd' | undefined
  /** What an earlier calibration found, so that the choice does not change with the noise of a new one. */
  readonly calibration?: Calibration | undefined
  /** How fast a device is, where two are compared; absent = FLOP/s of a small training step. */
  readonly measure?: ((kernels: Kernels, size: CalibrationSize) => Promise<number>) | undefined
}

export interface OpenDevice {
  readonly kernels: Kernels
  readonly info: DeviceInfo
  /** Settles only when the device is gone or has failed: everything on it is then worthless. */
  readonly lost: Promise<string>
  /** What the CPU cores can do at most; where the SIMD kernels are there to measure it. */
  readonly ceiling?: () => Promise<Ceiling>
  /** One at a time. Absent where an allocation itself throws. */
  readonly withinMemory?: WithinMemory
  /** Ends its threads, gives back its GPU; nothing on it can be used any more. */
  close(): void
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
 * `auto` takes whichever trains faster in a calibration of about a second, a hardware WebGPU adapter or the CPU cores; a
 * GPU emulated on the CPU only when `webgpu` is asked for. TF.js has one device per backend: opening a GPU again replaces
 * it. SIMD kernels have a memory and threads of their own, until they are closed.
 * @throws LabError `unsupported` when the backend asked for cannot be had
 */
export async function openDevice(
  choice: BackendChoice,
  platform: EnginePlatform,
  options: DeviceOptions = {},
): Promise<OpenDevice> {
  forgetConstants()
  if (choice === 'cpu') return openCpu(platform, 'asked for; for tests, very slow')
  if (choice === 'wasm') return openWasm(platform, options, 'asked for')

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
  if ('missing' in found) return openWasm(platform, options, found.missing)
  if (isSoftware(found.adapter.info))
    return openWasm(
      platform,
      options,
      `the only GPU, ${nameOf(found.adapter.info)}, is emulated on the CPU and slower than it`,
    )
  return openFaster(platform, options, found.adapter)
}

/** Calibrates the CPU cores and the GPU, unless these two were compared before, and opens the winner. */
async function openFaster(
  platform: EnginePlatform,
  options: DeviceOptions,
  adapter: GPUAdapter,
): Promise<OpenDevice> {
  const name = nameOf(adapter.info)
  const hardware = [
    hardwareOf(adapter.info),
    `${options.threads ?? platform.cores} threads`,
    platform.runtime,
  ].join()
  const { calibration, measure = trainingFlops } = options
  const known = calibration?.hardware === hardware ? calibration : undefined
  const cpu = await openWasm(platform, options, 'chosen')
  if (known?.chosen === 'wasm') return chosen(cpu, known, name)
  const wasm = known?.wasm ?? (await measure(cpu.kernels, 'usual').catch(closing(cpu)))
  let gpu: OpenDevice | undefined
  try {
    gpu = await openWebgpu(platform, adapter, 'chosen')
    const webgpu = known?.webgpu ?? (await measure(gpu.kernels, 'usual'))
    const result: Calibration = known ?? {
      hardware,
      webgpu,
      wasm,
      chosen: webgpu >= wasm ? 'webgpu' : 'wasm',
    }
    // Where starting kernels is what takes a GPU's time, a wider model costs it little more.
    if (!known && result.chosen === 'wasm') {
      const onGpu = await measure(gpu.kernels, 'wide')
      await activate('wasm')
      result.wide = { webgpu: onGpu, wasm: await measure(cpu.kernels, 'wide') }
    }
    const [winner, loser] = result.chosen === 'webgpu' ? [gpu, cpu] : [cpu, gpu]
    await activate(winner.info.backend)
    loser.close()
    return chosen(winner, result, name)
  } catch (error) {
    gpu?.close()
    await activate('wasm')
    const reason = `the GPU ${name} could not be used: ${messageOf(error)}`
    return { ...cpu, info: { ...cpu.info, reason } }
  }
}

/** Gives a device back before the error that makes it useless goes on. */
const closing = (device: OpenDevice) => (error: unknown) => {
  device.close()
  throw error
}

const trainingFlops = async (kernels: Kernels, size: CalibrationSize): Promise<number> =>
  (await measureFlops(kernels, size)).flopsPerSecond
const times = (ratio: number): string => `${Number(ratio.toPrecision(2))} times`

/** Says by how much the winner won. */
function chosen(device: OpenDevice, calibration: Calibration, gpuName: string): OpenDevice {
  const { webgpu, wasm, wide } = calibration
  const otherwise =
    wide && wide.webgpu > wide.wasm
      ? `; a model of 4 M parameters trains ${times(wide.webgpu / wide.wasm)} as fast on the GPU: for such choose webgpu`
      : ''
  const reason =
    calibration.chosen === 'webgpu'
      ? `it trains ${times(webgpu / wasm)} as fast as the CPU cores in a calibration`
      : `the CPU cores train ${times(wasm / webgpu)} as fast as the GPU ${gpuName} in a calibration${otherwise}`
  return { ...device, info: { ...device.info, reason, calibration } }
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

const hardwareOf = ({ vendor, architecture, device, description }: GPUAdapterInfo): string =>
  [vendor, architecture, device, description].join('/')

/** What a person recognises. Dawn for Node describes the driver and names the card `nvidia-h200`; Chromium names no card. */
function nameOf({ device, description, vendor, architecture }: GPUAdapterInfo): string {
  const card = device.replaceAll(/-+/g, ' ').trim()
  return card || description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed GPU'
}

async function openWebgpu(
  platform: EnginePlatform,
  adapter: GPUAdapter,
  reason: string,
): Promise<OpenDevice> {
  const requiredFeatures = WANTED_FEATURES.filter(feature => adapter.features.has(feature))
  const requiredLimits = Object.fromEntries(WANTED_LIMITS.map(limit => [limit, adapter.limits[limit]]))
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits })
  const { promise: lost, resolve } = Promise.withResolvers<string>()
  void device.lost.then(({ reason, message }) =>
    resolve(`the GPU was lost (${reason}): ${message || 'no details'}`),
  )
  // After a rejected command the buffers hold stale data: going on would train on garbage.
  const reject = (message: string) => resolve(`the GPU reported an error: ${message}`)
  device.addEventListener('uncapturederror', event => reject(event.error.message))
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
  const software = isSoftware(adapter.info)
  return {
    ...opened(platform, {
      backend: 'webgpu',
      adapter: nameOf(adapter.info) + (software ? ' (software)' : ''),
      reason,
      software,
      features: [...requiredFeatures],
      limits: Object.fromEntries(WANTED_LIMITS.map(limit => [limit, device.limits[limit]])),
      threads: 1,
      hardware: hardwareOf(adapter.info),
    }),
    lost,
    withinMemory: withinMemoryOf(device, backend, reject),
    close: () => device.destroy(),
  }
}

let wasmPaths: Promise<void> | undefined

/** The CPU cores: SIMD kernels where the runtime has SIMD, else TF.js's operations. */
async function openWasm(
  platform: EnginePlatform,
  options: DeviceOptions,
  reason: string,
): Promise<OpenDevice> {
  // TF.js's matrix products use one thread even in the threaded build, which needs a worker from a blob.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  // Once, before the backend exists: even asking TF.js whether it does would start it.
  wasmPaths ??= platform.wasmUrls().then(urls => setWasmPaths(urls, true))
  await wasmPaths
  await activate('wasm')
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) as boolean
  const threads = Math.max(1, Math.min(options.threads ?? platform.cores, platform.cores))
  const compiled = options.kernels === 'composed' ? null : await compileSimd(threads > 1, platform.simdModule)
  const facts = { backend: 'wasm', reason, software: false, limits: {} } as const
  if (!compiled)
    return opened(platform, {
      ...facts,
      adapter: `CPU, 1 thread${simd ? '' : ', no SIMD'}`,
      features: simd ? ['simd'] : [],
      threads: 1,
      hardware: simd ? 'simd' : 'scalar',
    })
  const pool = await ThreadPool.start(compiled, threads, platform.startThread)
  const kernels = createSimdKernels(pool)
  const relaxed = compiled.build.startsWith('relaxed')
  return {
    ...opened(
      platform,
      {
        ...facts,
        adapter: `CPU, ${pool.threads} ${pool.threads === 1 ? 'thread' : 'threads'}`,
        features: ['simd', ...(relaxed ? ['relaxed-simd'] : []), ...(pool.fused ? ['fma'] : [])],
        threads: pool.threads,
        // Neither threads nor runtime: they change no bit. What a runtime could change is in the digest.
        hardware: `${pool.fused ? 'fma' : 'mul-add'} | math ${mathDigest()}`,
      },
      kernels,
    ),
    lost: pool.lost,
    ceiling: async () => measureCeiling(kernels.context),
    close: () => pool.stop(),
  }
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
    threads: 1,
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
  kernels: Kernels = createComposedKernels(),
): OpenDevice {
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
        ...(kernels.name === 'simd' ? [] : [runtime]),
        `tfjs ${tf.version_core}`,
        `${kernels.name} ${kernels.version}`,
      ].join(' | '),
    },
    lost: new Promise(() => {}),
    close: () => {},
  }
}
