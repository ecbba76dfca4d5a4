// Launches kernels: puts their arguments into the shared memory and lets the threads take the chunks.
import { LabError } from '../../../../src-shared/contract/errors.ts'
import { FLOATS, INTEGERS, MAX_THREADS } from './memory-map.ts'
import { createMemory, instantiateSimd, type SimdExports, type SimdModule } from './simd-module.ts'
import type { KernelThread, ThreadStart } from './thread.ts'

export class ThreadPool {
  readonly memory: WebAssembly.Memory
  /** All of them, the launching one included. */
  readonly threads: number
  /** Whether a multiply-add is rounded once: part of the fingerprint. */
  readonly fused: boolean
  /** Settles when a kernel or a thread has failed: what is in memory is then worthless. */
  readonly lost: Promise<string>
  /** Milliseconds spent in kernels; null = nobody wants to know, and no clock is read. */
  kernelMs: number | null = null
  readonly #exports: SimdExports
  readonly #others: readonly KernelThread[]
  #fail: (reason: string) => void = () => {}
  /** What failed first: nothing runs after it. */
  #failure: unknown
  #integers: Uint32Array
  #floats: Float32Array

  private constructor(memory: WebAssembly.Memory, exports: SimdExports, others: readonly KernelThread[]) {
    this.memory = memory
    this.threads = others.length + 1
    this.fused = exports.isFused() === 1
    this.lost = new Promise(resolve => {
      this.#fail = resolve
    })
    this.#exports = exports
    this.#others = others
    // The first pages stay where they are when the memory grows, but a memory of one thread gets a new buffer.
    this.#integers = new Uint32Array(memory.buffer, INTEGERS)
    this.#floats = new Float32Array(memory.buffer, FLOATS)
  }

  /**
   * @param threads wanted; more than 1 need a module with shared memory
   * @throws what a thread that does not start rejects with; the others are ended
   */
  static async start(
    { module, build }: SimdModule,
    threads: number,
    startThread: (start: ThreadStart) => Promise<KernelThread>,
  ): Promise<ThreadPool> {
    const shared = build.endsWith('-shared')
    const memory = createMemory(shared)
    const exports = await instantiateSimd(module, memory)
    exports.defineConstants()
    const count = shared ? Math.min(threads, MAX_THREADS) : 1
    const started = await Promise.allSettled(
      Array.from({ length: count - 1 }, (_, i) => startThread({ module, memory, thread: i + 1 })),
    )
    const others = started.flatMap(thread => (thread.status === 'fulfilled' ? [thread.value] : []))
    const pool = new ThreadPool(memory, exports, others)
    const failed = started.find(thread => thread.status === 'rejected')
    if (!failed) return pool
    pool.stop()
    throw failed.reason
  }

  /**
   * Runs all chunks of a kernel; its arguments are listed where it is defined (assembly/).
   * @param integers sizes and addresses  @param floats
   * @throws LabError `engine-lost` when a thread has died, WebAssembly.RuntimeError when the kernel traps; the same ever after
   */
  run(kernel: number, chunks: number, integers: readonly number[], floats: readonly number[] = []): void {
    if (this.#failure) throw this.#failure
    if (this.#integers.buffer !== this.memory.buffer) {
      this.#integers = new Uint32Array(this.memory.buffer, INTEGERS)
      this.#floats = new Float32Array(this.memory.buffer, FLOATS)
    }
    this.#integers.set(integers)
    this.#floats.set(floats)
    const start = this.kernelMs === null ? 0 : performance.now()
    try {
      if (this.threads === 1 || chunks === 1) this.#exports.launchAlone(kernel, chunks)
      else if (this.#exports.launch(kernel, chunks) !== 0)
        throw new LabError({
          code: 'engine-lost',
          what: 'a thread of the CPU kernels has died',
          fix: 'the engine is started again; the run goes on from its last checkpoint',
        })
    } catch (error) {
      this.#failure = error
      this.#fail(`the CPU kernels failed: ${error instanceof Error ? error.message : String(error)}`)
      throw error
    }
    if (this.kernelMs !== null) this.kernelMs += performance.now() - start
  }

  /** Ends the other threads. */
  stop(): void {
    this.#exports.stop()
    for (const thread of this.#others) thread.terminate()
  }
}
