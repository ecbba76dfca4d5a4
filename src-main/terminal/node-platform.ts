// What Node gives the engine: WebGPU from Dawn where it is safe, TF.js's WASM files from node_modules, our own from
// out/kernels, and threads.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { enableProdMode } from '@tensorflow/tfjs-core'
import type { EnginePlatform, WasmFile } from '../../src-renderer/engine/device.ts'
import type { KernelThread, ThreadStart } from '../../src-renderer/engine/kernels/simd/thread.ts'
import { workerUrl } from '../core/jobs/worker.ts'
import { lazyDawn } from './dawn.ts'

// Under Node its CPU backend would advertise another package on the terminal.
enableProdMode()

const wasmFiles: readonly WasmFile[] = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
]

/** Name → `data:` address: TF.js fetches what it loads, and Node's fetch opens no files. */
async function wasmUrls(): Promise<Record<WasmFile, string>> {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  const entries = wasmFiles.map(async file => {
    const bytes = await readFile(join(folder, file))
    return [file, `data:application/wasm;base64,${bytes.toString('base64')}`] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as Record<WasmFile, string>
}

/** Beside the bundle (out/main), or from the sources. */
const kernelsFolder = new URL(
  import.meta.url.endsWith('.ts') ? '../../out/kernels/' : '../kernels/',
  import.meta.url,
)

function startThread(start: ThreadStart): Promise<KernelThread> {
  const url = workerUrl('kernel-thread', new URL('./kernel-thread.ts', import.meta.url))
  const worker = new Worker(url, { workerData: start })
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', () => {
      worker.off('error', reject)
      // Its death reaches the launching thread through the shared memory; here it is only told.
      worker.on('error', error =>
        process.stderr.write(`A kernel thread failed: ${error.stack ?? error.message}\n`),
      )
      worker.unref()
      resolve({ terminate: () => void worker.terminate() })
    })
  })
}

export const nodePlatform: EnginePlatform = {
  gpu: lazyDawn,
  runtime: `Node ${process.versions.node}`,
  wasmUrls,
  cores: availableParallelism(),
  simdModule: build => readFile(new URL(`${build}.wasm`, kernelsFolder)),
  startThread,
}
