// The kernel sets that the engine's tests run on, opened once per file.
import { type OpenDevice, openDevice } from '../../src-renderer/engine/device.ts'
import type { Kernels } from '../../src-renderer/engine/kernels/kernels.ts'
import { nodePlatform, realGpu } from './engine-platform.ts'

/** As many threads as asked for, also where there are fewer cores. */
const platform = { ...nodePlatform, cores: 16 }

export const openComposed = async (): Promise<Kernels> => (await openDevice('cpu', platform)).kernels

export const openSimd = (threads: number): Promise<OpenDevice> => openDevice('wasm', platform, { threads })

/** The CPU kernels of a runtime without relaxed SIMD: no fused multiply-add. */
export const openPlain = (threads = 1): Promise<OpenDevice> =>
  openDevice('wasm', { ...platform, simdModule: withoutRelaxed }, { threads })

const withoutRelaxed: typeof platform.simdModule = async build =>
  build.startsWith('relaxed') ? new Uint8Array() : platform.simdModule(build)

/**
 * TF.js's operations in plain JavaScript, and the CPU kernels on one thread and on three. With ANDROMEDA_TEST_GPU set also
 * TF.js's on this machine's GPU, whichever Dawn finds.
 */
export const kernelSets: { name: string; open: () => Promise<OpenDevice> }[] = [
  { name: 'composed', open: () => openDevice('cpu', platform) },
  { name: 'simd, 1 thread', open: () => openSimd(1) },
  { name: 'simd, 3 threads', open: () => openSimd(3) },
  ...(realGpu
    ? [{ name: 'composed on webgpu', open: () => openDevice('webgpu', { ...platform, gpu: realGpu }) }]
    : []),
]
