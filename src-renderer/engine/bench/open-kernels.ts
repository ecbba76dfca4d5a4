// Every kernel set that a backend has, opened side by side. TF.js has one instance of a backend, which `composed` and
// `stock` share; SIMD kernels have a memory and threads of their own and can be there several times.
import * as tf from '@tensorflow/tfjs-core'
import { type EnginePlatform, type OpenDevice, openDevice } from '../device.ts'
import { forgetConstants } from '../kernels/composed-arrays.ts'
import type { BenchSubject } from './run-bench.ts'

/**
 * Nothing but a device of composed kernels is measured itself: a bench takes memory, and WASM never gives any back.
 * @param device already open on the backend; it stays open
 * @param threads of the SIMD kernels; absent: as many as cores
 */
export async function openKernels(
  device: OpenDevice,
  platform: EnginePlatform,
  threads?: number,
): Promise<BenchSubject> {
  const { backend, kernels } = device.info
  if (backend !== 'wasm') return { device, opened: [device], close: async () => {} }
  const mine: OpenDevice[] = []
  const open = async (options: { kernels: 'composed' | 'simd'; threads?: number | undefined }) => {
    const opened = await openDevice(backend, platform, options)
    mine.push(opened)
    return opened
  }
  const close = async () => {
    for (const one of mine) one.close()
    if (kernels !== 'composed') await emptyTfjs()
  }
  try {
    if (kernels !== 'composed') await emptyTfjs()
    const composed = kernels === 'composed' ? device : await open({ kernels: 'composed' })
    const all = await open({ kernels: 'simd', threads })
    const simd = all.info.threads > 1 ? [await open({ kernels: 'simd', threads: 1 }), all] : [all]
    // Without WASM SIMD the device has only what `composed` stands for.
    return { device, opened: [composed, ...simd.filter(one => one.info.kernels === 'simd')], close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Puts a new WASM backend, with an empty heap, in the place of TF.js's. Arrays on the former one are lost. */
async function emptyTfjs(): Promise<void> {
  forgetConstants()
  const factory = tf.findBackendFactory('wasm')
  tf.removeBackend('wasm')
  tf.registerBackend('wasm', factory)
  // TF.js's kernels hold on to the old heap until they are set up for the new one.
  await tf.setBackend('wasm')
}
