// What a further thread of the kernels does: its own instance of the module over the shared memory, which takes chunks
// until it is told to stop. The hosts start it in their kind of worker.
import { DEATH, DONE, FAILED } from './memory-map.ts'
import { instantiateSimd } from './simd-module.ts'

/** How a thread is started: 1, 2 … ; the launching thread is 0. */
export interface ThreadStart {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly thread: number
}

export interface KernelThread {
  terminate(): void
}

/** @param serving called when the thread is ready; after that it listens to nobody until `stop` */
export async function serveThread({ module, memory, thread }: ThreadStart, serving: () => void) {
  const { serve } = await instantiateSimd(module, memory)
  serving()
  try {
    serve(thread)
  } catch (error) {
    // The launching thread waits for DONE: a changed value ends its wait, and it finds the flag.
    const words = new Int32Array(memory.buffer)
    Atomics.store(words, FAILED / 4, 1)
    Atomics.add(words, DONE / 4, DEATH)
    Atomics.notify(words, DONE / 4)
    throw error
  }
}
