// The compiled WASM module: which of its four builds this machine runs, and what it exports.

export type SimdBuild = 'relaxed-shared' | 'relaxed' | 'plain-shared' | 'plain'

export interface SimdExports {
  /** Runs all chunks on this thread alone. */
  launchAlone(kernel: number, chunks: number): void
  /** Runs all chunks on all threads. @returns 1 when one of them has died */
  launch(kernel: number, chunks: number): number
  /** What the other threads do until `stop`. */
  serve(thread: number): void
  stop(): void
  /** Once per memory, before anything else. */
  defineConstants(): void
  exp(x: number): number
  sigmoid(x: number): number
  log(x: number): number
  isFused(): number
}

export interface SimdModule {
  readonly build: SimdBuild
  readonly module: WebAssembly.Module
}

/**
 * The best build that this runtime compiles: relaxed SIMD (fused multiply-add) before plain; null without any SIMD.
 * @param shared whether several threads are to share its memory
 * @param bytesOf the module of a build
 */
export async function compileSimd(
  shared: boolean,
  bytesOf: (build: SimdBuild) => Promise<BufferSource>,
): Promise<SimdModule | null> {
  const builds: SimdBuild[] = shared ? ['relaxed-shared', 'plain-shared'] : ['relaxed', 'plain']
  for (const build of builds) {
    const bytes = await bytesOf(build)
    if (WebAssembly.validate(bytes)) return { build, module: await WebAssembly.compile(bytes) }
  }
  return null
}

/** 4 GiB, all that 32 bits address. Only address space until it is used. */
const MAX_PAGES = 65_536
const FIRST_PAGES = 256

export const createMemory = (shared: boolean): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MAX_PAGES, shared })

export async function instantiateSimd(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<SimdExports> {
  const instance = await WebAssembly.instantiate(module, { env: { memory } })
  return instance.exports as unknown as SimdExports
}
