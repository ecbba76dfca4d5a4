// The engine in a Node worker: WebGPU from Dawn where it is safe, else TF.js's WASM from node_modules.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { serveEngine } from '../../src-renderer/engine/engine.ts'
import { portTransport } from '../../src-shared/contract/transports.ts'
import { lazyDawn } from './dawn.ts'

const wasmFiles = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
]

/** Name → `data:` address: TF.js fetches what it loads, and Node's fetch opens no files. */
async function wasmUrls(): Promise<Record<string, string>> {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  const entries = wasmFiles.map(async file => {
    const bytes = await readFile(join(folder, file))
    return [file, `data:application/wasm;base64,${bytes.toString('base64')}`]
  })
  return Object.fromEntries(await Promise.all(entries))
}

const { port } = workerData as { port: MessagePort }
serveEngine(portTransport(port), {
  gpu: lazyDawn as GPU,
  runtime: `Node ${process.versions.node}`,
  wasmUrls,
})
parentPort!.postMessage('serving')
