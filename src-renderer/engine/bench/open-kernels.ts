// Every kernel set that a backend has, opened side by side. TF.js has one instance of a backend, which `composed` and
// `stock` share; SIMD kernels have a memory and threads of their own and can be there several times.
import { type EnginePlatform, type OpenDevice, openDevice } from '../device.ts'
import type { BenchSubject } from './run-bench.ts'

/**
 * @param device already open on the backend; it stays open
 * @param threads of the SIMD kernels; absent: as many as cores
 */
export async function openKernels(
  device: OpenDevice,
  platform: EnginePlatform,
  threads?: number,
): Promise<BenchSubject> {
  const { backend, kernels } = device.info
  if (backend !== 'wasm') return { device, opened: [device], close: () => {} }
  const mine: OpenDevice[] = []
  const open = async (options: { kernels: 'composed' | 'simd'; threads?: number | undefined }) => {
    const opened = await openDevice(backend, platform, options)
    mine.push(opened)
    return opened
  }
  const close = () => {
    for (const one of mine) one.close()
  }
  try {
    const composed = kernels === 'composed' ? device : await open({ kernels: 'composed' })
    const all = kernels === 'simd' && !threads ? device : await open({ kernels: 'simd', threads })
    const simd = all.info.threads > 1 ? [await open({ kernels: 'simd', threads: 1 }), all] : [all]
    // Without WASM SIMD the device has only what `composed` stands for.
    return { device, opened: [composed, ...simd.filter(one => one.info.kernels === 'simd')], close }
  } catch (error) {
    close()
    throw error
  }
}
