// What Node gives the engine: WebGPU from Dawn where it is safe, and TF.js's WASM files from node_modules.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { EnginePlatform, WasmFile } from '../../src-renderer/engine/device.ts'
import { lazyDawn } from './dawn.ts'

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

export const nodePlatform: EnginePlatform = {
  gpu: lazyDawn,
  runtime: `Node ${process.versions.node}`,
  wasmUrls,
}
