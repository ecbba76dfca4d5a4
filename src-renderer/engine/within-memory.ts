// Memory that a GPU refuses. A refused buffer is invalid, whatever is computed with it a validation error, and TF.js keeps
// freed buffers for arrays of the same size: none of it may outlive who asked for too much.
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { LabError } from '../../src-shared/contract/errors.ts'

/** What is used of TF.js's BufferManager, which declares it private. */
interface BufferPool {
  readonly freeBuffers: Map<string, GPUBuffer[]>
  numFreeBuffers: number
  numBytesAllocated: number
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void
}

/**
 * Runs `act` so that memory that the device cannot give is an error of `act`, LabError `no-space`, and not the end of the
 * device.
 */
export type WithinMemory = (act: () => Promise<void>) => Promise<void>

/** @param lose is told of any other error of the device: what it computed is worthless then */
export function withinMemoryOf(
  device: GPUDevice,
  backend: WebGPUBackend,
  lose: (message: string) => void,
): WithinMemory {
  const pool = backend.bufferManager as unknown as BufferPool
  const suspects = new WeakSet<GPUBuffer>()
  let made: GPUBuffer[] | undefined
  const create = device.createBuffer.bind(device)
  device.createBuffer = descriptor => {
    const buffer = create(descriptor)
    made?.push(buffer)
    return buffer
  }
  const release = pool.releaseBuffer.bind(pool)
  pool.releaseBuffer = (buffer, reuse = true) => release(buffer, reuse && !suspects.has(buffer))

  return async act => {
    // What others have done so far is no part of it, and what they have freed is room.
    submit(backend)
    emptyPool(pool)
    // Dawn gives destroyed buffers to the driver when what was submitted after them is done.
    submit(backend)
    await device.queue.onSubmittedWorkDone()
    made = []
    device.pushErrorScope('validation')
    device.pushErrorScope('out-of-memory')
    const [acted] = await Promise.allSettled([act()])
    submit(backend)
    const [refused, invalid] = await Promise.all([device.popErrorScope(), device.popErrorScope()])
    const failure: unknown = acted.status === 'rejected' ? acted.reason : undefined
    const mine = made
    made = undefined
    // A buffer that is to be filled at once is refused by a RangeError.
    if (refused || failure instanceof RangeError) {
      for (const buffer of mine) suspects.add(buffer)
      emptyPool(pool)
      throw new LabError(
        {
          code: 'no-space',
          what: 'the GPU has no memory left for this',
          got: refused?.message ?? messageOf(failure),
          fix: 'close what else uses the GPU, or use a smaller model',
        },
        { cause: failure },
      )
    }
    if (invalid) lose(invalid.message)
    if (failure !== undefined) throw failure
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function submit(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  backend.submitQueue()
}

/** Gives freed buffers back to the driver. */
function emptyPool(pool: BufferPool): void {
  for (const buffers of pool.freeBuffers.values())
    for (const buffer of buffers.splice(0)) {
      buffer.destroy()
      pool.numFreeBuffers--
      pool.numBytesAllocated -= buffer.size
    }
}
