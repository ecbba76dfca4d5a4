// What a step costs beside time: kernel launches and the bytes they bind.
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'

export interface Launches {
  readonly dispatches: number | null
  /** Of all arrays bound, each launch counted. */
  readonly boundBytes: number | null
}

/** Runs a step with TF.js's launch function counted; nothing to count on other backends than webgpu. */
export async function countLaunches(step: () => Promise<unknown>): Promise<Launches> {
  if (tf.getBackend() !== 'webgpu') {
    await step()
    return { dispatches: null, boundBytes: null }
  }
  const backend = tf.backend() as WebGPUBackend
  const launch = backend.runWebGPUProgram
  let dispatches = 0
  let boundBytes = 0
  backend.runWebGPUProgram = function (...args) {
    const out = launch.apply(this, args)
    dispatches++
    for (const { shape } of [...args[1], out]) boundBytes += 4 * shape.reduce((a, b) => a * b, 1)
    return out
  }
  try {
    await step()
  } finally {
    backend.runWebGPUProgram = launch
  }
  return { dispatches, boundBytes }
}
